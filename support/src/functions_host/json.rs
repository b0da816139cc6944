//! A JSON value that keeps what `serde_json::Value` drops: member order and the digits of numbers.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// Nesting that Newtonsoft.Json 13 reads by default (functions-host §4).
pub const DEFAULT_DEPTH: usize = 64;

/// One JSON value as the text has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Json {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, digit for digit.
    Number(String),
    /// A string, unescaped.
    Text(String),
    /// An array.
    Array(Vec<Json>),
    /// An object in the order of the text; of a name given twice the last value stays, in the first place.
    Object(Vec<(String, Json)>),
}

/// Why a text is not JSON, or not JSON that Newtonsoft would read.
#[derive(Debug, thiserror::Error)]
pub enum JsonFailure {
    /// Not JSON. Stricter than Newtonsoft, which also reads comments, single quotes and bare names.
    #[error("not JSON: {0}")]
    Syntax(#[from] serde_json::Error),
    /// Nested deeper than allowed.
    #[error("nested deeper than {0}")]
    TooDeep(usize),
}

impl Json {
    /// Reads a text as `JToken.Parse` does: no deeper than [`DEFAULT_DEPTH`].
    pub fn parse(text: &str) -> Result<Self, JsonFailure> {
        Self::parse_within(text, DEFAULT_DEPTH)
    }

    /// Reads a text nested no deeper than `depth`.
    pub fn parse_within(text: &str, depth: usize) -> Result<Self, JsonFailure> {
        read(serde_json::from_str(text)?, depth, depth)
    }

    /// The member of an object with exactly this name.
    pub fn member(&self, name: &str) -> Option<&Self> {
        self.find(|key| key == name)
    }

    /// The member of an object with this name, ignoring case as Newtonsoft does for typed objects.
    pub fn member_ignoring_case(&self, name: &str) -> Option<&Self> {
        self.member(name).or_else(|| self.find(|key| key.eq_ignore_ascii_case(name)))
    }

    fn find(&self, wanted: impl Fn(&str) -> bool) -> Option<&Self> {
        let Self::Object(members) = self else {
            return None;
        };
        members.iter().find(|(key, _)| wanted(key)).map(|(_, value)| value)
    }
}

fn read(raw: &RawValue, left: usize, limit: usize) -> Result<Json, JsonFailure> {
    let text = raw.get();
    let inside = || left.checked_sub(1).ok_or(JsonFailure::TooDeep(limit));
    match text.as_bytes().first() {
        Some(b'{') => {
            let left = inside()?;
            let members: Members<'_> = serde_json::from_str(text)?;
            let mut object: Vec<(String, Json)> = Vec::with_capacity(members.0.len());
            for (name, value) in members.0 {
                let value = read(value, left, limit)?;
                match object.iter_mut().find(|(known, _)| *known == name) {
                    Some(known) => known.1 = value,
                    None => object.push((name, value)),
                }
            }
            Ok(Json::Object(object))
        }
        Some(b'[') => {
            let left = inside()?;
            let elements: Vec<&RawValue> = serde_json::from_str(text)?;
            elements.into_iter().map(|element| read(element, left, limit)).collect::<Result<_, _>>().map(Json::Array)
        }
        Some(b'"') => Ok(Json::Text(serde_json::from_str(text)?)),
        Some(b'n') => Ok(Json::Null),
        Some(b't' | b'f') => Ok(Json::Bool(serde_json::from_str(text)?)),
        _ => Ok(Json::Number(text.to_owned())),
    }
}

struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}
