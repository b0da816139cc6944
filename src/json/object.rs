//! One JSON object as its fields in order, each value still raw.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::Value;

/// An object's fields in the order of its text, duplicates included.
#[derive(Debug, Clone, Default)]
pub struct Object<'a> {
    fields: Vec<(Cow<'a, str>, Value<'a>)>,
}

impl<'a> Object<'a> {
    /// Reads one object; nesting of any depth is passed over without recursion.
    ///
    /// # Errors
    /// When `text` is not exactly one valid JSON object.
    pub fn parse(text: &'a str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// Looks a key up as `PantherEvent.get` does: the exact key first, else the first key that differs in case
    /// only; a key that occurs twice has its last value, as in Python's `json`.
    ///
    /// ASCII folding is exact for every key that the rules ask for (none holds a `k`, the one letter that a
    /// non-ASCII character lower-cases to).
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Value<'a>> {
        self.exact(name).or_else(|| {
            let spelled = self.keys().find(|key| key.eq_ignore_ascii_case(name))?;
            self.exact(spelled)
        })
    }

    /// Whether some key equals `name` ignoring ASCII case.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.keys().any(|key| key.eq_ignore_ascii_case(name))
    }

    /// The fields in order.
    pub fn fields(&self) -> impl Iterator<Item = (&str, Value<'a>)> {
        self.fields.iter().map(|(key, value)| (key.as_ref(), *value))
    }

    fn keys(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().map(|(key, _)| key.as_ref())
    }

    /// Looks a key up by exactly this name.
    #[must_use]
    pub fn exact(&self, name: &str) -> Option<Value<'a>> {
        // Length and first letter tell most keys apart, and are compared faster than the whole.
        let begins_alike = |key: &str| key.len() == name.len() && key.bytes().next() == name.bytes().next();
        let mut fields = self.fields.iter().rev();
        fields.find(|(key, _)| begins_alike(key) && key == name).map(|(_, value)| *value)
    }
}

impl<'de> Deserialize<'de> for Object<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Fields)
    }
}

struct Fields;

impl<'de> Visitor<'de> for Fields {
    type Value = Object<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields = Vec::with_capacity(24);
        while let Some(Key(key)) = map.next_key()? {
            fields.push((key, Value::from_raw(map.next_value::<&RawValue>()?)));
        }
        Ok(Object { fields })
    }
}

/// A key, borrowed from the text if it has no escapes.
#[derive(Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

/// Calls `each` with every element of a JSON array, in order, without holding them.
///
/// # Errors
/// When `text` is not exactly one valid JSON array; elements before the fault were already given out.
pub fn for_each_element<'a>(text: &'a str, each: &mut dyn FnMut(Value<'a>)) -> Result<(), serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    deserializer.deserialize_seq(Elements(each))?;
    deserializer.end()
}

struct Elements<'f, 'a>(&'f mut dyn FnMut(Value<'a>));

impl<'de> Visitor<'de> for Elements<'_, 'de> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while let Some(raw) = seq.next_element()? {
            (self.0)(Value::from_raw(raw));
        }
        Ok(())
    }
}
