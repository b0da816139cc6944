//! The expected-access file, which a broken deployment would run without.

use super::app::App;
use super::report::Report;
use super::settings::AppSettings;
use crate::config::unusable;
use crate::expected::{ExpectedAccess, ExpectedAccessError};

/// Checks the file that `EXPECTED_ACCESS` names, as seen from the folder that the handler is started in.
pub(super) fn check(app: &mut App, settings: &AppSettings<'_>, folder: &str, report: &mut Report) {
    // What is unusable at all was told with the other settings.
    let Some(path) = settings.value("EXPECTED_ACCESS").filter(|path| unusable(path).is_none()) else { return };
    let Some(name) = app.locate(folder, path.trim()) else {
        report.note("EXPECTED_ACCESS names a file outside of the package, so it was not examined");
        return;
    };
    match app.text(&name) {
        Ok(Some(text)) => check_text(&text, report),
        Ok(None) => report.fault(
            "the file that EXPECTED_ACCESS names is missing, and nothing would be expected",
            "put it into the app (scripts/package --expected FILE), or unset EXPECTED_ACCESS",
        ),
        Err(trouble) => report.fault(format!("the file of EXPECTED_ACCESS {}", trouble.what()), trouble.mend()),
    }
}

fn check_text(text: &str, report: &mut Report) {
    let unusable = "the expected-access file is not usable, and nothing would be expected";
    match ExpectedAccess::parse(text) {
        Ok(_) => report.ok("the expected-access file is usable"),
        Err(fault @ (ExpectedAccessError::Value { .. } | ExpectedAccessError::TooLong)) => {
            report.fault(unusable, fault.to_string())
        }
        // The parser knows the place, and not what was meant.
        Err(ExpectedAccessError::Yaml(place)) => {
            report.fault(format!("{unusable} ({place})"), "write it as docs/expected-access.yml shows");
        }
    }
}
