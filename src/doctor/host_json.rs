//! `host.json`: what the host starts, and with what.

use serde_json::Value;

use super::app::App;
use super::report::Report;
use super::settings::AppSettings;

/// `host.json`, with the settings that stand above it.
pub(super) struct HostJson {
    json: Value,
    overrides: Vec<(&'static [&'static str], String)>,
}

/// The path of the executable in host.json.
const EXECUTABLE: &[&str] = &["customHandler", "description", "defaultExecutablePath"];
/// The largest batch, in events.
pub(super) const MAX_BATCH: &[&str] = &["extensions", "eventHubs", "maxEventBatchSize"];

impl HostJson {
    /// Reads the file and checks what does not depend on other files.
    pub(super) fn read(app: &mut App, settings: &AppSettings<'_>, report: &mut Report) -> Option<Self> {
        let json = read_json(app, "host.json", "copy host.json from the repository to the app's root", report)?;
        let overrides = [EXECUTABLE, MAX_BATCH].into_iter().filter_map(|path| {
            // The host reads `AzureFunctionsJobHost__a__b` above host.json's `a.b`.
            Some((path, settings.value(&format!("AzureFunctionsJobHost__{}", path.join("__")))?))
        });
        let host = Self { overrides: overrides.collect(), json };
        let faults = report.faults();
        if host.text(&["version"]).as_deref() != Some("2.0") {
            report.fault("host.json does not say version 2.0", r#"set "version": "2.0""#);
        }
        if host.at(&["extensionBundle"]).is_none() {
            report.fault(
                "host.json names no extensionBundle, so the host knows neither event hubs nor queues",
                "take the extensionBundle of the repository's host.json",
            );
        }
        host.check_arguments(report);
        if host.text(&["customHandler", "description", "workingDirectory"]).is_some_and(|folder| !folder.is_empty()) {
            report.note("host.json sets a workingDirectory: EXPECTED_ACCESS is looked for below it");
        }
        if report.faults() == faults {
            report.ok("host.json starts the handler with the argument serve");
        }
        Some(host)
    }

    fn check_arguments(&self, report: &mut Report) {
        let arguments = self.at(&["customHandler", "description", "arguments"]).and_then(Value::as_array);
        let arguments: Vec<_> = arguments.into_iter().flatten().filter_map(Value::as_str).collect();
        if arguments != ["serve"] {
            report.fault("host.json does not start the handler with serve", r#"set "arguments": ["serve"]"#);
        }
    }

    /// The executable's path as the host uses it.
    pub(super) fn executable(&self) -> Option<String> {
        self.text(EXECUTABLE).filter(|path| !path.is_empty())
    }

    /// A text or number as text; a setting that stands above it counts first.
    pub(super) fn text(&self, path: &[&str]) -> Option<String> {
        if let Some((_, value)) = self.overrides.iter().find(|(known, _)| *known == path) {
            return Some(value.clone());
        }
        match self.at(path)? {
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        }
    }

    /// A value; the host compares names without their case.
    fn at(&self, path: &[&str]) -> Option<&Value> {
        path.iter().try_fold(&self.json, |value, name| get(value, name))
    }
}

/// A member of an object by its name in any case, as the host finds it.
pub(super) fn get<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
    let object = value.as_object()?;
    object.get(name).or_else(|| object.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value))
}

/// Reads a JSON file of the app. Only the place of a fault is told: serde's own words quote the text.
pub(super) fn read_json(app: &mut App, name: &str, if_missing: &str, report: &mut Report) -> Option<Value> {
    match app.text(name) {
        Ok(Some(text)) => serde_json::from_str(&text)
            .map_err(|error| {
                let (line, column) = (error.line(), error.column());
                report.fault(format!("{name} is not JSON"), format!("mend line {line} column {column}"));
            })
            .ok(),
        Ok(None) => {
            report.fault(format!("{name} is missing"), if_missing);
            None
        }
        Err(error) => {
            report.fault(format!("{name} cannot be read"), error.to_string());
            None
        }
    }
}
