//! The application settings: the environment, and in a folder `local.settings.json` for what is not there.

mod connections;
mod contradictions;
mod handler;
mod local_file;

use super::app::App;
use super::report::Report;
use crate::config::unusable;
pub(super) use connections::Service;
pub(super) use handler::check;

/// Settings that every app has, to tell whether its settings are here at all.
const SIGNS: &[&str] = &["EVENT_HUB_NAME", "EVENT_HUB_CONSUMER_GROUP", "EventHubConnection", "AzureWebJobsStorage"];

/// The settings of an app.
pub(super) struct AppSettings<'e> {
    environment: &'e dyn Fn(&str) -> Option<String>,
    local: Vec<(String, String)>,
    has_local_file: bool,
    are_here: bool,
}

impl<'e> AppSettings<'e> {
    /// Reads what there is.
    pub(super) fn read(
        app: &mut App,
        environment: &'e dyn Fn(&str) -> Option<String>,
        report: &mut Report,
    ) -> AppSettings<'e> {
        let has_local_file = !matches!(app.text(local_file::NAME), Ok(None));
        let is_package = app.is_package();
        let local = if has_local_file && !is_package { local_file::read(app, report) } else { None };
        let mut settings =
            Self { environment, are_here: local.is_some(), local: local.unwrap_or_default(), has_local_file };
        settings.are_here |= SIGNS.iter().any(|name| settings.is_begun(name));
        match (is_package, has_local_file) {
            (true, true) => {
                report.note("local.settings.json is in the package: Azure does not read it, and it may hold secrets");
            }
            (false, false) if !settings.are_here => report.fault(
                "there is no local.settings.json, and the environment has none of the host's settings",
                "copy the file from the repository, or set them",
            ),
            _ => {}
        }
        if is_package && !settings.are_here {
            report.note(
                "a package holds no settings, and the environment has none of the host's: \
                 what is missing among them was not looked for",
            );
        }
        settings
    }

    /// Whether the app's settings are known: a package has none of its own, and an encrypted file hides them.
    pub(super) fn are_here(&self) -> bool {
        self.are_here
    }

    /// Whether it is known which rules are on.
    pub(super) fn are_rules_known(&self) -> bool {
        self.are_here || self.has("RULES")
    }

    /// Whether there is a file for Core Tools.
    pub(super) fn has_local_file(&self) -> bool {
        self.has_local_file
    }

    /// A setting as the handler reads it; empty means unset, and the environment stands above the file.
    pub(super) fn value(&self, name: &str) -> Option<String> {
        self.find(name, |key| key == name)
    }

    /// A setting as the host reads it: in any case.
    pub(super) fn host_value(&self, name: &str) -> Option<String> {
        self.find(name, |key| key.eq_ignore_ascii_case(name))
    }

    fn find(&self, name: &str, is_meant: impl Fn(&str) -> bool) -> Option<String> {
        let local = || self.local.iter().find(|(key, _)| is_meant(key)).map(|(_, value)| value.clone());
        (self.environment)(name).or_else(local).filter(|value| !value.trim().is_empty())
    }

    /// Whether a setting is set.
    pub(super) fn has(&self, name: &str) -> bool {
        self.value(name).is_some()
    }

    /// Whether a function is turned off.
    pub(super) fn is_off(&self, function: &str) -> bool {
        // On Linux a setting's name has no full stops.
        let names = [format!("AzureWebJobs.{function}.Disabled"), format!("AzureWebJobs__{function}__Disabled")];
        let value = names.iter().find_map(|name| self.host_value(name)).unwrap_or_default();
        matches!(value.trim().to_ascii_lowercase().as_str(), "true" | "1")
    }

    /// A setting that a binding names, where it is usable.
    pub(super) fn require(&self, name: &str, report: &mut Report) -> Option<String> {
        let value = self.host_value(name);
        match &value {
            Some(value) if !check_reference(name, value, report) => return None,
            None if self.are_here => report.fault(
                format!("the setting {name} is missing, which a binding names"),
                "set it, or write the name of another setting into the binding",
            ),
            _ => {}
        }
        value
    }
}

/// Tells of a value that is unusable whatever it is meant for, such as a reference to a vault that did not resolve;
/// whether it is none.
fn check_reference(name: &str, value: &str, report: &mut Report) -> bool {
    let fault = unusable(value);
    if let Some(fault) = fault {
        tell(&format!("{name} {fault}"), report);
    }
    fault.is_none()
}

/// Adds a fault of the handler's own words, in which what is wrong and how to mend it are one sentence.
fn tell(sentence: &str, report: &mut Report) {
    if let Some((what, usable)) = sentence.split_once(": expected ") {
        report.fault(what, format!("set it to {usable}"));
    } else {
        let (what, mend) = sentence.split_once("; ").unwrap_or((sentence, "the README's table of settings says how"));
        report.fault(what, mend);
    }
}
