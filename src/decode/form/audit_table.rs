//! A row of `AZKVAuditLogs`, Key Vault's own table in Log Analytics.

use super::columns::{Columns, Fields};
use crate::json::{Kind, quoted};

/// Columns of which a row that does not name its table has several.
const OWN: &[&str] = &[
    "TimeGenerated",
    "_ResourceId",
    "HttpStatusCode",
    "RequestUri",
    "Id",
    "ClientInfo",
    "Identity",
    "CallerIpAddress",
];
/// How many of them.
const MIN_OWN: usize = 3;
/// The category of all rows: the table has no column for it.
const CATEGORY: &str = "AuditEvent";

pub(super) fn has_columns(columns: &Columns<'_, '_>) -> bool {
    columns.get(&["OperationName"]).is_some_and(|name| name.kind() == Kind::String)
        && columns.get(&["properties"]).is_none()
        && columns.count(OWN) >= MIN_OWN
        && is_of_key_vault(columns)
}

/// Whether the resource, or else an address, is Key Vault's.
fn is_of_key_vault(columns: &Columns<'_, '_>) -> bool {
    let of = |names: &[&str], word: &str| {
        columns.get(names).and_then(|value| value.as_str()).map(|text| text.to_ascii_lowercase().contains(word))
    };
    of(&["_ResourceId", "ResourceId"], "/microsoft.keyvault/")
        .unwrap_or_else(|| ["Id", "RequestUri"].iter().any(|name| of(&[name], ".vault").unwrap_or_default()))
}

/// Writes the row in the hub's form; `TenantId` is the workspace's, and left out.
pub(super) fn normal(columns: &Columns<'_, '_>) -> String {
    let mut fields = Fields::default();
    fields.add_times(columns);
    let category = columns.get(&["Category"]).map_or_else(|| quoted(CATEGORY), |category| category.raw().to_owned());
    fields.add_json("category", Some(&category));
    fields.add("resourceId", columns.get(&["_ResourceId", "ResourceId"]));
    match columns.object_text(&["Identity"]) {
        Some(identity) => fields.add_json("identity", Some(&identity)),
        None => fields.add_fields("identity", claims(columns)),
    }
    for name in TOP {
        fields.add(name, columns.column_of(name));
    }
    let mut properties = Fields::default();
    properties.add_number("httpStatusCode", columns.get(&["HttpStatusCode"]));
    for name in PROPERTIES {
        properties.add(name, columns.column_of(name));
    }
    fields.add_fields("properties", properties);
    fields.into_text()
}

/// The claims of a query that has them as columns of their own.
fn claims(columns: &Columns<'_, '_>) -> Fields {
    let mut claims = Fields::default();
    for name in ["oid", "appid", "upn", "tid", "ipaddr", "xms_mirid"] {
        claims.add(name, columns.get(&[name, &format!("identity_claim_{name}")]));
    }
    let mut identity = Fields::default();
    identity.add_fields("claim", claims);
    identity
}

/// What the hub's form has at the top, by the same names.
pub(super) const TOP: &[&str] = &[
    "operationName",
    "operationVersion",
    "resultType",
    "resultSignature",
    "resultDescription",
    "callerIpAddress",
    "correlationId",
    "durationMs",
    "location",
];

/// What the hub's form has in `properties`.
const PROPERTIES: &[&str] = &[
    "id",
    "requestUri",
    "clientInfo",
    "isRbacAuthorized",
    "isAccessPolicyMatch",
    "tlsVersion",
    "subnetId",
    "algorithm",
];
