//! Who made a call, in Entra's own logs: they have no claims, and each says it in its own way.

use super::Identity;
use crate::decode::Record;
use crate::json::{Object, Value, embedded_object};

/// How the categories of Entra's logs, and the tables of Log Analytics, end.
const ENDS: &[&str] = &["AuditLogs", "SignInLogs", "RiskEvents", "RiskyUsers", "RiskyServicePrincipals"];

/// The table of Key Vault's audit log, which ends as one of them does.
const KEY_VAULT: &str = "AZKVAuditLogs";

/// Whether a record is of Entra's logs, by its category or its table: a row has a category of its own.
pub(super) fn is_of_entra(record: &Record<'_>) -> bool {
    let table = record.get("Type").and_then(Value::as_str).unwrap_or_default();
    is_entras(&record.category()) || is_entras(&table)
}

fn is_entras(name: &str) -> bool {
    let ends_with = |end: &&str| {
        let start = name.len().checked_sub(end.len());
        start.and_then(|start| name.get(start..)).is_some_and(|tail| tail.eq_ignore_ascii_case(end))
    };
    !name.eq_ignore_ascii_case(KEY_VAULT) && ENDS.iter().any(ends_with)
}

/// Fills in what a record of Entra's logs says of its caller; any other record stays as it is.
pub(super) fn complete(identity: &mut Identity, record: &Record<'_>) {
    if !is_of_entra(record) {
        return;
    }
    // A row of a table has at the top what the hub's record has in its properties.
    let properties = record.object_text("properties").unwrap_or_else(|| record.raw().into());
    let properties = Object::parse(&properties).unwrap_or_default();
    identity.join(&of_object(&properties));
    let initiator = properties.get("initiatedBy").and_then(embedded_object);
    let initiator = initiator.as_deref().and_then(|text| Object::parse(text).ok());
    for member in ["user", "app"] {
        let who = initiator.as_ref().and_then(|by| by.get(member)).and_then(|who| Object::parse(who.raw()).ok());
        identity.join(&who.map_or_else(Identity::default, |who| of_initiator(&who)));
    }
}

/// The members of a sign-in or of a risk.
fn of_object(properties: &Object<'_>) -> Identity {
    let text = |names: &[&str]| names.iter().find_map(|name| said(properties.get(name)));
    Identity {
        object_id: text(&["userId", "servicePrincipalId"]),
        app_id: text(&["appId"]),
        upn: text(&["userPrincipalName"]).filter(|name| name.contains('@')),
        tenant_id: text(&["homeTenantId"]),
        managed_identity_resource: None,
        caller_address: text(&["ipAddress"]),
    }
}

/// The user or the application that the audit log names.
fn of_initiator(who: &Object<'_>) -> Identity {
    let text = |names: &[&str]| names.iter().find_map(|name| said(who.get(name)));
    Identity {
        object_id: text(&["id", "servicePrincipalId"]),
        app_id: text(&["appId"]),
        upn: text(&["userPrincipalName"]).filter(|name| name.contains('@')),
        caller_address: text(&["ipAddress"]),
        ..Identity::default()
    }
}

fn said(value: Option<Value<'_>>) -> Option<String> {
    value?.as_str().map(std::borrow::Cow::into_owned).filter(|text| !text.trim().is_empty())
}
