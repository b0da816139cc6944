//! A hub's record whose members a forwarder flattened into dotted names, such as `properties.httpStatusCode`.

use super::columns::{Columns, Fields};

/// How the names begin that are nested again, and the members that they belong to.
const PROPERTIES: &str = "properties.";
const CLAIMS: &[(&str, &str)] = &[("identity.claim.", "claim"), ("identity.claims.", "claims")];

pub(super) fn has_columns(columns: &Columns<'_, '_>) -> bool {
    let is_nested =
        |name: &str| rest(name, PROPERTIES).is_some() || CLAIMS.iter().any(|(start, _)| rest(name, start).is_some());
    columns.object().fields().any(|(name, _)| is_nested(name))
}

/// Writes the record with its members nested as Azure Monitor nests them.
pub(super) fn normal(columns: &Columns<'_, '_>) -> String {
    let (mut fields, mut properties) = (Fields::default(), Fields::default());
    for (name, value) in columns.object().fields() {
        match rest(name, PROPERTIES) {
            Some(member) => properties.add(member, Some(value)),
            None => fields.add(name, Some(value)),
        }
    }
    let mut identity = Fields::default();
    for (start, member) in CLAIMS {
        let mut claims = Fields::default();
        let members = columns.object().fields().filter_map(|(name, value)| Some((rest(name, start)?, value)));
        members.for_each(|(claim, value)| claims.add(claim, Some(value)));
        identity.add_fields(member, claims);
    }
    fields.add_fields("properties", properties);
    fields.add_fields("identity", identity);
    fields.into_text()
}

/// What follows the start of a name, in any case.
fn rest<'n>(name: &'n str, start: &str) -> Option<&'n str> {
    let (first, rest) = name.split_at_checked(start.len())?;
    first.eq_ignore_ascii_case(start).then_some(rest)
}
