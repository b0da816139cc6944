//! A record as a Sigma rule sees it.

use std::borrow::Cow;
use std::cell::OnceCell;

use rsigma_eval::event::JsonEvent;
use rsigma_eval::{Event, EventValue};
use serde_json::{Map, Value, json};

use super::object_text::ObjectText;
use super::spellings::Spellings;
use crate::decode::Record;
use crate::facts::{Identity, VaultAccess};

/// The field that the Activity Log's table has, and its records in the hub do not.
const PROVIDER: &str = "ResourceProviderValue";
/// The object of fields that no log has: who accessed what, as the rules of this program count it.
const ACCESSED: &str = "accessed";

/// A record with all that it says, in the order in which a field is looked for.
pub(super) struct RecordEvent<'r> {
    record: &'r Record<'r>,
    /// The record as it came.
    own: ObjectText<'r>,
    /// Its fields that are JSON in a text, opened.
    opened: JsonEvent<'static>,
    /// What follows from the record, once something was asked for that it does not have itself.
    derived: OnceCell<JsonEvent<'static>>,
    /// The record in the hub's form, where it came in another one.
    normal: Option<ObjectText<'r>>,
    spellings: &'r Spellings,
    /// Whether a field is a text that looks like JSON and is none.
    pub(super) is_opaque: bool,
}

impl<'r> RecordEvent<'r> {
    /// Begins with nothing looked up; `None` if the text is no object, which no record's is.
    pub(super) fn of(record: &'r Record<'r>, spellings: &'r Spellings) -> Option<Self> {
        let own = ObjectText::of_record(record)?;
        let normal = record.normal().and_then(|normal| ObjectText::of_text(&normal.text));
        let (opened, is_opaque) = opened(&own);
        let opened = JsonEvent::owned(Value::Object(opened));
        Some(Self { record, own, opened, derived: OnceCell::new(), normal, spellings, is_opaque })
    }

    fn derived(&self) -> &JsonEvent<'static> {
        self.derived.get_or_init(|| {
            let mut derived = Map::new();
            derived.extend(provider(self.record).map(|provider| (PROVIDER.to_owned(), json!(provider))));
            if self.spellings.asks_for_member_of(ACCESSED) {
                derived.insert(ACCESSED.to_owned(), accessed(self.record));
            }
            JsonEvent::owned(Value::Object(derived))
        })
    }

    /// Whether something was asked for that is beyond what can be read as values.
    pub(super) fn is_unreadable(&self) -> bool {
        self.own.is_unreadable.get() || self.normal.as_ref().is_some_and(|normal| normal.is_unreadable.get())
    }

    /// A field by its name: a single value before an object, as the REST API has one around a name and its translation.
    fn get(&self, path: &str) -> Option<EventValue<'_>> {
        let first = self.own.get(path);
        if first.as_ref().is_some_and(|value| !matches!(value, EventValue::Map(_))) {
            return first;
        }
        let opened = || self.opened.get_field(path).into_iter();
        let normal = || self.normal.as_ref().and_then(|normal| normal.get(path)).into_iter();
        let others = || opened().chain(normal()).chain(self.derived().get_field(path));
        let is_single = |value: &EventValue<'_>| !matches!(value, EventValue::Map(_));
        others().find(is_single).or(first).or_else(|| others().next())
    }

    /// All that it says, as values.
    fn wholes(&self) -> impl Iterator<Item = &JsonEvent<'static>> {
        let normal = self.normal.as_ref().and_then(ObjectText::whole);
        self.own.whole().into_iter().chain([&self.opened]).chain(normal)
    }
}

impl Event for RecordEvent<'_> {
    fn get_field(&self, path: &str) -> Option<EventValue<'_>> {
        self.get(path).or_else(|| self.spellings.of_field(path).iter().find_map(|other| self.get(other)))
    }

    fn any_string_value(&self, holds: &dyn Fn(&str) -> bool) -> bool {
        self.wholes().any(|whole| whole.any_string_value(holds))
    }

    fn all_string_values(&self) -> Vec<Cow<'_, str>> {
        self.wholes().flat_map(Event::all_string_values).collect()
    }

    fn visit_string_values(&self, visit: &mut dyn FnMut(&str)) {
        self.wholes().for_each(|whole| whole.visit_string_values(visit));
    }

    fn to_json(&self) -> Value {
        self.own.whole().map_or(Value::Null, Event::to_json)
    }
}

/// The fields that are JSON in a text, read; and whether one of them cannot be.
fn opened(record: &ObjectText<'_>) -> (Map<String, Value>, bool) {
    let (mut opened, mut is_opaque) = (Map::new(), false);
    for (name, value) in record.fields() {
        // Nearly no field is one, so its first letter is asked first; a blank may be written as an escape.
        let may_be = value.raw().strip_prefix('"').is_some_and(|text| text.starts_with(['{', '[', ' ', '\\']));
        let Some(text) = value.as_str().filter(|_| may_be) else { continue };
        if !text.trim_start().starts_with(['{', '[']) {
            continue;
        }
        match serde_json::from_str::<Value>(&text) {
            Ok(value) => drop(opened.insert(name.to_owned(), value)),
            Err(_) => is_opaque |= text.trim_start().starts_with('{'),
        }
    }
    (opened, is_opaque)
}

/// The resource provider of an operation: `Microsoft.KeyVault` of `Microsoft.KeyVault/vaults/write`.
fn provider(record: &Record<'_>) -> Option<String> {
    let operation = record.get("operationName")?.as_str()?;
    let (provider, _) = operation.split_once('/')?;
    provider.contains('.').then(|| provider.to_owned())
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
