//! Where a record came from.

use serde::Serialize;

use crate::decode::Marks;

/// The place of one event: in a hub's partition, or in a file; null where nothing was said.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    /// The hub's partition.
    pub partition_id: Option<String>,
    /// The event's number in its partition.
    pub sequence_number: Option<i64>,
    /// The event's offset in its partition.
    pub offset: Option<String>,
    /// When the hub took the event, RFC 3339 UTC.
    pub enqueued_time: Option<String>,
    /// The file, in `replay` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The line in the file, from 1, in `replay` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
}

/// The place of one record: its event's place, and its number in the event.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Source {
    /// The event's place.
    #[serde(flatten)]
    pub place: Place,
    /// The record's number in the event, from 0; null where the whole event is meant.
    pub record_index: Option<usize>,
    /// What was done to the record's bytes before it could be read.
    #[serde(flatten)]
    pub marks: Marks,
}

impl Source {
    /// Whether the hub said where the record stands.
    #[must_use]
    pub fn is_known_to_hub(&self) -> bool {
        self.place.partition_id.is_some() && self.place.sequence_number.is_some()
    }
}
