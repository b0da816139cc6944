//! JSON text, taken apart lazily: objects as lists of raw fields, values as the text they came in.
//!
//! A record passes through the product untouched, so nothing here makes a tree: a value keeps its digits,
//! its escapes and its order until somebody asks for its text.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod compact;
mod measure;
mod object;
mod outline;
mod pairs;
mod surrogates;
mod tokens;
mod value;

pub use measure::{ContextFault, python_dumps_len};
pub use object::{Object, for_each_element};
pub use outline::is_outlined_object;
pub use pairs::{Pairs, all_but};
pub use surrogates::mend_lone_surrogates;
pub use tokens::{Token, Tokens};
pub use value::{Kind, Value};

/// Returns `text` as a JSON string literal, quotes included; non-ASCII stays as it is.
#[must_use]
pub fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Whether a byte is below 0x20, which JSON has only between values.
#[must_use]
pub fn has_controls(text: &[u8]) -> bool {
    // Without a way out, so that the compiler makes vector code of it.
    text.iter().fold(false, |has_control, byte| has_control | (*byte < 0x20))
}

/// How many backslashes a text ends with.
#[must_use]
pub fn backslashes_at_end(text: &[u8]) -> usize {
    text.iter().rev().take_while(|byte| **byte == b'\\').count()
}
