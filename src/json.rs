//! JSON text, taken apart lazily: objects as lists of raw fields, values as the text they came in.
//!
//! A record passes through the product untouched, so nothing here makes a tree: a value keeps its digits,
//! its escapes and its order until somebody asks for its text.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod compact;
mod measure;
mod object;
mod surrogates;
mod tokens;
mod value;

pub use measure::{ContextFault, python_dumps_len};
pub use object::{Object, for_each_element};
pub use surrogates::mend_lone_surrogates;
pub use tokens::{Token, Tokens};
pub use value::{Kind, Value};

use serde::Serialize;
use serde_json::value::RawValue;

/// Returns `text` as a JSON string literal, quotes included; non-ASCII stays as it is.
#[must_use]
pub fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Takes a text that this program has read as JSON before, or has made as such.
///
/// # Panics
/// When it is none: a bug here that must not cost an alert in silence.
#[must_use]
#[expect(clippy::expect_used, reason = "a text from elsewhere never comes here")]
pub fn raw_value(text: String) -> Box<RawValue> {
    RawValue::from_string(text).expect("a text that was JSON before")
}

/// The JSON text of one of our own values, of strings, numbers and lists.
///
/// # Panics
/// When it has none: a bug here that must not cost an alert in silence.
#[must_use]
#[expect(clippy::expect_used, reason = "such a value has JSON")]
pub fn to_text(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("a value of strings, numbers and lists")
}
