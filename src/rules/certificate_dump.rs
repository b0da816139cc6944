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
use crate::json::quoted;

use super::audit_read::{AuditRead, caller_name, context};
use super::panther::ContextEntry;
use super::{Logic, Parameters, RuleError, certificate_accessed};

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
    unique: Some(unique),
    access: |facts| Arc::clone(facts.access()),
    threshold: |parameters| parameters.dump_threshold,
    context,
    describe: Some(describe),
};

/// How many names and vaults an alert lists.
const MAX_LISTED: usize = 25;

fn matches(facts: &Facts<'_>, parameters: &Parameters) -> Result<bool, RuleError> {
    Ok(AuditRead::of(facts)?.is_some() || certificate_accessed::matches(facts, parameters)?)
}

#[expect(clippy::unnecessary_wraps, reason = "the signature of a rule's function")]
fn title(facts: &Facts<'_>) -> Result<String, RuleError> {
    Ok(format!("Key Vault certificates and secrets dumped by [{}]", caller_name(facts.identity())))
}

fn dedup(facts: &Facts<'_>) -> String {
    facts.identity().key()
}

/// The name in its vault, in lower case and without its kind; reads without a name count as one name of their vault.
#[expect(clippy::unnecessary_wraps, reason = "the signature of a rule's function")]
fn unique(facts: &Facts<'_>) -> Option<String> {
    let access = facts.access();
    let name = access.object_name().unwrap_or_default().to_ascii_lowercase();
    Some(format!("{}/{name}", access.vault.as_deref().unwrap_or_default()))
}

/// How many names were read, the first of them, and the vaults that those are in.
fn describe(count: usize, values: &[Arc<str>]) -> Vec<ContextEntry<'static>> {
    let mut vaults: Vec<&str> = values.iter().filter_map(|value| value.split('/').next()).collect();
    vaults.sort_unstable();
    vaults.dedup();
    let list = |names: &mut dyn Iterator<Item = &str>| {
        let names: Vec<_> = names.take(MAX_LISTED).map(quoted).collect();
        format!("[{}]", names.join(",")).into()
    };
    vec![
        ("read_count", count.to_string().into()),
        ("read_objects", list(&mut values.iter().map(AsRef::as_ref))),
        ("vault_count", vaults.len().to_string().into()),
        ("vaults", list(&mut vaults.iter().copied())),
    ]
}
