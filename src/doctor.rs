//! `doctor`: an app folder or package and its settings, examined as the host would read them.
//!
//! One file a subject; each adds lines to a report. No line holds the value of a setting.

mod app;
mod body;
mod executable;
mod expected_access;
mod functions;
mod host_json;
mod json_file;
mod queues;
mod report;
mod rules;
mod settings;
mod timespan;

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
    #[error(
        "{name} is no usable zip, or it is cut off; name the folder that holds host.json, or make the package again \
         with scripts/package"
    )]
    Zip {
        /// The package, as it was named.
        name: String,
        /// Why, in the words of who reads zips.
        #[source]
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
    if app::check(&app, &mut report) {
        check(&mut app, environment, &mut report);
    }
    report.print(out)?;
    Ok(report.is_healthy())
}

fn check(app: &mut App, environment: &dyn Fn(&str) -> Option<String>, report: &mut Report) {
    let settings = AppSettings::read(app, environment, report);
    let host = HostJson::read(app, &settings, report);
    if let Some(host) = &host {
        host_json::check(host, report);
        executable::check(app, host, &settings, report);
        let functions = functions::check(app, &settings, report);
        body::check(host, functions.encoding, report);
        queues::check(host, report);
    }
    settings::check(&settings, report);
    let folder = host.and_then(|host| host.working_directory()).unwrap_or_default();
    expected_access::check(app, &settings, &folder, report);
    rules::check(&settings, report);
}
