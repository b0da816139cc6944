//! The application settings: the environment, and in a folder `local.settings.json` for what is not there.

mod connections;
mod handler;
mod learning;
mod sigma;

use serde_json::Value;

use super::Report;
use super::app::App;
use super::form::is_name;
use super::json::{get, read_object, scalar};
use crate::config::unusable;
pub(super) use connections::{EVENT_HUB, STORAGE};
pub(super) use handler::{check, check_expected_access, check_sight};
pub(super) use learning::check_learning;
pub(super) use sigma::check_sigma;

/// Where Core Tools reads settings from.
const LOCAL_FILE: &str = "local.settings.json";
/// Settings that every app has, to find out whether its settings are here at all.
const SIGNS: [&str; 4] = ["EVENT_HUB_NAME", "EVENT_HUB_CONSUMER_GROUP", "EventHubConnection", "AzureWebJobsStorage"];

/// The settings of an app.
pub(super) struct AppSettings<'e> {
    environment: &'e dyn Fn(&str) -> Option<String>,
    local: Vec<(String, String)>,
    /// Whether there is a file for Core Tools.
    pub(super) has_local_file: bool,
    /// Whether the app's settings are known: a package has none of its own, and an encrypted file hides them.
    pub(super) are_here: bool,
}

impl<'e> AppSettings<'e> {
    pub(super) fn read(app: &mut App, environment: &'e dyn Fn(&str) -> Option<String>, report: &mut Report) -> Self {
        let (has_local_file, is_package) = (!matches!(app.text(LOCAL_FILE), Ok(None)), app.is_package());
        let local = if has_local_file && !is_package { read_local(app, report) } else { None };
        let mut settings =
            Self { environment, are_here: local.is_some(), local: local.unwrap_or_default(), has_local_file };
        settings.are_here |= SIGNS.iter().any(|name| settings.host_value(name).is_some());
        if is_package && has_local_file {
            report.note("local.settings.json is in the package: Azure does not read it, and it may hold secrets");
        }
        if is_package && !settings.are_here {
            report.note(
                "a package holds no settings, and the environment has none of the host's: settings that are missing were \
                 not looked for",
            );
        } else if !has_local_file && !settings.are_here {
            report.fault(
                "there is no local.settings.json, and the environment has none of the host's settings: copy the file from the \
                 repository, or set them",
            );
        }
        settings
    }

    /// Whether it is known which rules are on.
    pub(super) fn are_rules_known(&self) -> bool {
        self.are_here || self.has("RULES")
    }

    /// A setting as the handler reads it; empty means unset, and the environment overrides the file.
    pub(super) fn value(&self, name: &str) -> Option<String> {
        self.find(name, |key| key == name)
    }

    /// A setting as the host reads it: by its name in any case.
    pub(super) fn host_value(&self, name: &str) -> Option<String> {
        self.find(name, |key| key.eq_ignore_ascii_case(name))
    }

    fn find(&self, name: &str, is_meant: impl Fn(&str) -> bool) -> Option<String> {
        let local = || self.local.iter().find(|(key, _)| is_meant(key)).map(|(_, value)| value.clone());
        (self.environment)(name).or_else(local).filter(|value| !value.trim().is_empty())
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.value(name).is_some()
    }

    /// Whether a function is turned off. The host ignores names with double underscores.
    pub(super) fn is_off(&self, function: &str) -> bool {
        let names = [format!("AzureWebJobs.{function}.Disabled"), format!("AzureWebJobs_{function}_Disabled")];
        let value = names.iter().find_map(|name| self.host_value(name)).unwrap_or_default();
        matches!(value.trim().to_ascii_lowercase().as_str(), "true" | "1")
    }

    /// Checks a setting that a binding names.
    pub(super) fn require(&self, name: &str, report: &mut Report) {
        match self.host_value(name) {
            Some(value) => drop(check_usable(name, &value, report)),
            None if self.are_here => report.fault(format!(
                "the setting {name} is missing, which a binding names: set it, or name another setting in the binding"
            )),
            None => {}
        }
    }
}

/// Reports a value that is unusable for any purpose, such as a Key Vault reference that did not resolve; returns whether
/// it is usable.
fn check_usable(name: &str, value: &str, report: &mut Report) -> bool {
    let fault = unusable(name, value);
    if let Some(fault) = &fault {
        report.fault(fault);
    }
    fault.is_none()
}

/// The values that Core Tools hands to the host; `None` if they cannot be known.
fn read_local(app: &mut App, report: &mut Report) -> Option<Vec<(String, String)>> {
    let json = read_object(app, LOCAL_FILE, "copy it from the repository", report)?;
    if get(&json, "IsEncrypted").and_then(Value::as_bool) == Some(true) {
        report.note(
            "local.settings.json is encrypted, so its settings were not examined; func settings decrypt opens it",
        );
        return None;
    }
    let mut values = Vec::new();
    for (name, value) in get(&json, "Values").and_then(Value::as_object).into_iter().flatten() {
        match scalar(value) {
            Some(value) => values.push((name.clone(), value)),
            None if value.is_null() => {}
            None => {
                let name = if is_name(name) { name } else { "with an unusable name" };
                report.fault(format!(
                    "the setting {name} in local.settings.json is neither text nor number: write its value in quotes"
                ));
            }
        }
    }
    Some(values)
}
