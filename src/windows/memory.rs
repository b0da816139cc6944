//! What is remembered of one key: the records that alerts belong to, and the values that count.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::densest::densest;
use super::{Entry, Period, RecordId, Verdict};

/// How many reads of a key are counted; more than the largest threshold.
const MAX_READS: usize = 12_000;
/// How many are left when there are too many: the latest.
const KEPT_READS: usize = 10_000;
/// How long values count after their window, so that a partition that lags is counted with the others.
pub(super) const VALUES_AFTER_WINDOW: SignedDuration = SignedDuration::from_hours(6);
/// How long an owner is known: a day longer than Event Hubs keeps events at most.
const OWNERS_KEPT: SignedDuration = SignedDuration::from_hours(8 * 24);
/// About how many bytes a key takes beside its owners and reads.
const WEIGHT_OF_KEY: usize = 256;
/// About how many bytes an owner takes beside its names.
const WEIGHT_OF_OWNER: usize = 80;
/// About how many bytes a read takes beside its value.
const WEIGHT_OF_READ: usize = 128;

/// The memory of one key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Memory {
    pub(super) rule: Arc<str>,
    pub(super) identity: Arc<str>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) owners: Vec<Owner>,
    /// The reads of each value that still count.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) values: BTreeMap<Arc<str>, Vec<Read>>,
    /// How many reads there are in `values`.
    #[serde(skip)]
    reads: usize,
    /// About how many bytes it takes.
    #[serde(skip)]
    weight: usize,
}

/// The record that an alert belongs to: it alerts whenever it comes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Owner {
    pub(super) record: RecordId,
    pub(super) time: Timestamp,
    pub(super) hub: Timestamp,
    /// Until when, by the hub's clock, it is known.
    until: Timestamp,
    /// The names that the alert counted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) values: Vec<Arc<str>>,
}

/// One read of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Read {
    pub(super) time: Timestamp,
    until: Timestamp,
    record: RecordId,
}

/// What an entry may do beyond being counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// It counts, and becomes an owner where it completes a dense stretch.
    Match,
    /// It counts only: its batch was answered already.
    Counted,
    /// Its alert went out already.
    Owner,
}

impl Memory {
    pub(super) fn new(rule: Arc<str>, identity: Arc<str>) -> Self {
        let (owners, values) = Default::default();
        let mut memory = Self { rule, identity, owners, values, reads: 0, weight: 0 };
        memory.weigh();
        memory
    }

    /// Takes the next entry of the log; `clock` is the latest time of the hub so far.
    pub(super) fn take(&mut self, role: Role, entry: &Entry, clock: Timestamp) {
        if self.owner(entry.record).is_some() {
            return;
        }
        let period = entry.period;
        if period.counts() && !self.count(entry, clock) {
            return;
        }
        let owns = match role {
            Role::Match if self.near_owner(entry).is_some() => None,
            Role::Match if !period.counts() => Some(Vec::new()),
            Role::Match if self.values.len() < period.threshold => None,
            Role::Match => Some(self.stretch(entry.time, period)).filter(|values| values.len() >= period.threshold),
            Role::Counted => None,
            Role::Owner => Some(entry.values.clone()),
        };
        if let Some(values) = owns {
            let until = later(clock, OWNERS_KEPT);
            self.owners.push(Owner { record: entry.record, time: entry.time, hub: entry.hub, until, values });
            self.weigh();
        }
    }

    /// Whether taking the entry, by this instance or any other, changes nothing that a verdict hangs on.
    pub(super) fn settles(&self, role: Role, entry: &Entry) -> bool {
        if self.owner(entry.record).is_some() {
            return true;
        }
        let period = entry.period;
        let has_owner = self.near_owner(entry).is_some();
        match role {
            Role::Owner => false,
            Role::Match if !period.counts() => has_owner,
            _ if has_owner && self.reads >= KEPT_READS => true,
            _ => self.values.get(&entry.value).is_some_and(|reads| {
                reads.iter().any(|read| {
                    read.record == entry.record || read.time.duration_since(entry.time).abs() <= period.repeat()
                })
            }),
        }
    }

    /// What becomes of a match; where its entry is settled, no later entry changes it from or to an alert.
    pub(super) fn verdict(&self, entry: &Entry) -> Verdict {
        if let Some(owner) = self.owner(entry.record) {
            return Verdict::Alert { created_at: owner.hub, values: owner.values.clone() };
        }
        self.near_owner(entry).map_or(Verdict::Pending, |owner| Verdict::Suppressed { by: owner.record })
    }

    /// Drops what is no longer needed at this time of the hub; tells whether anything is left.
    pub(super) fn forget(&mut self, clock: Timestamp) -> bool {
        self.owners.retain(|owner| owner.until > clock);
        self.retain_reads(|read| read.until > clock);
        !self.owners.is_empty() || !self.values.is_empty()
    }

    /// Drops the values, which only count towards the next alert.
    pub(super) fn forget_values(&mut self) {
        self.values.clear();
        self.weigh();
    }

    /// About how many bytes it takes.
    pub(super) fn weight(&self) -> usize {
        self.weight
    }

    /// How many reads count.
    pub(super) fn reads(&self) -> usize {
        self.reads
    }

    /// The last moment up to which any of it is needed.
    pub(super) fn until(&self) -> Option<Timestamp> {
        let reads = self.values.values().flatten().map(|read| read.until);
        self.owners.iter().map(|owner| owner.until).chain(reads).max()
    }

    /// Makes the weight anew, and one text of each value that stands in several places.
    pub(super) fn restore(&mut self) {
        for value in self.owners.iter_mut().flat_map(|owner| &mut owner.values) {
            if let Some((known, _)) = self.values.get_key_value(value) {
                *value = known.clone();
            }
        }
        self.weigh();
    }

    fn owner(&self, record: RecordId) -> Option<&Owner> {
        self.owners.iter().find(|owner| owner.record == record)
    }

    /// The owner that is less than a window away, the nearest.
    fn near_owner(&self, entry: &Entry) -> Option<&Owner> {
        let distance = |owner: &&Owner| owner.time.duration_since(entry.time).abs();
        self.owners.iter().min_by_key(distance).filter(|owner| distance(owner) < entry.period.window())
    }

    /// The values of the busiest window around a moment.
    fn stretch(&self, moment: Timestamp, period: Period) -> Vec<Arc<str>> {
        let reads = self.values.iter().flat_map(|(value, reads)| reads.iter().map(|read| (read.time, value.clone())));
        densest(reads, moment, period.span())
    }

    /// Counts an entry; false where its record was counted before.
    fn count(&mut self, entry: &Entry, clock: Timestamp) -> bool {
        let until = later(clock, entry.period.span().saturating_add(VALUES_AFTER_WINDOW));
        let read = Read { time: entry.time, until, record: entry.record };
        match self.values.get_mut(&entry.value) {
            Some(reads) if reads.iter().any(|known| known.record == entry.record) => return false,
            Some(reads) => reads.push(read),
            None => {
                self.values.insert(entry.value.clone(), vec![read]);
            }
        }
        self.reads += 1;
        self.weight += WEIGHT_OF_READ + entry.value.len();
        if self.reads > MAX_READS {
            self.keep_latest();
        }
        true
    }

    fn keep_latest(&mut self) {
        let mut times: Vec<_> = self.values.values().flatten().map(|read| read.time).collect();
        times.sort_unstable_by(|one, other| other.cmp(one));
        if let Some(oldest) = times.get(KEPT_READS) {
            let oldest = *oldest;
            self.retain_reads(|read| read.time > oldest);
        }
    }

    fn retain_reads(&mut self, mut keep: impl FnMut(&Read) -> bool) {
        self.values.retain(|_, reads| {
            reads.retain(|read| keep(read));
            !reads.is_empty()
        });
        self.weigh();
    }

    fn weigh(&mut self) {
        let owners: usize = self.owners.iter().map(|owner| WEIGHT_OF_OWNER + owner.values.len() * 16).sum();
        let reads: usize = self.values.iter().map(|(value, reads)| reads.len() * (WEIGHT_OF_READ + value.len())).sum();
        self.reads = self.values.values().map(Vec::len).sum();
        self.weight = WEIGHT_OF_KEY + owners + reads;
    }
}

/// A moment and a while after it; the last moment that can be told where there is none.
fn later(moment: Timestamp, while_: SignedDuration) -> Timestamp {
    moment.checked_add(while_).unwrap_or(Timestamp::MAX)
}
