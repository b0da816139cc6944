//! Whether the active rules can see anything.

use super::report::Report;
use super::settings::AppSettings;
use crate::config::{Settings, StateStore, WITH_AUDIT_RULES};

/// Tells of an app whose rules are silent in most tenants.
pub(super) fn check(settings: &AppSettings<'_>, report: &mut Report) {
    let Ok(read) = Settings::read(&|name| settings.value(name)) else { return };
    if !settings.are_rules_known() {
        return;
    }
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
