//! `host.json`, with the settings that stand above it.

mod bundle;
mod logging;
mod start;

use serde_json::Value;

use super::app::App;
use super::json_file::{self, get, read_json};
use super::report::Report;
use super::settings::AppSettings;

/// `host.json`, with the settings that stand above it.
pub(super) struct HostJson<'s> {
    json: Value,
    settings: &'s AppSettings<'s>,
}

/// Checks what does not depend on other files.
pub(super) fn check(host: &HostJson<'_>, report: &mut Report) {
    let faults = report.faults();
    start::check(host, report);
    bundle::check(host, report);
    if report.faults() == faults {
        report.ok("host.json starts the handler with the argument serve, and both functions");
    }
    logging::check(host, report);
}

impl<'s> HostJson<'s> {
    /// Reads the file.
    pub(super) fn read(app: &mut App, settings: &'s AppSettings<'s>, report: &mut Report) -> Option<Self> {
        let copy = "copy host.json from the repository to the app's root";
        let json = read_json(app, "host.json", copy, report)?;
        if !json.is_object() {
            report.fault("host.json holds no object", copy);
            return None;
        }
        Some(Self { json, settings })
    }

    /// The executable's path as the host uses it.
    pub(super) fn executable(&self) -> Option<String> {
        self.text(&["customHandler", "description", "defaultExecutablePath"]).filter(|path| !path.is_empty())
    }

    /// The folder that the handler is started in, where it is not the app's root.
    pub(super) fn working_directory(&self) -> Option<String> {
        self.text(&["customHandler", "description", "workingDirectory"]).filter(|folder| !folder.is_empty())
    }

    /// A single value as text; a setting that stands above it counts first.
    pub(super) fn text(&self, path: &[&str]) -> Option<String> {
        // The host reads `AzureFunctionsJobHost__a__b` above host.json's `a.b`.
        let above = ["__", ":"].iter().find_map(|separator| {
            self.settings.host_value(&format!("AzureFunctionsJobHost{separator}{}", path.join(separator)))
        });
        above.or_else(|| json_file::text(self.at(path)?))
    }

    /// The elements of a list; settings replace or add them one by one. What is no single value is an empty one.
    fn list(&self, path: &[&str]) -> Vec<String> {
        let elements = self.at(path).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let mut list = Vec::new();
        loop {
            let index = list.len().to_string();
            let in_file = elements.get(list.len()).map(|element| json_file::text(element).unwrap_or_default());
            match self.text(&[path, &[index.as_str()]].concat()).or(in_file) {
                Some(element) => list.push(element),
                None => return list,
            }
        }
    }

    /// A value of the file; the host compares names without their case.
    fn at(&self, path: &[&str]) -> Option<&Value> {
        path.iter().try_fold(&self.json, |value, name| get(value, name)).filter(|value| !value.is_null())
    }
}
