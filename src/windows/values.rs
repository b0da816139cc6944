//! The values that one key counts, each with its reads.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Deserializer, Serialize};

use super::busiest::busiest;
use super::{Entry, Period, RecordId};
use crate::counted::{Names, Span};
use crate::private_key::Reads;

/// How many reads of a key are counted; more than the largest threshold.
const MAX_READS: usize = 12_000;
/// How many are left when there are too many: the latest.
pub(super) const KEPT_READS: usize = 10_000;
/// How long values count after their window, so that a partition that lags is counted with the others.
pub(super) const VALUES_AFTER_WINDOW: SignedDuration = SignedDuration::from_hours(6);
/// About how many bytes a read takes besides its value.
const WEIGHT_OF_READ: usize = 144;

/// The reads of each value that still count.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Values {
    #[serde(deserialize_with = "without_spare_room")]
    reads: BTreeMap<Arc<str>, Vec<Read>>,
    /// How many reads there are.
    #[serde(skip)]
    pub(super) count: usize,
    /// About how many bytes they take.
    #[serde(skip)]
    pub(super) weight: usize,
    /// Until when all of them count.
    #[serde(skip)]
    all_until: Option<Timestamp>,
}

/// One read of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Read {
    pub(super) time: Timestamp,
    /// Until when, by the hub's clock, it counts.
    until: Timestamp,
    record: RecordId,
    /// The window under which it was written, in minutes.
    minutes: u32,
    /// What was read of the value.
    #[serde(default, skip_serializing_if = "Reads::is_empty")]
    reads: Reads,
}

impl Values {
    /// How many distinct values there are.
    pub(super) fn len(&self) -> usize {
        self.reads.len()
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.reads.is_empty()
    }

    /// All reads.
    pub(super) fn reads(&self) -> impl Iterator<Item = &Read> {
        self.reads.values().flatten()
    }

    /// The value as it is kept here, to share its text.
    pub(super) fn known(&self, value: &str) -> Option<&Arc<str>> {
        self.reads.get_key_value(value).map(|(known, _)| known)
    }

    /// Whether an entry adds nothing to a read of the same value.
    pub(super) fn cover(&self, entry: &Entry) -> bool {
        self.reads.get(&entry.value).is_some_and(|reads| reads.iter().any(|read| read.covers(entry)))
    }

    /// Adds the read of an entry; beyond the limit the oldest reads go.
    pub(super) fn add(&mut self, entry: &Entry, clock: Timestamp) {
        let until = later(clock, entry.period.span().saturating_add(VALUES_AFTER_WINDOW));
        let Entry { time, record, reads, .. } = *entry;
        let read = Read { time, until, record, minutes: entry.period.minutes, reads };
        match self.reads.get_mut(&entry.value) {
            Some(reads) => reads.push(read),
            None => drop(self.reads.insert(entry.value.clone(), vec![read])),
        }
        self.all_until = self.all_until.into_iter().chain([until]).min();
        self.count += 1;
        self.weight += WEIGHT_OF_READ + entry.value.len();
        if self.count > MAX_READS {
            let mut ages: Vec<_> = self.reads().map(|read| (read.time, read.record)).collect();
            let oldest = *ages.select_nth_unstable_by_key(KEPT_READS - 1, |age| Reverse(*age)).1;
            self.retain(|read| (read.time, read.record) >= oldest);
        }
    }

    /// Drops what no longer counts at this time of the hub.
    pub(super) fn forget(&mut self, clock: Timestamp) {
        if self.all_until.is_some_and(|until| until <= clock) {
            self.retain(|read| read.until > clock);
        }
    }

    /// The values of the busiest window around a moment, and its first and last read.
    pub(super) fn densest(&self, moment: Timestamp, period: Period) -> (Names, Option<Span>) {
        let reads =
            self.reads.iter().flat_map(|(value, reads)| reads.iter().map(move |read| (read.time, value, read.reads)));
        busiest(reads, moment, period.span())
    }

    /// How many distinct values were read between two moments.
    pub(super) fn between(&self, from: Timestamp, to: Timestamp) -> usize {
        self.reads.values().filter(|reads| reads.iter().any(|read| (from..=to).contains(&read.time))).count()
    }

    /// Computes again what is not written down.
    pub(super) fn restore(&mut self) {
        self.all_until = self.reads().map(|read| read.until).min();
        self.count = self.reads().count();
        self.weight = self.reads.iter().map(|(value, reads)| reads.len() * (WEIGHT_OF_READ + value.len())).sum();
    }

    fn retain(&mut self, keep: impl Fn(&Read) -> bool) {
        self.reads.retain(|_, reads| {
            reads.retain(&keep);
            !reads.is_empty()
        });
        self.restore();
    }
}

impl Read {
    /// Whether an entry of the same value adds nothing to this read: it is the same record, or reads no more of the value within
    /// a twelfth of the window after it. Never before it, so that a read is at most a twelfth of the window earlier than those it
    /// covers, and counting over a window and a twelfth finds every window that they would have filled.
    fn covers(&self, entry: &Entry) -> bool {
        let after = entry.time.duration_since(self.time);
        let repeat = Period { minutes: self.minutes, threshold: 0 }.repeat();
        self.record == entry.record || (self.reads.contains(entry.reads) && !after.is_negative() && after <= repeat)
    }
}

/// Reads vectors so that they take no more memory than they need: one that was read has room for four elements, and most
/// have one. A clone has no room to spare.
pub(super) fn without_spare_room<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: Deserialize<'de> + Clone,
    D: Deserializer<'de>,
{
    let with_spare_room = T::deserialize(deserializer)?;
    Ok(with_spare_room.clone())
}

/// A moment and a while after it, or the last moment that can be expressed.
pub(super) fn later(moment: Timestamp, wait: SignedDuration) -> Timestamp {
    moment.checked_add(wait).unwrap_or(Timestamp::MAX)
}
