//! What the handler reads at its start, and would refuse to run with.

use super::connections::Service;
use super::{AppSettings, contradictions, tell};
use crate::config::{Settings, StateStore};
use crate::doctor::report::Report;
use crate::rules::certificate_dump;
use crate::storage::{Account, AccountFault};

/// Checks the settings by themselves and against each other.
pub(in crate::doctor) fn check(settings: &AppSettings<'_>, report: &mut Report) {
    let faults = report.faults();
    let runtime = settings.host_value("FUNCTIONS_WORKER_RUNTIME");
    if runtime.is_some_and(|runtime| !runtime.trim().eq_ignore_ascii_case("custom")) {
        report.fault("FUNCTIONS_WORKER_RUNTIME names another runtime", "set it to custom");
    }
    // The host keeps its own locks and checkpoints there, whatever the bindings name.
    let has_storage = settings.require_connection("AzureWebJobsStorage", Service::Storage, report);
    match Settings::read(&|name| settings.value(name)) {
        Err(found) => found.sentences().iter().for_each(|sentence| tell(sentence, report)),
        Ok(read) => {
            check_windows(&read, settings, has_storage, report);
            contradictions::check(&read, settings, report);
        }
    }
    check_teams(settings, report);
    if settings.is_off("CertificateAccessed") {
        report.fault(
            "the detection is turned off",
            "remove the setting AzureWebJobs.CertificateAccessed.Disabled or set it to false",
        );
    }
    if report.faults() == faults && settings.are_here() {
        report.ok("the settings of the handler are usable and fit together");
    }
}

fn check_windows(read: &Settings, settings: &AppSettings<'_>, has_storage: bool, report: &mut Report) {
    let has_dump = read.rules.iter().any(|logic| logic.name == certificate_dump::LOGIC.name);
    if read.state_store == StateStore::Memory && has_dump {
        report.fault(
            "CertificateDump counts in memory, where a restart or a second instance begins to count anew",
            "set STATE_STORE=blob",
        );
    }
    if read.state_store == StateStore::Memory || !has_storage {
        return;
    }
    match Account::read(&|name| settings.value(name)) {
        // A package's settings are elsewhere; what is missing in a folder was told with the host's connections.
        Ok(_) | Err(AccountFault::Missing) => {}
        Err(fault) => report.fault("STATE_STORE=blob cannot use AzureWebJobsStorage", fault.to_string()),
    }
}

fn check_teams(settings: &AppSettings<'_>, report: &mut Report) {
    match (settings.has("TEAMS_WEBHOOK_URL"), settings.is_off("NotifyTeams")) {
        (true, true) => report.fault(
            "TEAMS_WEBHOOK_URL is set and NotifyTeams is turned off, so alerts pile up in certificate-teams",
            "remove AzureWebJobs.NotifyTeams.Disabled, or unset TEAMS_WEBHOOK_URL",
        ),
        (false, false) if settings.are_here() => report.note(
            "NotifyTeams is on and TEAMS_WEBHOOK_URL is not set: set AzureWebJobs.NotifyTeams.Disabled=true, so that \
             the host does not listen on an empty queue",
        ),
        _ => {}
    }
}
