//! A record as a Sigma rule sees it.

use std::borrow::Cow;

use rsigma_eval::event::JsonEvent;
use rsigma_eval::{Event, EventValue};
use serde_json::{Map, Value, json};

use super::spellings::Spellings;
use crate::decode::Record;
use crate::facts::{Identity, VaultAccess};

/// The field that the Activity Log's table has, and its records in the hub do not.
const PROVIDER: &str = "ResourceProviderValue";

/// The object of fields that no log has: who accessed what, as the rules of this program count it.
const ACCESSED: &str = "accessed";

/// A record with all that it says, in the order in which a field is looked for.
pub(super) struct RecordEvent<'s> {
    /// The record as it came; its fields that are JSON in a text, opened; the record in the hub's form, where it came in
    /// another one; what follows from it.
    layers: Vec<JsonEvent<'static>>,
    spellings: &'s Spellings,
    /// Whether a field is a text that looks like JSON and is none.
    pub(super) is_opaque: bool,
}

impl<'s> RecordEvent<'s> {
    /// Reads a record; `None` if it has a number or a nesting beyond what can be read as values.
    pub(super) fn of(record: &Record<'_>, spellings: &'s Spellings) -> Option<Self> {
        let value: Value = serde_json::from_str(record.raw()).ok()?;
        let normal: Option<Value> =
            record.normal().map(|normal| serde_json::from_str(&normal.text)).transpose().ok()?;
        let (mut opened, is_opaque) = opened(&value);
        if let Some(provider) = provider(normal.as_ref().unwrap_or(&value)) {
            opened.insert(PROVIDER.to_owned(), json!(provider));
        }
        if spellings.asks_for(ACCESSED) {
            opened.insert(ACCESSED.to_owned(), accessed(record));
        }
        let layers = [Some(value), Some(Value::Object(opened)), normal].into_iter().flatten();
        Some(Self { layers: layers.map(JsonEvent::owned).collect(), spellings, is_opaque })
    }

    /// A field by its name: a single value before an object, as the REST API has one around a name and its translation.
    fn get(&self, path: &str) -> Option<EventValue<'_>> {
        let found = || self.layers.iter().filter_map(|layer| layer.get_field(path));
        found().find(|value| !matches!(value, EventValue::Map(_))).or_else(|| found().next())
    }
}

impl Event for RecordEvent<'_> {
    fn get_field(&self, path: &str) -> Option<EventValue<'_>> {
        self.get(path).or_else(|| self.spellings.of_field(path).iter().find_map(|other| self.get(other)))
    }

    fn any_string_value(&self, holds: &dyn Fn(&str) -> bool) -> bool {
        self.layers.iter().any(|layer| layer.any_string_value(holds))
    }

    fn all_string_values(&self) -> Vec<Cow<'_, str>> {
        self.layers.iter().flat_map(Event::all_string_values).collect()
    }

    fn visit_string_values(&self, visit: &mut dyn FnMut(&str)) {
        self.layers.iter().for_each(|layer| layer.visit_string_values(visit));
    }

    fn to_json(&self) -> Value {
        self.layers.first().map_or(Value::Null, Event::to_json)
    }
}

/// The fields that are JSON in a text, read; and whether one of them cannot be.
fn opened(record: &Value) -> (Map<String, Value>, bool) {
    let (mut opened, mut is_opaque) = (Map::new(), false);
    let texts = record.as_object().into_iter().flatten().filter_map(|(name, value)| Some((name, value.as_str()?)));
    for (name, text) in texts.filter(|(_, text)| text.trim_start().starts_with(['{', '['])) {
        match serde_json::from_str::<Value>(text) {
            Ok(value) => drop(opened.insert(name.clone(), value)),
            Err(_) => is_opaque |= text.trim_start().starts_with('{'),
        }
    }
    (opened, is_opaque)
}

/// The resource provider of an operation: `Microsoft.KeyVault` of `Microsoft.KeyVault/vaults/write`.
fn provider(record: &Value) -> Option<&str> {
    let operation = record.get("operationName")?.as_str()?;
    Some(operation.split_once('/')?.0).filter(|provider| provider.contains('.'))
}

/// Who accessed which vault, and which object in it: one key for each identity, and one name for an object and its versions.
fn accessed(record: &Record<'_>) -> Value {
    let access = VaultAccess::of(record);
    let name = access.object_name().map(str::to_ascii_lowercase);
    let object = access.vault.as_ref().zip(name).map(|(vault, name)| format!("{vault}/{name}"));
    let mut fields = Map::new();
    fields.insert("identity".to_owned(), json!(Identity::of(record).key()));
    fields.extend(access.vault.as_ref().map(|vault| ("vault".to_owned(), json!(vault))));
    fields.extend(object.map(|object| ("object".to_owned(), json!(object))));
    Value::Object(fields)
}
