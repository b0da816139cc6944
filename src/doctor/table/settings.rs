//! Application settings, by themselves and against each other.

use crate::config::{Settings, StateStore};
use crate::doctor::examined::Examined;
use crate::doctor::table::{Subject, fault, note};
use crate::rules::certificate_dump;

/// Whether it holds for the settings that the handler reads, if it is known which rules are on.
fn holds(app: &Examined<'_>, is_right: impl Fn(&Settings) -> bool) -> bool {
    !app.settings.are_rules_known() || app.read.as_ref().is_none_or(is_right)
}

fn has_dump(read: &Settings) -> bool {
    read.rules.iter().any(|logic| logic.name == certificate_dump::LOGIC.name)
}

/// A rule with a threshold keeps its own windows, because it counts in them.
fn has_windows(read: &Settings) -> bool {
    read.dedup_minutes != Some(0) || read.rules.iter().any(|logic| (logic.threshold)(&read.parameters) > 1)
}

/// Whether a setting of Teams has an effect.
fn has_effect(setting: &str, app: &Examined<'_>) -> bool {
    setting.is_empty() || !app.settings.are_here || app.read.as_ref().is_none_or(|read| read.teams.is_some())
}

#[rustfmt::skip]
pub(in crate::doctor) const SETTINGS: Subject = Subject("the settings of the handler are usable and fit together", &[
    fault("settings/FUNCTIONS_WORKER_RUNTIME", "custom", |at, _| at.trim().eq_ignore_ascii_case("custom"),
        "FUNCTIONS_WORKER_RUNTIME names another runtime: set it to custom for Core Tools and most plans; on Flex Consumption \
         remove it, because Azure refuses it there"),
    fault("settings/", "", |_, app| !app.settings.is_off("CertificateAccessed"),
        "the detection is turned off: remove the setting AzureWebJobs.CertificateAccessed.Disabled or set it to false"),
    fault("settings/AzureWebJobs__CertificateAccessed__Disabled", "", |at, _| at.is_empty(),
        "AzureWebJobs__CertificateAccessed__Disabled does nothing, because the host knows it with dots or single underscores: \
         remove it, or name it AzureWebJobs.CertificateAccessed.Disabled"),
    fault("settings/AzureWebJobs__NotifyTeams__Disabled", "", |at, _| at.is_empty(),
        "AzureWebJobs__NotifyTeams__Disabled does nothing, because the host knows it with dots or single underscores: \
         name it AzureWebJobs.NotifyTeams.Disabled"),
    fault("settings/TEAMS_WEBHOOK_URL", "", |at, app| at.is_empty() || !app.settings.is_off("NotifyTeams"),
        "TEAMS_WEBHOOK_URL is set and NotifyTeams is turned off, so alerts pile up in certificate-teams: remove \
         AzureWebJobs.NotifyTeams.Disabled, or unset TEAMS_WEBHOOK_URL"),
    note("settings/TEAMS_WEBHOOK_URL", "", |at, app| {
            !at.is_empty() || app.settings.is_off("NotifyTeams") || !app.settings.are_here
        },
        "NotifyTeams is on and TEAMS_WEBHOOK_URL is not set: set AzureWebJobs.NotifyTeams.Disabled=true, so that the host does not \
         listen on an empty queue"),
    fault("settings/STATE_STORE", "", |_, app| {
            holds(app, |read| read.state_store == StateStore::Blob || !has_dump(read))
        },
        "CertificateDump counts in memory, where a restart or a second instance starts to count from zero: set STATE_STORE=blob"),
    fault("settings/STATE_STORE", "", |_, app| {
            holds(app, |read| read.state_store == StateStore::Blob || read.baseline.is_some() || !read.learns())
        },
        "UnfamiliarReader is off, because a process forgets what it has learnt: set STATE_STORE=blob, or BASELINE to what \
         certificate-accessed baseline writes"),
    note("settings/LEARN_DAYS", "", |at, app| at.is_empty() || holds(app, Settings::learns),
        "LEARN_DAYS is set and UnfamiliarReader is off: add UnfamiliarReader to RULES, or unset LEARN_DAYS"),
    note("settings/BASELINE", "", |at, app| at.is_empty() || holds(app, Settings::learns),
        "BASELINE is set and UnfamiliarReader is off: add UnfamiliarReader to RULES, or unset BASELINE"),
    note("settings/DUMP_THRESHOLD", "", |at, app| at.is_empty() || holds(app, has_dump),
        "DUMP_THRESHOLD is set and CertificateDump is off: add CertificateDump to RULES, or unset DUMP_THRESHOLD"),
    note("settings/DEDUP_MINUTES", "", |_, app| {
            holds(app, |read| read.state_store == StateStore::Memory || has_windows(read))
        },
        "DEDUP_MINUTES=0 makes no windows for STATE_STORE=blob to share: unset one of the two"),
    note("settings/TEAMS_MIN_SEVERITY", "", has_effect,
        "TEAMS_MIN_SEVERITY is set and TEAMS_WEBHOOK_URL is not: set that, or unset TEAMS_MIN_SEVERITY"),
    note("settings/TEAMS_ALLOWED_HOSTS", "", has_effect,
        "TEAMS_ALLOWED_HOSTS is set and TEAMS_WEBHOOK_URL is not: set that, or unset TEAMS_ALLOWED_HOSTS"),
    note("settings/TEAMS_NAMES", "", has_effect,
        "TEAMS_NAMES is set and TEAMS_WEBHOOK_URL is not: set that, or unset TEAMS_NAMES"),
    note("settings/TEAMS_ALLOW_LOOPBACK", "", |at, _| at.trim() != "1",
        "TEAMS_ALLOW_LOOPBACK=1 is for tests: unset it where alerts are real"),
]);
