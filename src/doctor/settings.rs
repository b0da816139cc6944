//! The application settings: the environment, and in a folder `local.settings.json` for what is not there.

use serde_json::Value;

use super::app::App;
use super::host_json::{get, read_json};
use super::report::Report;
use crate::blob_windows::Account;
use crate::config::{DedupStore, Settings};
use crate::rules::certificate_dump;

/// Where Core Tools reads settings from.
const LOCAL_SETTINGS: &str = "local.settings.json";
/// Settings that every app has, to tell whether its settings are here at all.
const SIGNS: &[&str] = &["EVENT_HUB_NAME", "EVENT_HUB_CONSUMER_GROUP", "EventHubConnection", "AzureWebJobsStorage"];
/// What a reference to a vault begins with as long as the platform has not replaced it.
const REFERENCE: &str = "@Microsoft.KeyVault(";

/// The settings of an app.
pub(super) struct AppSettings<'e> {
    environment: &'e dyn Fn(&str) -> Option<String>,
    local: Vec<(String, String)>,
    /// Whether the app's settings are here: a package has none of its own.
    are_here: bool,
}

impl<'e> AppSettings<'e> {
    /// Reads what there is.
    pub(super) fn read(
        app: &mut App,
        environment: &'e dyn Fn(&str) -> Option<String>,
        report: &mut Report,
    ) -> AppSettings<'e> {
        let is_package = app.is_package();
        let local = if matches!(app.text(LOCAL_SETTINGS), Ok(None)) { None } else { read_local(app, report) };
        let mut settings = Self { environment, local: local.unwrap_or_default(), are_here: true };
        if is_package && !settings.local.is_empty() {
            report.note("local.settings.json is in the package: Azure does not read it, and it may hold secrets");
            settings.local.clear();
        }
        settings.are_here = !is_package || SIGNS.iter().any(|name| settings.connects(name));
        if !settings.are_here {
            report.note(
                "a package holds no settings, and the environment has none of the host's: \
                 what is missing among them was not looked for",
            );
        }
        settings
    }

    /// A setting; empty means unset, and the environment stands above the file.
    pub(super) fn value(&self, name: &str) -> Option<String> {
        let local = || self.local.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
        (self.environment)(name).or_else(local).filter(|value| !value.trim().is_empty())
    }

    /// Whether a setting is set.
    pub(super) fn has(&self, name: &str) -> bool {
        self.value(name).is_some()
    }

    /// Whether a connection is set, as one string or in parts for a managed identity.
    fn connects(&self, name: &str) -> bool {
        let parts = ["accountName", "blobServiceUri", "queueServiceUri", "fullyQualifiedNamespace"];
        self.has(name) || parts.iter().any(|part| self.has(&format!("{name}__{part}")))
    }

    /// Whether a function is turned off.
    pub(super) fn is_off(&self, function: &str) -> bool {
        // On Linux a setting's name has no full stops.
        let names = [format!("AzureWebJobs.{function}.Disabled"), format!("AzureWebJobs__{function}__Disabled")];
        let value = names.iter().find_map(|name| self.value(name)).unwrap_or_default();
        matches!(value.trim().to_ascii_lowercase().as_str(), "true" | "1")
    }

    /// A setting that a binding names.
    pub(super) fn require(&self, name: &str, report: &mut Report) {
        match self.value(name) {
            Some(value) => check_reference(name, &value, report),
            None if self.are_here => {
                report.fault(format!("the setting {name} is missing, which a binding names"), "set it")
            }
            None => {}
        }
    }

    /// A connection that a binding names.
    pub(super) fn require_connection(&self, name: &str, report: &mut Report) {
        if let Some(value) = self.value(name) {
            check_reference(name, &value, report);
        } else if self.are_here && !self.connects(name) {
            let part = if name == "AzureWebJobsStorage" { "accountName" } else { "fullyQualifiedNamespace" };
            report.fault(
                format!("the setting {name} is missing, which a binding names"),
                format!("set it to a connection string, or {name}__{part} for a managed identity"),
            );
        }
    }
}

fn check_reference(name: &str, value: &str, report: &mut Report) {
    if value.trim_start().starts_with(REFERENCE) {
        report.fault(
            format!("{name} is a Key Vault reference that did not resolve"),
            "check that the secret exists and that the app's identity may read it (role Key Vault Secrets User)",
        );
    }
}

fn read_local(app: &mut App, report: &mut Report) -> Option<Vec<(String, String)>> {
    let json = read_json(app, LOCAL_SETTINGS, "", report)?;
    if get(&json, "IsEncrypted").and_then(Value::as_bool) == Some(true) {
        report.note("local.settings.json is encrypted, so its values were not examined");
        return None;
    }
    let values = get(&json, "Values")?.as_object()?;
    Some(values.iter().filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))).collect())
}

/// Checks the settings by themselves and against each other.
pub(super) fn check(settings: &AppSettings<'_>, report: &mut Report) {
    let faults = report.faults();
    let runtime = settings.value("FUNCTIONS_WORKER_RUNTIME");
    if runtime.is_some_and(|runtime| !runtime.trim().eq_ignore_ascii_case("custom")) {
        report.fault("FUNCTIONS_WORKER_RUNTIME names another runtime", "set it to custom");
    }
    let lookup = |name: &str| settings.value(name);
    match Settings::read(&lookup) {
        Err(found) => {
            for sentence in found.sentences() {
                report.fault("a setting of the handler is not usable", sentence);
            }
        }
        Ok(read) => check_windows(&read, &lookup, report),
    }
    check_teams(settings, report);
    if settings.is_off("CertificateAccessed") {
        report.fault(
            "the detection is turned off",
            "remove the setting AzureWebJobs.CertificateAccessed.Disabled or set it to false",
        );
    }
    if report.faults() == faults {
        report.ok("the settings of the handler are usable and fit together");
    }
}

fn check_windows(settings: &Settings, lookup: &dyn Fn(&str) -> Option<String>, report: &mut Report) {
    if settings.dedup_store == DedupStore::Blob {
        if let Err(fault) = Account::read(lookup) {
            report.fault("DEDUP_STORE is blob without a storage account to use", fault.to_string());
        }
    } else if settings.rules.iter().any(|logic| logic.name == certificate_dump::LOGIC.name) {
        report.fault(
            "CertificateDump counts in memory, where a restart or a second instance begins to count anew",
            "set DEDUP_STORE=blob",
        );
    }
}

fn check_teams(settings: &AppSettings<'_>, report: &mut Report) {
    match (settings.has("TEAMS_WEBHOOK_URL"), settings.is_off("NotifyTeams")) {
        (true, true) => report.fault(
            "TEAMS_WEBHOOK_URL is set and NotifyTeams is turned off, so alerts pile up in certificate-teams",
            "remove AzureWebJobs.NotifyTeams.Disabled, or unset TEAMS_WEBHOOK_URL",
        ),
        (false, false) if settings.are_here => report.note(
            "NotifyTeams is on and TEAMS_WEBHOOK_URL is not set: set AzureWebJobs.NotifyTeams.Disabled=true, so that \
             the host does not listen on an empty queue",
        ),
        _ => {}
    }
}
