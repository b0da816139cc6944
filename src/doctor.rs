//! `doctor`: an app folder or package and its settings, examined as the host would read them.
//!
//! One file a subject; each adds lines to a report. No line holds the value of a setting.

mod app;
mod executable;
mod expected_access;
mod functions;
mod host_json;
mod report;
mod rules;
mod settings;
mod storm;

use std::io::{self, Write};
use std::path::Path;

use app::App;
use host_json::HostJson;
use report::Report;
use settings::AppSettings;

/// Why an app could not be examined at all.
#[derive(Debug, thiserror::Error)]
pub enum DoctorError {
    /// The folder or package cannot be read.
    #[error("cannot read {name}: {error}; name the folder that holds host.json, or the zip that is deployed")]
    Unreadable {
        /// The folder or package, as it was named.
        name: String,
        /// Why.
        error: io::Error,
    },
    /// The package is no zip.
    #[error("{name} is no usable zip: {error}; make the package again with scripts/package")]
    Zip {
        /// The package, as it was named.
        name: String,
        /// Why.
        error: zip::result::ZipError,
    },
    /// Nobody reads the lines.
    #[error("cannot write: {0}")]
    Output(#[from] io::Error),
}

/// Examines an app and prints a line for each check; tells whether there was no fault.
///
/// # Errors
/// [`DoctorError`] where there is no app to examine.
pub fn examine(
    place: &Path,
    environment: &dyn Fn(&str) -> Option<String>,
    out: &mut dyn Write,
) -> Result<bool, DoctorError> {
    let mut report = Report::default();
    let mut app = App::open(place)?;
    let settings = AppSettings::read(&mut app, environment, &mut report);
    if let Some(host) = HostJson::read(&mut app, &settings, &mut report) {
        executable::check(&mut app, &host, &mut report);
        let functions = functions::check(&mut app, &settings, &mut report);
        storm::check(&host, functions.encoding, &mut report);
    }
    settings::check(&settings, &mut report);
    expected_access::check(&mut app, &settings, &mut report);
    rules::check(&settings, &mut report);
    report.print(out)?;
    Ok(report.is_healthy())
}
