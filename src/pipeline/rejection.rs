//! An event set aside, whole, because it could hide a match.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::Serialize;

use crate::alert::SCHEMA_VERSION;
use crate::decode::Reason;
use crate::json;
use crate::source::Source;

/// One line of a rejected blob.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Rejection {
    schema_version: &'static str,
    /// Why.
    pub reason: Reason,
    /// Why, in words.
    pub detail: String,
    /// The event, and the number of the first piece in it that made trouble.
    pub source: Source,
    /// The event's length in bytes.
    pub size: usize,
    /// The event's own bytes, whole, in base64.
    payload: String,
}

impl Rejection {
    /// Sets an event aside.
    #[must_use]
    pub fn new(reason: Reason, detail: String, source: Source, event: &[u8]) -> Self {
        let payload = BASE64_STANDARD.encode(event);
        Self { schema_version: SCHEMA_VERSION, reason, detail, source, size: event.len(), payload }
    }

    /// The line, with its line feed.
    #[must_use]
    pub fn to_line(&self) -> String {
        json::to_text(self) + "\n"
    }
}
