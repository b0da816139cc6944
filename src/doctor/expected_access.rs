//! The expected-access file, which a broken deployment would run without.

use super::app::App;
use super::report::Report;
use super::settings::AppSettings;
use crate::expected::ExpectedAccess;

/// Checks the file that `EXPECTED_ACCESS` names.
pub(super) fn check(app: &mut App, settings: &AppSettings<'_>, report: &mut Report) {
    let Some(path) = settings.value("EXPECTED_ACCESS") else { return };
    let path = path.trim();
    if app.is_package() && path.starts_with('/') {
        report.note("EXPECTED_ACCESS names a file outside of the package, so it was not examined");
        return;
    }
    match app.text(path.strip_prefix("./").unwrap_or(path)) {
        Ok(Some(text)) => match ExpectedAccess::parse(&text) {
            Ok(_) => report.ok("the expected-access file is usable"),
            Err(fault) => {
                report.fault("the expected-access file is not usable, and nothing would be expected", fault.to_string())
            }
        },
        Ok(None) => report.fault(
            "the file that EXPECTED_ACCESS names is missing, and nothing would be expected",
            "put it into the app (scripts/package --expected FILE), or unset EXPECTED_ACCESS",
        ),
        Err(error) => report.fault("the file that EXPECTED_ACCESS names cannot be read", error.to_string()),
    }
}
