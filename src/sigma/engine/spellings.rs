//! The other names of a field: authors write some by a table of Log Analytics, and some as Event Hubs has them.

use std::collections::HashMap;

/// Names of tables that are more than another case of the hub's name; of several, the first that a record has.
const OF_TABLES: &[(&str, &[&str])] = &[
    ("OperationNameValue", &["operationName"]),
    ("CategoryValue", &["category"]),
    ("Category", &["properties.category", "category"]),
    ("ResourceProviderValue", &["properties.resourceProviderValue"]),
    ("_ResourceId", &["resourceId"]),
    ("ActivityStatusValue", &["resultType"]),
];

/// For each field that a rule names, under which other names a record may have it.
#[derive(Debug, Default)]
pub(super) struct Spellings(HashMap<String, Vec<String>>);

impl Spellings {
    pub(super) fn of(fields: impl Iterator<Item = String>) -> Self {
        Self(fields.map(|field| (field.clone(), others(&field))).collect())
    }

    /// Whether some rule asks for a field of this object.
    pub(super) fn asks_for_member_of(&self, object: &str) -> bool {
        self.0.keys().any(|field| field.strip_prefix(object).is_some_and(|rest| rest.starts_with('.')))
    }

    /// The other names of a field, the likeliest first.
    pub(super) fn of_field(&self, field: &str) -> &[String] {
        self.0.get(field).map_or(&[], Vec::as_slice)
    }
}

/// `DeviceDetail.trustType` is a column of a table, and `properties.deviceDetail.trustType` in the hub; and the other way.
fn others(field: &str) -> Vec<String> {
    let known = OF_TABLES.iter().find(|(name, _)| *name == field).map_or(&[][..], |(_, others)| others);
    let in_hub = in_each_part(field, char::to_ascii_lowercase);
    let in_table = in_each_part(field.strip_prefix("properties.").unwrap_or(field), char::to_ascii_uppercase);
    let mut others: Vec<String> = known.iter().map(|name| (*name).to_owned()).collect();
    others.extend([format!("properties.{field}"), format!("properties.{in_hub}"), in_hub, in_table]);
    let mut distinct: Vec<String> = Vec::new();
    for other in others {
        if other != field && !distinct.contains(&other) {
            distinct.push(other);
        }
    }
    distinct
}

/// The name with the first letter of each part in another case.
fn in_each_part(field: &str, change: fn(&char) -> char) -> String {
    let changed = |part: &str| {
        let mut letters = part.chars();
        letters.next().map(|first| change(&first)).into_iter().chain(letters).collect::<String>()
    };
    field.split('.').map(changed).collect::<Vec<_>>().join(".")
}
