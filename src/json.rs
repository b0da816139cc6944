//! JSON text, taken apart lazily: objects as lists of raw fields, values as the text they came in.
//!
//! A record passes through the product untouched, so nothing here makes a tree: a value keeps its digits,
//! its escapes and its order until somebody asks for its text.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod embedded;
mod object;
mod python;
mod surrogates;
mod tokens;
mod value;

pub use embedded::{embedded_object, only_element};
pub use object::{Object, for_each_element};
pub use python::python_dumps_len;
pub use surrogates::mend_lone_surrogates;
pub use tokens::{Token, Tokens, string_len};
pub use value::{Kind, Value};

use std::borrow::Cow;

use serde::Serialize;
use serde_json::value::RawValue;

/// Returns bytes as text; what is not UTF-8 becomes U+FFFD.
#[must_use]
pub fn repaired_utf8(bytes: &[u8]) -> Cow<'_, str> {
    // The check alone is far quicker than the repair.
    std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
}

/// Returns `text` as a JSON string literal, quotes included; non-ASCII stays as it is.
#[must_use]
pub fn quoted(text: &str) -> String {
    to_text(&text)
}

/// Appends a text as a JSON string literal, quickly where its quotes are all that has to be escaped, as of JSON in JSON.
///
/// # Panics
/// When the text cannot be serialized, which would be a bug in this program: an alert must not get lost silently.
#[expect(clippy::expect_used, reason = "a string can always be serialized")]
pub fn push_quoted(json: &mut Vec<u8>, text: &str) {
    if text.bytes().fold(u8::MAX, u8::min) < b' ' {
        return serde_json::to_writer(json, text).expect("a string");
    }
    json.push(b'"');
    let (mut rest, mut escaped) = (text.as_bytes(), 0);
    while let Some(at) = memchr::memchr2(b'"', b'\\', rest.split_at(escaped).1) {
        let (plain, quote) = rest.split_at(escaped + at);
        json.extend_from_slice(plain);
        json.push(b'\\');
        (rest, escaped) = (quote, 1);
    }
    json.extend_from_slice(rest);
    json.push(b'"');
}

/// Wraps a text that this program has parsed as JSON before, or has written as JSON itself.
///
/// # Panics
/// When the text is not JSON, which is a bug in this program: an alert must not get lost silently.
#[must_use]
#[expect(clippy::expect_used, reason = "only text that this program has checked or made is passed in")]
pub fn raw_value(text: String) -> Box<RawValue> {
    RawValue::from_string(text).expect("a text that was JSON before")
}

/// Serializes a value of ours that holds only strings, numbers, lists and objects.
///
/// # Panics
/// When the value cannot be serialized, which is a bug in this program: an alert must not get lost silently.
#[must_use]
#[expect(clippy::expect_used, reason = "such a value can always be serialized")]
pub fn to_text(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("a value of strings, numbers, lists and objects")
}
