//! What comes out of an event: records, and what is none.

use std::borrow::Cow;
use std::fmt;

use serde::Serialize;

use super::record::Record;

/// Why something in an event is no record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Reason {
    /// The event has no bytes, or nothing that is more than white space.
    Empty,
    /// The bytes are compressed, UTF-16 or another thing that is no UTF-8 text.
    Unreadable,
    /// Text that is not valid JSON.
    Malformed,
    /// Valid JSON where an object was expected.
    NotAnObject,
    /// An object without an operation name that may be wrapped around records, or an envelope that may hold one beside
    /// its list.
    Wrapper,
    /// Envelopes inside envelopes beyond any that Azure writes.
    TooDeep,
    /// Panther would raise a rule error: a field has a type that the rule cannot evaluate.
    RuleError,
    /// A record that holds the name of an operation that a rule is about, and does not say what decides.
    Undetermined,
    /// Evaluating the event panicked: a bug of ours, caught.
    Panic,
    /// The answer has no room for what may be found in it.
    #[serde(rename = "too-large")]
    TooLarge,
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(formatter)
    }
}

/// What comes out of an event, in order.
#[derive(Debug)]
pub enum Piece<'a> {
    /// A log line, with its place among everything in the event.
    Record {
        /// The log line.
        record: Record<'a>,
        /// How many pieces came before it.
        index: usize,
    },
    /// Something that is no record.
    Undecodable {
        /// Why.
        reason: Reason,
        /// Its text, repaired to UTF-8 where it had to be.
        text: Cow<'a, str>,
        /// How many pieces came before it.
        index: usize,
    },
    /// What an envelope holds besides its records; it comes after them and has no number.
    EnvelopeMembers {
        /// Its members but the lists, with their keys.
        text: String,
    },
}
