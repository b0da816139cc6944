//! A stretch of the chain: one append blob, and the snapshot that it begins with.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// The prefix of the append blobs' names.
const STRETCHES: &str = "log/";
/// The prefix of the snapshots' names.
pub const SNAPSHOTS: &str = "snapshots/";

/// When a stretch is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// At how many bytes.
    pub bytes: u64,
    /// At how many blocks; the service allows 50,000.
    pub blocks: u64,
    /// At what age.
    pub age: SignedDuration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 8 << 20, blocks: 40_000, age: SignedDuration::from_hours(24) }
    }
}

/// One stretch, and how far it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Stretch {
    /// Its number, from 0.
    pub number: u64,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When the two before it were opened, the later of them first.
    earlier: Vec<Timestamp>,
    /// How many bytes of it have been read.
    #[serde(skip)]
    pub offset: u64,
}

impl Stretch {
    /// The first one of a chain.
    pub(super) fn first(now: Timestamp) -> Self {
        Self { number: 0, opened_at: now, earlier: Vec::new(), offset: 0 }
    }

    /// The one after this.
    pub(super) fn following(&self, opened_at: Timestamp) -> Self {
        let earlier = std::iter::once(self.opened_at).chain(self.earlier.first().copied()).collect();
        Self { number: self.number + 1, opened_at, earlier, offset: 0 }
    }

    /// The name of its append blob.
    #[must_use]
    pub fn log_name(&self) -> String {
        log_name(self.opened_at, self.number)
    }

    /// Its blobs.
    pub(super) fn names(&self) -> Vec<String> {
        vec![self.log_name(), snapshot_name(self.number)]
    }

    /// The blobs of the stretch two before it. Those of the one in between stay for instances that still read them.
    pub(super) fn names_two_back(&self) -> Vec<String> {
        let two_back = self.number.checked_sub(2).zip(self.earlier.get(1));
        two_back.map_or_else(Vec::new, |(number, opened_at)| vec![log_name(*opened_at, number), snapshot_name(number)])
    }
}

fn log_name(opened_at: Timestamp, number: u64) -> String {
    format!("{STRETCHES}{}-{number:010}", opened_at.strftime("%Y%m%dT%H%M%SZ"))
}

/// The name of the snapshot that a stretch begins with.
pub(super) fn snapshot_name(number: u64) -> String {
    format!("{SNAPSHOTS}{number:010}.json")
}

/// The number in the name of a snapshot.
#[must_use]
pub fn snapshot_number(name: &str) -> Option<u64> {
    name.strip_prefix(SNAPSHOTS)?.strip_suffix(".json")?.parse().ok()
}
