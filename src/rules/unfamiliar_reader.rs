//! `Azure.KeyVault.UnfamiliarReader`: the read that is unlike this identity's others.
//!
//! # What it detects
//! A successful read of a certificate or a secret by an identity that is new, or from an address range, of a vault or with a
//! client that is new for it.
//!
//! # Why it matters
//! A stolen credential is used from somewhere else and with another program. That shows at its first read, when a threshold
//! has nothing to count yet, and for a thief who stays below every threshold (T1078.004, AZT604.2).
//!
//! # Fires on
//! The successful reads of the audit log, where the windows' memory of what is usual says that something is new:
//! [`crate::usual`].
//!
//! # Stays silent on
//! Refused reads, which teach nothing either; a vault's first weeks, and the first weeks of all; reads that name an address
//! and nobody.
//!
//! # Known blind spots
//! A thief on the identity's own machine. An identity that reads from everywhere: it alerts once when it begins to, and then
//! that kind says nothing of it. The Activity Log, which names no client.

use std::sync::Arc;

use crate::decode::RecordKind;
use crate::facts::Facts;

use super::audit_read::{self, AuditRead, caller_name, context, plain};
use super::metadata::Metadata;
use super::{Incidents, Logic, Parameters, RuleError, named_reads};

/// The rule.
pub const LOGIC: Logic = Logic {
    name: "UnfamiliarReader",
    yaml: include_str!("unfamiliar_reader.yml"),
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
    incidents: Incidents::None,
    learns: true,
};

fn matches(facts: &Facts<'_>, _parameters: &Parameters) -> Result<bool, RuleError> {
    Ok(AuditRead::of(facts)?.is_some() && facts.identity().is_named())
}

/// Without what is new, which the windows know and the record does not.
#[expect(clippy::unnecessary_wraps, reason = "the signature of a rule's function")]
fn title(_: &Metadata, facts: &Facts<'_>) -> Result<String, RuleError> {
    let vault = facts.access().vault.as_deref().map_or_else(|| "UNKNOWN".to_owned(), plain);
    Ok(format!("Unfamiliar read of [{vault}] by [{}]", caller_name(facts.identity())))
}

fn dedup(facts: &Facts<'_>) -> String {
    facts.caller().key.to_string()
}
