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
    match value.kind() {
        Kind::String => {
            let text = value.as_str().unwrap_or_default();
            match Value::parse(&text) {
                Ok(inner) if inner.kind() == Kind::Array => events(inner, each),
                Ok(inner) if inner.kind() == Kind::String => each(inner.as_str().unwrap_or_default().as_bytes()),
                Ok(inner) if inner.kind() == Kind::Object => each(inner.raw().as_bytes()),
                Ok(_) | Err(_) => each(&event_bytes(text.trim(), is_base64(text.trim()))),
            }
        }
        Kind::Array => events(value, each),
        _ => each(value.raw().as_bytes()),
    }
}

/// Gives out the elements of a batch. All of a batch has one encoding: it is base64 where every string in it is.
fn events(array: Value<'_>, each: &mut dyn FnMut(&[u8])) {
    let mut is_binary = true;
    let mut scan = |element: Value<'_>| {
        is_binary =
            is_binary && (element.kind() != Kind::String || element.as_str().is_some_and(|text| is_base64(&text)));
    };
    let scanned = for_each_element(array.raw(), &mut scan);
    debug_assert!(scanned.is_ok(), "serde has already checked the array");
    let read = for_each_element(array.raw(), &mut |element| match element.as_str() {
        Some(text) => each(&event_bytes(&text, is_binary)),
        None => each(element.raw().as_bytes()),
    });
    debug_assert!(read.is_ok(), "serde has already checked the array");
}

fn event_bytes(text: &str, is_binary: bool) -> Cow<'_, [u8]> {
    let decoded = is_binary.then(|| BASE64_STANDARD.decode(text).ok()).flatten();
    decoded.map_or(Cow::Borrowed(text.as_bytes()), Cow::Owned)
}

/// Whether text has the alphabet and the length of base64; JSON objects and arrays never have.
fn is_base64(text: &str) -> bool {
    let bytes = text.trim_end_matches('=').bytes();
    text.len().is_multiple_of(4)
        && bytes.len() + 2 >= text.len()
        && bytes.into_iter().all(|byte| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/')
}
