//! The trigger's value, taken down to the bytes of each event.
//!
//! The host's encodings (`ScriptInvocationContextExtensions`): an array travels as a JSON string that holds the
//! array's text; its elements are strings (dataType string), base64 (binary) or parsed values (no dataType); a single
//! event is a string in a string, or bare base64.

use std::borrow::Cow;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use crate::json::{Kind, Value, for_each_element};

/// Calls `each` with the bytes of every event, in order.
pub fn for_each_event(value: Value<'_>, each: &mut dyn FnMut(&[u8])) {
    let Some(text) = value.as_str() else { return events_of(value.raw(), each) };
    if text.starts_with('[') {
        return events_of(&text, each);
    }
    match Value::parse(&text) {
        Ok(inner) if inner.kind() == Kind::Object => each(inner.raw().as_bytes()),
        Ok(inner) if inner.kind() == Kind::String => {
            inner.as_str().into_iter().for_each(|event| each(event.as_bytes()))
        }
        Ok(_) | Err(_) => each(&event_bytes(text.trim(), is_base64(text.trim()))),
    }
}

/// Gives out the elements of a batch, or a text that is no batch. All of a batch has one encoding: it is base64 if every
/// string in it is.
fn events_of(text: &str, each: &mut dyn FnMut(&[u8])) {
    let mut events = Vec::new();
    if for_each_element(text, &mut |element| events.push(element)).is_err() {
        return each(text.as_bytes());
    }
    let is_binary = events.iter().all(|event| event.as_str().is_none_or(|text| is_base64(&text)));
    for event in events {
        match event.as_str() {
            Some(text) => each(&event_bytes(&text, is_binary)),
            None => each(event.raw().as_bytes()),
        }
    }
}

fn event_bytes(text: &str, is_binary: bool) -> Cow<'_, [u8]> {
    let decoded = is_binary.then(|| BASE64_STANDARD.decode(text).ok()).flatten();
    decoded.map_or(Cow::Borrowed(text.as_bytes()), Cow::Owned)
}

/// Whether text has the alphabet and the length of base64; JSON objects and arrays never do.
fn is_base64(text: &str) -> bool {
    let bytes = text.trim_end_matches('=').bytes();
    text.len().is_multiple_of(4)
        && bytes.len() + 2 >= text.len()
        && bytes.into_iter().all(|byte| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/')
}
