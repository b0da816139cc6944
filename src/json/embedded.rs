//! JSON in a string in JSON, as forwarders and tables write what was an object before.

use std::borrow::Cow;

use super::Value;

/// How often an object may be encoded as a string; nobody was seen to do it more than twice.
const MAX_ENCODINGS: usize = 3;

/// The text of a value that is an object, or a string that holds the JSON of one, encoded once or several times.
#[must_use]
pub fn embedded_object(value: Value<'_>) -> Option<Cow<'_, str>> {
    let mut text = Cow::Borrowed(value.raw());
    for _ in 0..=MAX_ENCODINGS {
        let trimmed = text.trim_start();
        if trimmed.starts_with('{') {
            return Some(text);
        }
        if !trimmed.starts_with('"') {
            return None;
        }
        text = Cow::Owned(Value::parse(&text).ok()?.as_str()?.into_owned());
    }
    None
}
