//! `Azure.MonitorActivity.KeyVault.CertificateAccessed`: Panther's rule, exactly.
//!
//! # What it detects
//! A successful `Microsoft.KeyVault/vaults/certificates/read` in the Azure Activity Log.
//!
//! # Why it matters
//! Whoever dumps certificates can sign in as the service principals that trust them (T1555, T1530).
//!
//! # Fires on
//! That operation name in any case (Unicode upper-casing, so `ı`, `ſ` and `ﬁ` count), with `resultType` exactly
//! `Success` or `Succeeded`.
//!
//! # Stays silent on
//! Every other result, `succeeded` in lower case among them; writes and deletes; secrets. A record without a result, or with
//! one that is no text, is no match either, as in Panther, and is rejected as undetermined.
//!
//! # Known blind spots
//! The Activity Log records no reads, as documented, so the rule stays silent in most tenants. Key Vault's own audit
//! log names the same read `CertificateGet`, and a certificate's private key leaves by the secret of the same name:
//! <https://microsoft.github.io/Azure-Threat-Research-Matrix/CredentialAccess/AZT604/AZT604-2>.

use std::borrow::Cow;
use std::sync::Arc;

use crate::decode::RecordKind;
use crate::facts::{Facts, VaultAccess};
use crate::json::{Kind, Value, quoted};
use crate::key_vault::{ObjectKind, VaultObject};
use crate::resource_id::segment_after;

use super::metadata::Metadata;
use super::panther::ContextEntry;
use super::{Incidents, Logic, Parameters, RuleError};

/// The rule.
pub const LOGIC: Logic = Logic {
    name: "CertificateAccessed",
    yaml: include_str!("certificate_accessed.yml"),
    reads: &[RecordKind::ActivityLog],
    operations: &[OPERATION],
    matches,
    title,
    dedup: None,
    unique: None,
    access,
    threshold: |_| 1,
    context,
    describe: None,
    incidents: Incidents::Join,
    learns: false,
};

pub(super) const OPERATION: &str = "MICROSOFT.KEYVAULT/VAULTS/CERTIFICATES/READ";

pub(super) fn matches(facts: &Facts<'_>, _parameters: &Parameters) -> Result<bool, RuleError> {
    let Some(operation) = facts.get("operationName") else { return Ok(false) };
    let operation = operation.as_str().ok_or_else(|| RuleError::not_a_string(operation.kind(), "upper"))?;
    // Python's upper() makes letters of the name out of others, too; nearly every name is ASCII.
    let is_read = if operation.is_ascii() {
        operation.eq_ignore_ascii_case(OPERATION)
    } else {
        operation.chars().flat_map(char::to_uppercase).eq(OPERATION.chars())
    };
    Ok(is_read && succeeded(facts)?)
}

/// Whether the read was allowed. Panther has no match where there is no result, or one that is no word; we do not say that
/// there is none, either.
fn succeeded(facts: &Facts<'_>) -> Result<bool, RuleError> {
    let result = facts.word("resultType").ok_or(RuleError::Undetermined { because: "it has no result in words" })?;
    Ok(matches!(result.as_ref(), "Success" | "Succeeded"))
}

fn title(_: &Metadata, facts: &Facts<'_>) -> Result<String, RuleError> {
    let resource_id = resource_id(facts)?;
    let vault = resource_id.as_deref().and_then(|id| segment_after(id, "vaults")).unwrap_or("UNKNOWN");
    let caller = facts.get("callerIpAddress").map_or(Cow::Borrowed("<UNKNOWN_CALLER>"), in_title);
    Ok(format!("Azure Key Vault certificate accessed from [{vault}] by [{caller}]"))
}

/// A value as Python's f-string prints it; numbers keep their digits, lists and objects are compact JSON.
fn in_title(value: Value<'_>) -> Cow<'_, str> {
    match value.kind() {
        Kind::Null => "None".into(),
        Kind::Bool if value.is_truthy() => "True".into(),
        Kind::Bool => "False".into(),
        Kind::String => value.as_str().unwrap_or_default(),
        Kind::Int | Kind::Float => value.raw().into(),
        Kind::Array | Kind::Object => value.compact().into(),
    }
}

fn context<'a>(facts: &Facts<'a>) -> Result<Vec<ContextEntry<'a>>, RuleError> {
    let resource_id = resource_id(facts)?;
    let field = |key, name, missing| {
        let value = facts.get(name).map_or_else(|| quoted(missing).into(), |value| Cow::Borrowed(value.raw()));
        (key, value)
    };
    let mut entries = vec![
        field("resource_id", "resourceId", "<UNKNOWN_RESOURCE_ID>"),
        field("caller_ip", "callerIpAddress", "<UNKNOWN_CALLER_IP>"),
        field("operation_name", "operationName", "<UNKNOWN_OPERATION_NAME>"),
        field("result_type", "resultType", "<UNKNOWN_RESULT_TYPE>"),
        field("correlation_id", "correlationId", "<UNKNOWN_CORRELATION_ID>"),
        field("location", "location", "<UNKNOWN_LOCATION>"),
        field("tenant_id", "tenantId", "<UNKNOWN_TENANT_ID>"),
    ];
    let name = |key, marker| name_after(resource_id.as_deref(), marker).map(|name| (key, Cow::Owned(quoted(name))));
    entries.extend(name("storage_account_name", "storageAccounts"));
    entries.extend(name("resource_group", "resourceGroups"));
    let properties = facts.get("properties").filter(|properties| properties.is_truthy());
    entries.extend(properties.map(|properties| ("properties", Cow::Borrowed(properties.raw()))));
    entries.extend(name("keyvault_name", "vaults"));
    entries.extend(name("certificate_name", "certificates"));
    Ok(entries)
}

/// By the resource id alone, as Panther's title and context do.
fn access(facts: &Facts<'_>) -> Arc<VaultAccess> {
    let resource_id = resource_id(facts).ok().flatten();
    let name = |marker| name_after(resource_id.as_deref(), marker).map(str::to_owned);
    let object = name("certificates").map(|name| VaultObject { kind: ObjectKind::Certificate, name, version: None });
    Arc::new(VaultAccess::of_object(name("vaults"), object))
}

/// The segment after one of this name; an empty one counts as missing.
fn name_after<'i>(resource_id: Option<&'i str>, marker: &str) -> Option<&'i str> {
    segment_after(resource_id?, marker).filter(|name| !name.is_empty())
}

/// The resource id, `None` where Python calls it false.
fn resource_id<'a>(facts: &Facts<'a>) -> Result<Option<Cow<'a, str>>, RuleError> {
    match facts.get("resourceId").filter(|id| id.is_truthy()) {
        None => Ok(None),
        Some(id) => id.as_str().map(Some).ok_or_else(|| RuleError::not_a_string(id.kind(), "split")),
    }
}
