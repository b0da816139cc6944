//! What the handler reads at its start: settings that it would refuse, or with which it would detect nothing.

use super::STORAGE;
use crate::config::{ExpectedPlace, Faults, SigmaPlace, StateStore, WITH_AUDIT_RULES, unusable};
use crate::decode::RecordKind;
use crate::doctor::Report;
use crate::doctor::app::App;
use crate::doctor::examined::Examined;
use crate::doctor::table;
use crate::expected::{ExpectedAccess, ExpectedAccessError};
use crate::storage::AccountFault;

/// Checks the settings by themselves and against each other; `unusable` are those that the handler cannot read.
pub(in crate::doctor) fn check(app: &Examined<'_>, unusable: Option<Faults>, report: &mut Report) {
    let faults = report.faults;
    // The host keeps its own locks and checkpoints there, whatever the bindings name.
    let has_storage = app.settings.require_connection("AzureWebJobsStorage", &STORAGE, report);
    for fault in unusable.iter().flat_map(|faults| &faults.0) {
        report.fault(fault);
    }
    if let Some(read) = &app.read {
        let needs_storage = match (read.state_store, &read.expected_access, &read.sigma_rules) {
            (StateStore::Blob, ..) => Some("STATE_STORE=blob"),
            (_, Some(ExpectedPlace::Blob(_)), _) => Some("EXPECTED_ACCESS=blob:…"),
            (.., Some(SigmaPlace::Blobs { .. })) => Some("SIGMA_RULES=blob:…"),
            _ => None,
        };
        // A package's settings are elsewhere; what is missing in a folder was reported with the host's connections.
        if let (Some(setting), Err(fault), true) = (needs_storage, &read.storage, has_storage)
            && *fault != AccountFault::Missing
        {
            report.fault(format!("{setting} cannot use AzureWebJobsStorage: {fault}"));
        }
        let is_off = |name: &str| app.settings.are_rules_known() && !read.rules.iter().any(|logic| logic.name == name);
        for (name, _) in read.severities.iter().filter(|(name, _)| is_off(name)) {
            report.note(format!("RULE_SEVERITY names {name}, which is off: add it to RULES, or remove it there"));
        }
    }
    let is_known = app.settings.are_here && report.faults == faults;
    table::SETTINGS.run(app, is_known, report);
}

/// Checks the file that `EXPECTED_ACCESS` names, relative to the folder that the handler is started in: a broken
/// deployment would run without it.
pub(in crate::doctor) fn check_expected_access(files: &mut App, app: &Examined<'_>, report: &mut Report) {
    // An unusable value was reported with the other settings.
    let setting = app.settings.value("EXPECTED_ACCESS").filter(|setting| unusable("", setting).is_none());
    let path = match setting.and_then(|setting| ExpectedPlace::parse(setting.trim())) {
        None => return,
        Some(ExpectedPlace::File(path)) => path.to_string_lossy().into_owned(),
        Some(ExpectedPlace::Blob(_)) => {
            return report.note(
                "EXPECTED_ACCESS names a blob, which was not examined: replay --expected says of a file what is wrong \
                 with it, before it is uploaded",
            );
        }
    };
    let folder = app.text_or("host.json/customHandler/description/workingDirectory", "");
    let Some(name) = files.locate(&folder, &path) else {
        return report.note("EXPECTED_ACCESS names a file outside of the package, so it was not examined");
    };
    let unusable = "the expected-access file is not usable, and nothing would be expected";
    match files.text(&name).map(|text| text.map(|text| ExpectedAccess::parse(&text))) {
        Ok(Some(Ok(_))) => report.ok("the expected-access file is usable"),
        // The parser knows the place, and not how to fix it.
        Ok(Some(Err(ExpectedAccessError::Yaml(place)))) => {
            report.fault(format!("{unusable} ({place}): write it as docs/expected-access.yml shows"));
        }
        Ok(Some(Err(fault))) => report.fault(format!("{unusable}: {fault}")),
        Ok(None) => report.fault(
            "the file that EXPECTED_ACCESS names is missing, and nothing would be expected: put it into the app \
             (scripts/package --expected FILE), or unset EXPECTED_ACCESS",
        ),
        Err(why) => report.fault(format!("the file of EXPECTED_ACCESS {why}")),
    }
}

/// The ways by which each log comes, and the fields that decide.
const WAYS: &[(RecordKind, &str, &str)] = &[
    (
        RecordKind::KeyVaultAudit,
        "audit log of Key Vault",
        "from a vault's diagnostic setting with the category AuditEvent (properties.httpStatusCode decides), or exported from \
         Log Analytics out of AZKVAuditLogs (HttpStatusCode) or AzureDiagnostics (httpStatusCode_d)",
    ),
    (
        RecordKind::ActivityLog,
        "Activity Log",
        "from a subscription's diagnostic setting with the category Administrative (resultType decides), or exported from \
         Log Analytics out of AzureActivity (ActivityStatusValue)",
    ),
];

/// Says how the active rules are fed, and reports an app whose rules never match in most tenants.
pub(in crate::doctor) fn check_sight(app: &Examined<'_>, report: &mut Report) {
    let Some(read) = app.read.as_ref().filter(|_| app.settings.are_rules_known()) else { return };
    for (kind, log, ways) in WAYS {
        let rules = read.rules.iter().filter(|logic| logic.reads.contains(kind)).map(|logic| logic.name);
        let rules = rules.collect::<Vec<_>>().join(", ");
        if !rules.is_empty() {
            report.note(format!("the {log} feeds {rules}: {ways}"));
        }
    }
    if read.has_audit_rule() {
        return report.ok("a rule reads Key Vault's audit log");
    }
    // One of the audit rules counts in windows that a restart must not empty.
    let store = if read.state_store == StateStore::Blob { "" } else { " and STATE_STORE=blob" };
    report.note(format!(
        "only silent rules are on: the Activity Log records no reads; \
         set {WITH_AUDIT_RULES}{store} to read Key Vault's audit log, too"
    ));
}
