//! `Azure.KeyVault.VaultDeleted`: a vault that was deleted.
//!
//! # What it detects
//! A successful `Microsoft.KeyVault/vaults/delete` in the Azure Activity Log.
//!
//! # Why it matters
//! A deleted vault writes no audit log any more, and whatever signs in with its certificates breaks (T1485).
//!
//! # Fires on
//! That operation name in any case, with `resultType` exactly `Success` or `Succeeded`.
//!
//! # Stays silent on
//! Deletions that were refused or have only begun; certificates, secrets and keys that are deleted out of a vault.
//!
//! # Known blind spots
//! A vault that goes with its whole resource group may be recorded as the group's deletion only.

use std::borrow::Cow;
use std::sync::Arc;

use crate::decode::RecordKind;
use crate::facts::Facts;
use crate::json::{Value, quoted};
use crate::resource_id::segment_after;

use super::metadata::Metadata;
use super::panther::ContextEntry;
use super::{Incidents, Logic, Parameters, RuleError};

/// The rule.
pub const LOGIC: Logic = Logic {
    name: "VaultDeleted",
    yaml: include_str!("vault_deleted.yml"),
    reads: &[RecordKind::ActivityLog],
    operations: &[OPERATION],
    matches,
    title,
    dedup: None,
    unique: None,
    access: |facts| Arc::clone(facts.access()),
    threshold: |_| 1,
    context,
    describe: None,
    incidents: Incidents::None,
    learns: false,
};

const OPERATION: &str = "MICROSOFT.KEYVAULT/VAULTS/DELETE";

fn matches(facts: &Facts<'_>, _parameters: &Parameters) -> Result<bool, RuleError> {
    let Some(operation) = facts.get("operationName") else { return Ok(false) };
    // A type that the rule cannot evaluate is an error, so that the event is rejected and nothing is lost.
    let operation = operation.as_str().ok_or_else(|| RuleError::not_a_string(operation.kind(), "upper"))?;
    let result = facts.get("resultType").and_then(Value::as_str).unwrap_or_default();
    Ok(operation.eq_ignore_ascii_case(OPERATION) && matches!(result.as_ref(), "Success" | "Succeeded"))
}

fn vault(facts: &Facts<'_>) -> String {
    let resource_id = facts.get("resourceId").and_then(Value::as_str).unwrap_or_default();
    segment_after(&resource_id, "vaults").unwrap_or("UNKNOWN").to_owned()
}

#[expect(clippy::unnecessary_wraps, reason = "the signature of a rule's function")]
fn title(_: &Metadata, facts: &Facts<'_>) -> Result<String, RuleError> {
    Ok(format!("Azure Key Vault deleted: [{}]", vault(facts)))
}

#[expect(clippy::unnecessary_wraps, reason = "the signature of a rule's function")]
fn context<'a>(facts: &Facts<'a>) -> Result<Vec<ContextEntry<'a>>, RuleError> {
    let caller = facts.get("callerIpAddress").map_or("null", Value::raw);
    Ok(vec![("keyvault_name", Cow::Owned(quoted(&vault(facts)))), ("caller_ip", Cow::Borrowed(caller))])
}
