//! Settings that are usable and that nothing heeds, because of others.

use super::AppSettings;
use crate::config::{Settings, StateStore};
use crate::doctor::report::Report;
use crate::rules::certificate_dump;

/// Tells of them.
pub(super) fn check(read: &Settings, settings: &AppSettings<'_>, report: &mut Report) {
    if settings.are_rules_known() {
        check_rules(read, settings, report);
    }
    if settings.are_here() && read.teams.is_none() {
        for name in ["TEAMS_MIN_SEVERITY", "TEAMS_ALLOWED_HOSTS"].into_iter().filter(|name| settings.has(name)) {
            report.note(format!("{name} is set and TEAMS_WEBHOOK_URL is not: set that, or unset {name}"));
        }
    }
    if settings.value("TEAMS_ALLOW_LOOPBACK").is_some_and(|value| value.trim() == "1") {
        report.note("TEAMS_ALLOW_LOOPBACK=1 is for tests: unset it where alerts are real");
    }
}

fn check_rules(read: &Settings, settings: &AppSettings<'_>, report: &mut Report) {
    let is_on = |name: &str| read.rules.iter().any(|logic| logic.name == name);
    let dump = certificate_dump::LOGIC.name;
    if settings.has("DUMP_THRESHOLD") && !is_on(dump) {
        report.note(format!("DUMP_THRESHOLD is set and {dump} is off: add {dump} to RULES, or unset DUMP_THRESHOLD"));
    }
    for (name, _) in read.severities.iter().filter(|(name, _)| !is_on(name)) {
        report.note(format!("RULE_SEVERITY names {name}, which is off: add it to RULES, or take it out of there"));
    }
    // A rule with a threshold keeps its own windows, because it counts in them.
    let has_threshold = read.rules.iter().any(|logic| (logic.threshold)(&read.parameters) > 1);
    if read.dedup_minutes == Some(0) && read.state_store == StateStore::Blob && !has_threshold {
        report.note("DEDUP_MINUTES=0 makes no windows for STATE_STORE=blob to share: unset one of the two");
    }
}
