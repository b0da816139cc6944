//! `Azure.KeyVault.AuditedCertificateRead`: every read of a certificate that a vault gave out.
//!
//! # What it detects
//! A successful read of a certificate in Key Vault's audit log, and of the secrets that hold certificates, as far as
//! `CERTIFICATE_SECRETS` names them.
//!
//! # Why it matters
//! The Activity Log records no reads, so only Key Vault's audit log shows reads of certificates. Whoever holds a
//! certificate with its private key can sign in as the service principals that trust it (T1555.006).
//!
//! # Fires on
//! Category `AuditEvent`, or no category and a vault; `httpStatusCode` 200 to 299 (`resultSignature` `OK` where there is no
//! status, and the outcome `unknown` where there is neither),
//! and `CertificateGet`, `CertificateBackup` or `CertificateGetDeleted`, or `SecretGet` or `SecretBackup` of a secret
//! whose name matches a pattern of `CERTIFICATE_SECRETS`. One alert for each vault and identity in a window.
//!
//! # Stays silent on
//! Refused reads, whose `resultType` is `Success`, too; lists, writes, deletions; keys; Managed HSM; every secret
//! while `CERTIFICATE_SECRETS` is unset.
//!
//! # Known blind spots
//! Audit logs are off until a diagnostic setting of the vault turns them on. No record of a read says that a secret
//! is a certificate, so one whose name nobody listed goes unseen here (`CertificateDump` counts it). A read of a
//! certificate object hands out its public part only:
//! <https://learn.microsoft.com/azure/key-vault/certificates/how-to-export-certificate>.

use std::sync::Arc;

use crate::decode::RecordKind;
use crate::facts::Facts;
use crate::json::{Value, quoted};
use crate::key_vault::ObjectKind;

use super::audit_read::{self, AuditRead, caller_name, context, plain};
use super::metadata::Metadata;
use super::{Incidents, Logic, Parameters, RuleError, named_reads};

/// The rule.
pub const LOGIC: Logic = Logic {
    name: "AuditedCertificateRead",
    yaml: include_str!("audited_certificate_read.yml"),
    reads: &[RecordKind::KeyVaultAudit],
    operations: audit_read::OPERATIONS,
    matches,
    title,
    dedup: Some(dedup),
    unique: Some(named_reads::named_read),
    access: |facts| Arc::clone(facts.access()),
    threshold: |_| 1,
    context,
    describe: Some(named_reads::describe),
    incidents: Incidents::Join,
    learns: false,
};

fn matches(facts: &Facts<'_>, parameters: &Parameters) -> Result<bool, RuleError> {
    let Some(read) = AuditRead::of(facts)? else { return Ok(false) };
    Ok(read.kind == ObjectKind::Certificate || parameters.is_certificate(read.access))
}

#[expect(clippy::unnecessary_wraps, reason = "the signature of a rule's function")]
fn title(_: &Metadata, facts: &Facts<'_>) -> Result<String, RuleError> {
    let access = facts.access();
    let operation = facts.get("operationName").and_then(Value::as_str).unwrap_or_default().to_ascii_lowercase();
    let what = if operation.starts_with("secret") { "certificate secret" } else { "certificate" };
    let done = if operation.ends_with("backup") { "backed up" } else { "read" };
    let name = access.object_name().map_or_else(|| "UNKNOWN".to_owned(), plain);
    let vault = access.vault.as_deref().map_or_else(|| "UNKNOWN".to_owned(), plain);
    Ok(format!("Key Vault {what} [{name}] of [{vault}] {done} by [{}]", caller_name(facts.identity())))
}

/// One alert for each vault and identity: a correlation id is the caller's to choose, and a new one for each read.
fn dedup(facts: &Facts<'_>) -> String {
    let vault = facts.access().vault.as_deref().unwrap_or_default();
    format!("vault {} {}", quoted(vault), facts.caller().key)
}
