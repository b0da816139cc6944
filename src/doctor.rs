//! `doctor`: an app folder or package and its settings, examined as the host would read them.
//!
//! `table` says what is right in the documents; the other files check what no table can express. No line holds the value
//! of a setting.

mod app;
mod examined;
mod executable;
mod form;
mod functions;
mod json;
mod settings;
mod table;

use std::io::{self, Write};
use std::path::Path;

use app::App;
use examined::Examined;
use settings::AppSettings;

use crate::config::Settings;
use crate::hidden::sanitized;

/// Why an app could not be examined.
#[derive(Debug, thiserror::Error)]
pub enum DoctorError {
    /// The folder or package cannot be read.
    #[error("cannot read {0}: {1}; name the folder that holds host.json, or the zip that is deployed")]
    Unreadable(String, io::Error),
    /// The package is not a zip.
    #[error(
        "{0} is no usable zip, or it is cut off; name the folder that holds host.json, or make the package again with \
         scripts/package"
    )]
    Zip(String, #[source] zip::result::ZipError),
    /// Nobody reads the lines.
    #[error("cannot write: {0}")]
    Output(#[from] io::Error),
}

/// Examines an app and prints a line for each check; returns whether there was no fault.
///
/// # Errors
/// [`DoctorError`] if there is no app to examine.
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
    report.lines.iter().try_for_each(|line| writeln!(out, "{line}"))?;
    Ok(report.faults == 0)
}

fn check(app: &mut App, environment: &dyn Fn(&str) -> Option<String>, report: &mut Report) {
    let settings = AppSettings::read(app, environment, report);
    let (read, unusable) = match Settings::read(&|name| settings.value(name)) {
        Ok(read) => (Some(read), None),
        Err(faults) => (None, Some(faults)),
    };
    let mut examined = Examined { documents: Vec::new(), settings, read };
    if let Some(host) =
        json::read_object(app, "host.json", "copy host.json from the repository to the app's root", report)
    {
        examined.documents.push(("host.json", host));
        table::START.run(&examined, true, report);
        table::LOGS.run(&examined, true, report);
        executable::check(app, &examined, report);
        functions::check(app, &mut examined, report);
        table::BATCHES.run(&examined, true, report);
        table::QUEUES.run(&examined, true, report);
    }
    settings::check(&examined, unusable, report);
    settings::check_expected_access(app, &examined, report);
    settings::check_learning(app, &examined, report);
    settings::check_sigma(app, &examined, report);
    settings::check_sight(&examined, report);
}

/// What was found out, in order.
#[derive(Debug, Default)]
struct Report {
    lines: Vec<String>,
    /// How many faults there are so far: a check says `ok` if it added none.
    faults: usize,
}

impl Report {
    /// Something is as it should be.
    fn ok(&mut self, what: impl AsRef<str>) {
        self.line("ok     ", what.as_ref());
    }

    /// Something will go wrong; the words end with how to fix it.
    fn fault(&mut self, what: impl AsRef<str>) {
        self.faults += 1;
        self.line("FAULT  ", what.as_ref());
    }

    /// Something works, and is good to know.
    fn note(&mut self, what: impl AsRef<str>) {
        self.line("note   ", what.as_ref());
    }

    fn line(&mut self, label: &str, what: &str) {
        let line = sanitized(&format!("{label}{what}"));
        // Several bindings may name one setting.
        if !self.lines.contains(&line) {
            self.lines.push(line);
        }
    }
}
