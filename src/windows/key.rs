//! The names of windows and of the records that they belong to.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};

use crate::alert::Match;

/// 16 bytes of a hash, written as 32 hex digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Digest128([u8; 16]);

impl Digest128 {
    fn of(parts: &[&str]) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        let mut digest = [0; 16];
        for (byte, hashed) in digest.iter_mut().zip(hash.finalize()) {
            *byte = hashed;
        }
        Self(digest)
    }
}

impl fmt::Display for Digest128 {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

/// The key of a window: rule and dedup string.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct WindowKey(Digest128);

impl WindowKey {
    /// The key of a rule's matches with one dedup string.
    #[must_use]
    pub fn new(rule_id: &str, dedup: &str) -> Self {
        Self(Digest128::of(&[rule_id, dedup]))
    }
}

impl fmt::Display for WindowKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// A record, known by its place in the hub, or by its content where the host said nothing of a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RecordId(Digest128);

impl RecordId {
    /// The identity of a match's record.
    #[must_use]
    pub fn of(found: &Match) -> Self {
        let place = &found.source.place;
        let index = found.source.record_index.unwrap_or_default().to_string();
        match (&place.partition_id, place.sequence_number) {
            (Some(partition), Some(sequence)) => {
                Self(Digest128::of(&["place", partition, &sequence.to_string(), &index]))
            }
            _ => Self(Digest128::of(&["content", found.record.get()])),
        }
    }

    /// An identity for tests and models.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self(Digest128::of(&[name]))
    }
}

impl Serialize for RecordId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for RecordId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let number = (text.len() == 32).then(|| u128::from_str_radix(&text, 16).ok()).flatten();
        let number = number.ok_or_else(|| serde::de::Error::custom("not 32 hex digits"))?;
        Ok(Self(Digest128(number.to_be_bytes())))
    }
}
