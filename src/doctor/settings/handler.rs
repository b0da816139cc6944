//! What the handler reads at its start, and would refuse to run with, or run blind.

use super::STORAGE;
use crate::config::{ExpectedPlace, Faults, Settings, StateStore, WITH_AUDIT_RULES, storage_account, unusable};
use crate::doctor::app::App;
use crate::doctor::examined::Examined;
use crate::doctor::report::Report;
use crate::doctor::table;
use crate::expected::{ExpectedAccess, ExpectedAccessError};
use crate::storage::AccountFault;

/// Checks the settings by themselves and against each other; `unusable` are those that the handler cannot read.
pub(in crate::doctor) fn check(app: &Examined<'_>, unusable: Option<Faults>, report: &mut Report) {
    let faults = report.faults();
    // The host keeps its own locks and checkpoints there, whatever the bindings name.
    let has_storage = app.settings.require_connection("AzureWebJobsStorage", &STORAGE, report);
    for fault in unusable.iter().flat_map(Faults::all) {
        report.fault(&fault.what, &fault.mend);
    }
    let in_account = |read: &Settings| {
        let windows = (read.state_store == StateStore::Blob).then_some("STATE_STORE=blob");
        windows.or_else(|| is_blob(read).then_some("EXPECTED_ACCESS=blob:…"))
    };
    if let Some(setting) = app.read.as_ref().and_then(in_account).filter(|_| has_storage) {
        match storage_account(&|name| app.settings.value(name)) {
            // A package's settings are elsewhere; what is missing in a folder was told with the host's connections.
            Ok(_) | Err(AccountFault::Missing) => {}
            Err(fault) => report.fault(format!("{setting} cannot use AzureWebJobsStorage"), fault.to_string()),
        }
    }
    if let Some(read) = app.read.as_ref().filter(|_| app.settings.are_rules_known()) {
        let is_off = |name: &str| !read.rules.iter().any(|logic| logic.name == name);
        for (name, _) in read.severities.iter().filter(|(name, _)| is_off(name)) {
            report.note(format!("RULE_SEVERITY names {name}, which is off: add it to RULES, or take it out of there"));
        }
    }
    let is_known = app.settings.are_here && report.faults() == faults;
    table::SETTINGS.run(app, is_known, report);
}

/// Whether the list of expected access stands in a blob.
fn is_blob(read: &Settings) -> bool {
    matches!(read.expected_access, Some(ExpectedPlace::Blob(_)))
}

/// Checks the file that `EXPECTED_ACCESS` names, as seen from the folder that the handler is started in: a broken
/// deployment would run without it.
pub(in crate::doctor) fn check_expected_access(files: &mut App, app: &Examined<'_>, report: &mut Report) {
    // What is unusable at all was told with the other settings.
    let path = app.settings.value("EXPECTED_ACCESS").filter(|path| unusable("", path).is_none());
    let Some(path) = path else { return };
    if path.trim().starts_with("blob:") {
        if app.read.as_ref().is_some_and(is_blob) {
            report.note(
                "EXPECTED_ACCESS names a blob, which was not examined: replay --expected says of a file what is wrong \
                 with it, before it is uploaded",
            );
        }
        return;
    }
    let Some(name) =
        files.locate(&app.text_or("host.json/customHandler/description/workingDirectory", ""), path.trim())
    else {
        report.note("EXPECTED_ACCESS names a file outside of the package, so it was not examined");
        return;
    };
    let unusable = "the expected-access file is not usable, and nothing would be expected";
    match files.text(&name).map(|text| text.map(|text| ExpectedAccess::parse(&text))) {
        Ok(Some(Ok(_))) => report.ok("the expected-access file is usable"),
        Ok(Some(Err(fault @ (ExpectedAccessError::Value { .. } | ExpectedAccessError::TooLong)))) => {
            report.fault(unusable, fault.to_string())
        }
        // The parser knows the place, and not what was meant.
        Ok(Some(Err(ExpectedAccessError::Yaml(place)))) => {
            let place = place.trim_start_matches("error: ");
            report.fault(format!("{unusable} ({place})"), "write it as docs/expected-access.yml shows");
        }
        Ok(None) => report.fault(
            "the file that EXPECTED_ACCESS names is missing, and nothing would be expected",
            "put it into the app (scripts/package --expected FILE), or unset EXPECTED_ACCESS",
        ),
        Err((what, mend)) => report.fault(format!("the file of EXPECTED_ACCESS {what}"), mend),
    }
}

/// Tells of an app whose rules are silent in most tenants.
pub(in crate::doctor) fn check_sight(app: &Examined<'_>, report: &mut Report) {
    let Some(read) = app.read.as_ref().filter(|_| app.settings.are_rules_known()) else { return };
    if read.has_audit_rule() {
        report.ok("a rule reads Key Vault's audit log");
        return;
    }
    // One of them counts in windows that a restart must not empty.
    let store = if read.state_store == StateStore::Blob { "" } else { " and STATE_STORE=blob" };
    report.note(format!(
        "only silent rules are on: the Activity Log records no reads; \
         set {WITH_AUDIT_RULES}{store} to read Key Vault's audit log, too"
    ));
}
