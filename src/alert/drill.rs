//! What a drill leaves in a log: reads that nobody made, of a vault that is not there.

use crate::facts::Facts;
use crate::json::Value;
use crate::resource_id::segment_after;

/// The vault of a drill.
const VAULT: &str = "kv-drill";
/// How the object id of a drill's identity begins. No identity of a tenant has one: theirs are random. So a vault that bears
/// the name by chance, or by somebody's intent, is still watched.
const NOBODY: &str = "00000000-0000-0000-0000-";

/// Whether a record is of a drill.
pub(super) fn is_drill(facts: &Facts<'_>) -> bool {
    let resource_id = facts.get("resourceId").and_then(Value::as_str).unwrap_or_default();
    let is_vault = segment_after(&resource_id, "vaults").is_some_and(|vault| vault.eq_ignore_ascii_case(VAULT));
    is_vault && facts.identity().object_id.as_ref().is_some_and(|id| id.starts_with(NOBODY))
}
