//! The names of windows and of the records that they belong to.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::alert::Match;
use crate::digest::Digest;

/// The key of a window: rule and dedup string.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WindowKey(Digest);

impl WindowKey {
    /// The key of a rule's matches with one dedup string.
    #[must_use]
    pub fn new(rule_id: &str, dedup: &str) -> Self {
        Self(Digest::of(&[rule_id, dedup]))
    }
}

/// A record, identified by its place in the hub, or by its content where the host did not say the place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RecordId(Digest);

impl RecordId {
    /// The id of a match's record.
    #[must_use]
    pub fn of(found: &Match) -> Self {
        let source = &found.record.source;
        let place = &source.place;
        let index = source.record_index.unwrap_or_default().to_string();
        match (&place.partition_id, place.sequence_number) {
            (Some(partition), Some(sequence)) => Self(Digest::of(&["place", partition, &sequence.to_string(), &index])),
            _ => Self(Digest::of(&["content", &found.record.squeezed()])),
        }
    }

    /// The id of a record that has another name, such as its number in a replay.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self(Digest::of(&[name]))
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}
