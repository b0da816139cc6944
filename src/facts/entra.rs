//! Who made a call, in Entra's own logs: they have no claims, and each says it in its own way.

use super::identity::{Identity, text};
use crate::decode::Record;
use crate::json::{Object, Value, embedded_object};

/// How the categories of Entra's logs, and the tables of Log Analytics, end.
const ENDS: &[&str] = &["AuditLogs", "SignInLogs", "RiskEvents", "RiskyUsers", "RiskyServicePrincipals"];

/// The table of Key Vault's audit log, which ends as one of them does.
const KEY_VAULT: &str = "AZKVAuditLogs";

/// The id of the user or of the service principal that there is none of.
const NOBODY: &str = "00000000-0000-0000-0000-000000000000";

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
    identity.join(&of_object(&properties, ["servicePrincipalId", "userId"]));
    let initiator = properties.get("initiatedBy").and_then(embedded_object);
    let initiator = initiator.as_deref().and_then(|text| Object::parse(text).ok());
    for member in ["user", "app"] {
        let who = initiator.as_ref().and_then(|by| by.get(member)).and_then(|who| Object::parse(who.raw()).ok());
        // Its home tenant is not the one in which this was done.
        let who = who.map(|who| Identity { tenant_id: None, ..of_object(&who, ["id", "servicePrincipalId"]) });
        identity.join(&who.unwrap_or_default());
    }
}

/// What an object says of a caller, whose object id is the first of these members that says something.
fn of_object(object: &Object<'_>, object_ids: [&str; 2]) -> Identity {
    let said = |name: &str| text(object.get(name));
    Identity {
        object_id: object_ids.into_iter().filter_map(said).find(|id| id != NOBODY),
        app_id: said("appId"),
        upn: said("userPrincipalName").filter(|name| name.contains('@')),
        tenant_id: said("homeTenantId"),
        managed_identity_resource: None,
        caller_address: said("ipAddress"),
    }
}
