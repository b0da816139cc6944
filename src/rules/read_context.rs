//! The alert context of the rules that read either log: one set of keys, null where the record does not say.

use std::borrow::Cow;

use crate::facts::Facts;
use crate::json::quoted;
use crate::key_vault::ObjectKind;

use super::RuleError;
use super::panther::ContextEntry;

/// Panther's `alert_context()`: what, where, how it ended, and who.
#[expect(clippy::unnecessary_wraps, reason = "the signature of a rule's function")]
pub(super) fn context<'a>(facts: &Facts<'a>) -> Result<Vec<ContextEntry<'a>>, RuleError> {
    let (access, identity) = (facts.access(), facts.identity());
    let object = access.object.as_ref();
    let is_certificate = object.is_some_and(|object| object.kind == ObjectKind::Certificate);
    Ok(vec![
        field(facts, "resource_id", "resourceId"),
        text("keyvault_name", access.vault.as_deref()),
        text("object_kind", object.map(|object| object.kind.as_str())),
        text("object_name", access.object_name()),
        text("object_version", object.and_then(|object| object.version.as_deref())),
        text("certificate_name", access.object_name().filter(|_| is_certificate)),
        field(facts, "operation_name", "operationName"),
        ("http_status", access.http_status.clone().unwrap_or_else(null).into()),
        field(facts, "result_signature", "resultSignature"),
        field(facts, "result_type", "resultType"),
        text("caller_upn", identity.upn.as_deref()),
        text("caller_object_id", identity.object_id.as_deref()),
        text("caller_app_id", identity.app_id.as_deref()),
        text("caller_app_name", identity.app_name()),
        text("caller_managed_identity", identity.managed_identity_resource.as_deref()),
        text("caller_ip", identity.caller_address.as_deref()),
        text("caller_ip_scope", identity.ip_scope()),
        text("client_info", access.client_info.as_deref()),
        field(facts, "correlation_id", "correlationId"),
        field(facts, "location", "location"),
        text("tenant_id", identity.tenant_id.as_deref()),
    ])
}

/// A field as it came.
fn field<'a>(facts: &Facts<'a>, key: &'static str, name: &str) -> ContextEntry<'a> {
    (key, facts.get(name).map_or_else(|| null().into(), |value| Cow::Borrowed(value.raw())))
}

fn text<'a>(key: &'static str, text: Option<&str>) -> ContextEntry<'a> {
    (key, text.map_or_else(null, quoted).into())
}

fn null() -> String {
    "null".to_owned()
}
