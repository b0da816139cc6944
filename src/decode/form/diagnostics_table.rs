//! A row of `AzureDiagnostics`, the table that all services share: what was nested is flattened into names with underscores,
//! and a suffix has the type.

use super::audit_table::TOP;
use super::columns::{Columns, Fields, is_blank};

/// Columns of Key Vault's records in the table.
const OWN: &[&str] = &["id_s", "requestUri_s", "httpStatusCode_d", "httpStatusCode_s", "clientInfo_s"];
/// How the columns of claims begin.
const CLAIM: &str = "identity_claim_";
/// How columns end, by type: string, GUID, number, yes or no, time.
const SUFFIXES: &[&str] = &["_s", "_g", "_d", "_b", "_t"];
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
    fields.add("time", columns.get(&["TimeGenerated", "time"]));
    fields.add("category", columns.get(&["Category"]));
    fields.add("resourceId", columns.get(&["ResourceId", "_ResourceId"]));
    for name in TOP {
        fields.add(name, columns.get(&[name]));
    }
    let (mut claims, mut properties) = (Fields::default(), Fields::default());
    for (column, value) in columns.object().fields() {
        let value = Some(value).filter(|value| !is_blank(*value));
        if let Some(claim) = claim_of(column) {
            claims.add(claim, value);
        } else if let Some(name) = without_suffix(column) {
            properties.add_number(name, value);
        }
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

fn without_suffix(column: &str) -> Option<&str> {
    SUFFIXES.iter().find_map(|suffix| column.strip_suffix(suffix)).filter(|name| !name.is_empty())
}
