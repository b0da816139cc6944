//! A row of `AzureDiagnostics`, the table that all services share: what was nested is flattened into names with underscores,
//! and a suffix has the type.

use super::audit_table::TOP;
use super::columns::{Columns, Fields};
use crate::json::{Object, Value};

/// Columns of Key Vault's records in the table.
const OWN: &[&str] = &["id_s", "requestUri_s", "httpStatusCode_d", "httpStatusCode_s", "clientInfo_s"];
/// How the columns of claims begin.
const CLAIM: &str = "identity_claim_";
/// How columns end, by type: string, GUID, number, yes or no, time.
const SUFFIXES: &[&str] = &["_s", "_g", "_d", "_b", "_t"];
/// What rules and alerts ask of `properties`.
const KNOWN_PROPERTIES: &[&str] = &["id", "requestUri", "httpStatusCode", "clientInfo"];
/// How long names of claims end, and their short names.
const LONG_CLAIMS: &[(&str, &str)] = &[
    ("_identity_claims_objectidentifier", "oid"),
    ("_identity_claims_tenantid", "tid"),
    ("_identity_claims_upn", "upn"),
    ("_identity_claims_name", "unique_name"),
];

pub(super) fn has_columns(columns: &Columns<'_, '_>) -> bool {
    columns.count(OWN) > 0 || columns.object().fields().any(|(name, _)| claim_of(name).is_some())
}

/// Writes the row in the hub's form; `TenantId` is the workspace's, and left out.
pub(super) fn normal(columns: &Columns<'_, '_>) -> String {
    let mut fields = Fields::default();
    fields.add_times(columns);
    fields.add("category", columns.get(&["Category"]));
    fields.add("resourceId", columns.get(&["ResourceId", "_ResourceId"]));
    for name in TOP {
        fields.add(name, columns.column_of(name));
    }
    fields.add("resource", columns.get(&["Resource"]));
    let (mut claims, mut properties) = (Fields::default(), Fields::default());
    let mut add = |column: &str, value: Value<'_>| {
        if let Some(claim) = claim_of(column) {
            claims.add(claim, Some(value));
        } else if let Some(name) = property_of(column) {
            properties.add_number(name, Some(value));
        }
    };
    let said = columns.object().fields().filter(|(_, value)| !value.is_blank());
    said.for_each(|(column, value)| add(column, value));
    // A table has a greatest number of columns: what came after it was reached is in `AdditionalFields`. Some exports keep
    // `properties` whole.
    for column in ["AdditionalFields", "properties_s", "properties"] {
        let more = columns.object_text(&[column]);
        let more = more.as_deref().and_then(|text| Object::parse(text).ok()).unwrap_or_default();
        more.fields().filter(|(_, value)| !value.is_blank()).for_each(|(name, value)| add(name, value));
    }
    let mut identity = Fields::default();
    identity.add_fields("claim", claims);
    fields.add_fields("identity", identity);
    fields.add_fields("properties", properties);
    fields.into_text()
}

/// The claim that a column holds, by its short name.
fn claim_of(column: &str) -> Option<&str> {
    let name = without_suffix(column)?;
    let (start, claim) = name.split_at_checked(CLAIM.len())?;
    let long = LONG_CLAIMS.iter().find(|(end, _)| claim.to_ascii_lowercase().ends_with(end));
    start.eq_ignore_ascii_case(CLAIM).then(|| long.map_or(claim, |(_, short)| short))
}

/// The name in `properties` of what a column holds: the column's without the suffix, which the important ones may lack.
fn property_of(column: &str) -> Option<&str> {
    let is_known = || KNOWN_PROPERTIES.iter().any(|known| known.eq_ignore_ascii_case(column));
    without_suffix(column).or_else(|| is_known().then_some(column))
}

fn without_suffix(column: &str) -> Option<&str> {
    let (name, suffix) = column.split_at_checked(column.len().checked_sub(2)?)?;
    let is_suffix = SUFFIXES.iter().any(|known| known.eq_ignore_ascii_case(suffix));
    (is_suffix && !name.is_empty()).then_some(name)
}
