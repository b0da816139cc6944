//! `Azure.KeyVault.CertificateDump`: one identity reads many certificates and secrets.
//!
//! # What it detects
//! `DUMP_THRESHOLD` distinct certificates and secrets read by one identity in a window, over any number of vaults.
//!
//! # Why it matters
//! Tools that dump Key Vaults list the secrets and read each of them: the private keys of certificates are among
//! them, and no operation on a certificate need occur (T1555.006, AZT604.2).
//!
//! # Fires on
//! The successful reads of the audit log, of secrets by any name, and what `CertificateAccessed` matches in the Activity
//! Log. Counted are names in vaults: a certificate and the secret of the same name are one, because reading both
//! is how one certificate is taken; versions of a name are one.
//!
//! # Stays silent on
//! Refused reads, lists, writes; keys; an identity below the threshold, however often it reads the same names.
//!
//! # Known blind spots
//! A thief who stays below the threshold in each window, or uses an identity for each part. An identity is its object
//! id; where one log has it and the other has not, the two logs are counted apart. Vaults without a diagnostic
//! setting write nothing:
//! <https://microsoft.github.io/Azure-Threat-Research-Matrix/CredentialAccess/AZT604/AZT604-2>.

use std::sync::Arc;

use crate::decode::RecordKind;
use crate::facts::Facts;

use super::audit_read::{self, AuditRead, caller_name, context};
use super::metadata::Metadata;
use super::{Incidents, Logic, Parameters, RuleError, certificate_accessed, named_reads};

/// The rule.
pub const LOGIC: Logic = Logic {
    name: "CertificateDump",
    yaml: include_str!("certificate_dump.yml"),
    reads: &[RecordKind::ActivityLog, RecordKind::KeyVaultAudit],
    operations: &[
        "CERTIFICATEGET",
        "CERTIFICATEBACKUP",
        "CERTIFICATEGETDELETED",
        "SECRETGET",
        "SECRETBACKUP",
        certificate_accessed::OPERATION,
    ],
    matches,
    title,
    dedup: Some(dedup),
    unique: Some(named_reads::named_read),
    access: |facts| Arc::clone(facts.access()),
    threshold: |parameters| parameters.dump_threshold,
    context,
    describe: Some(named_reads::describe_incident),
    incidents: Incidents::Open(audit_read::is_refused),
    learns: false,
};

fn matches(facts: &Facts<'_>, parameters: &Parameters) -> Result<bool, RuleError> {
    Ok(AuditRead::of(facts)?.is_some() || certificate_accessed::matches(facts, parameters)?)
}

#[expect(clippy::unnecessary_wraps, reason = "the signature of a rule's function")]
fn title(_: &Metadata, facts: &Facts<'_>) -> Result<String, RuleError> {
    Ok(format!("Key Vault certificates and secrets dumped by [{}]", caller_name(facts.identity())))
}

fn dedup(facts: &Facts<'_>) -> String {
    facts.caller().key.to_string()
}
