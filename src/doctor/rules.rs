//! Whether the active rules can see anything.

use super::report::Report;
use super::settings::AppSettings;
use crate::config::Settings;
use crate::decode::RecordKind;

/// Tells of an app whose rules are silent in most tenants.
pub(super) fn check(settings: &AppSettings<'_>, report: &mut Report) {
    let Ok(settings) = Settings::read(&|name| settings.value(name)) else { return };
    if settings.rules.iter().any(|logic| logic.reads.contains(&RecordKind::KeyVaultAudit)) {
        report.ok("a rule reads Key Vault's audit log");
    } else {
        report.note(
            "only silent rules are on: the Activity Log records no reads; \
             RULES=CertificateAccessed,AuditedCertificateRead,CertificateDump reads Key Vault's audit log, too",
        );
    }
}
