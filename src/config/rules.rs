//! The rules that the settings turn on.

use super::Settings;
use crate::decode::RecordKind;
use crate::rules::metadata::MetadataError;
use crate::rules::{Logic, Rule};

/// The setting that turns on the rules for Key Vault's audit log, too.
pub const WITH_AUDIT_RULES: &str = "RULES=CertificateAccessed,AuditedCertificateRead,CertificateDump";

/// Loads the rules that the settings name.
///
/// # Errors
/// When a rule's YAML cannot be read.
pub fn load_rules(settings: &Settings) -> Result<Vec<Rule>, MetadataError> {
    let load = |logic: &&'static Logic| {
        let mut rule = Rule::load(logic)?;
        let severity = settings.severities.iter().find(|(name, _)| *name == logic.name);
        rule.metadata.severity = severity.map_or(rule.metadata.severity, |(_, severity)| *severity);
        Ok(rule)
    };
    settings.rules.iter().map(load).collect()
}

impl Settings {
    /// Whether a rule is on that reads Key Vault's audit log.
    #[must_use]
    pub fn has_audit_rule(&self) -> bool {
        self.rules.iter().any(|logic| logic.reads.contains(&RecordKind::KeyVaultAudit))
    }
}
