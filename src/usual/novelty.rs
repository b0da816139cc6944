//! What is new in a read, and how much that weighs.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::Sighting;
use crate::severity::Severity;

/// How long what was first seen is called new.
const NEW_FOR: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What is new in a read.
#[expect(clippy::struct_excessive_bools, reason = "each is a thing that may be new, alone or with others")]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Novelty {
    /// The identity itself.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub identity: bool,
    /// The vault.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub vault: bool,
    /// The address range.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub address: bool,
    /// The client.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub client: bool,
    /// There are too many vaults, ranges or clients from now on to call one unusual.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub roams: bool,
    /// What was learnt before is gone.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub memory_lost: bool,
    /// Whether the identity is a person.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_person: bool,
    /// Whether the identity was first seen a few days ago.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_recent_identity: bool,
    /// Whether others of the tenant use the address range of a new identity.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_range_known: bool,
}

impl Novelty {
    /// A new identity.
    pub(super) fn of_identity(seen: &Sighting, is_range_known: bool) -> Self {
        let is_person = seen.is_person;
        Self { identity: true, is_recent_identity: true, is_person, is_range_known, ..Self::default() }
    }

    /// All that was learnt is gone.
    pub(super) fn of_lost_memory(seen: &Sighting) -> Self {
        Self { memory_lost: true, is_person: seen.is_person, ..Self::default() }
    }

    /// Whether nothing is new.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        !(self.identity || self.vault || self.address || self.client || self.roams || self.memory_lost)
    }

    /// How severe it is. Workloads do not travel, people do; what a client calls itself is cheap to change, so it never
    /// lowers a severity.
    #[must_use]
    pub fn severity(&self) -> Severity {
        match self {
            Self { memory_lost: true, .. } => Severity::High,
            Self { address: true, vault, client, .. } if *vault || *client => Severity::High,
            Self { roams: true, .. } => Severity::Medium,
            Self { identity: true, is_range_known: false, .. } | Self { address: true, is_person: false, .. } => {
                Severity::Medium
            }
            _ => Severity::Low,
        }
    }

    /// What is new in words: `new address, new client`.
    #[must_use]
    pub fn words(&self) -> String {
        let words = [
            (self.memory_lost, "what was usual is forgotten"),
            (self.identity, "new identity"),
            (self.address, "new address"),
            (self.vault, "new vault"),
            (self.client, "new client"),
            (self.roams, "too many to call one unusual from now on"),
        ];
        let words: Vec<_> = words.into_iter().filter(|(is_so, _)| *is_so).map(|(_, words)| words).collect();
        words.join(", ")
    }

    /// Whether what was first seen at a time is still called new.
    #[must_use]
    pub fn is_recent(first: Timestamp, now: Timestamp) -> bool {
        now.duration_since(first) < NEW_FOR
    }
}
