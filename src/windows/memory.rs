//! What is remembered of one key: the records that alerts belong to, and the values that count.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::densest::densest;
use super::{Counted, Entry, Period, RecordId, Verdict};

/// How many reads of a key are counted; more than the largest threshold.
const MAX_READS: usize = 12_000;
/// How many are left when there are too many: the latest.
const KEPT_READS: usize = 10_000;
/// How many names an alert keeps of those that it counts, the first ones.
const MAX_NAMES: usize = 50;
/// How long values count after their window, so that a partition that lags is counted with the others.
pub(super) const VALUES_AFTER_WINDOW: SignedDuration = SignedDuration::from_hours(6);
/// How long an owner is known after its window: a day longer than a record's own time is believed.
const OWNERS_AFTER_WINDOW: SignedDuration = SignedDuration::from_hours(8 * 24);
/// About how many bytes a key takes beside its owners and reads.
const WEIGHT_OF_KEY: usize = 256;
/// About how many bytes an owner takes beside its names.
const WEIGHT_OF_OWNER: usize = 144;
/// About how many bytes a read takes beside its value.
const WEIGHT_OF_READ: usize = 144;

/// The memory of one key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Memory {
    pub(super) rule: Arc<str>,
    pub(super) identity: Arc<str>,
    /// Which entry of the log changed it last.
    pub(super) changed_by: u64,
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
#[serde(rename_all = "camelCase")]
pub(super) struct Owner {
    pub(super) record: RecordId,
    pub(super) time: Timestamp,
    hub: Timestamp,
    /// Until when, by the hub's clock, it is known.
    until: Timestamp,
    /// The window under which it was written, in minutes: nothing nearer becomes an owner.
    minutes: u32,
    /// What the alert counts.
    #[serde(default, skip_serializing_if = "Counted::is_empty")]
    counted: Counted,
}

/// One read of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Read {
    pub(super) time: Timestamp,
    until: Timestamp,
    record: RecordId,
    /// The window under which it was written, in minutes.
    minutes: u32,
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
        let mut memory = Self { rule, identity, changed_by: 0, owners, values, reads: 0, weight: 0 };
        memory.weigh();
        memory
    }

    /// Takes the next entry of the log; `clock` is the latest time of the hub so far, `number` counts the entries.
    ///
    /// An entry that is settled changes nothing here, as it would not have been written down by an instance that knew
    /// what stands before it: so no instance can settle what another one has alerted.
    pub(super) fn take(&mut self, role: Role, entry: &Entry, clock: Timestamp, number: u64) {
        if self.settles(role, entry) {
            return;
        }
        self.changed_by = number;
        let period = entry.period;
        // An alert that was sent without the log may be of a record that stands in it.
        if period.counts() && !self.is_counted(entry) {
            self.count(entry, clock);
        }
        let counted = match role {
            Role::Match if self.near_owner(entry).is_some() => None,
            Role::Match if !period.counts() => Some(Counted::default()),
            Role::Match if self.values.len() < period.threshold => None,
            Role::Match => Some(self.stretch(entry.time, period)).filter(|counted| counted.count >= period.threshold),
            Role::Counted => None,
            Role::Owner => Some(entry.counted.clone()),
        };
        if let Some(counted) = counted {
            let until = later(clock, period.window().saturating_add(OWNERS_AFTER_WINDOW));
            let Entry { record, time, hub, .. } = *entry;
            self.owners.push(Owner { record, time, hub, until, minutes: period.minutes, counted });
            self.weigh();
        }
    }

    /// Whether an entry makes no owner and adds no value, whatever stands in the log after this.
    pub(super) fn settles(&self, role: Role, entry: &Entry) -> bool {
        if self.owner(entry.record).is_some() {
            return true;
        }
        let has_owner = self.near_owner(entry).is_some();
        match role {
            Role::Owner => false,
            Role::Match if !entry.period.counts() => has_owner,
            _ if has_owner && self.reads >= KEPT_READS => true,
            _ => self.is_counted(entry),
        }
    }

    /// What becomes of a match; where its entry is settled, no later entry changes it from or to an alert.
    pub(super) fn verdict(&self, entry: &Entry) -> Verdict {
        if let Some(owner) = self.owner(entry.record) {
            return Verdict::Alert { created_at: owner.hub, counted: owner.counted.clone() };
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

    /// Makes the weight anew, and one text of each value that stands in several places.
    pub(super) fn restore(&mut self) {
        for value in self.owners.iter_mut().flat_map(|owner| &mut owner.counted.names) {
            if let Some((known, _)) = self.values.get_key_value(value) {
                *value = known.clone();
            }
        }
        self.weigh();
    }

    fn owner(&self, record: RecordId) -> Option<&Owner> {
        self.owners.iter().find(|owner| owner.record == record)
    }

    /// The owner that is less than its window away, the nearest.
    fn near_owner(&self, entry: &Entry) -> Option<&Owner> {
        let distance = |owner: &&Owner| owner.time.duration_since(entry.time).abs();
        let window = |owner: &&Owner| SignedDuration::from_mins(i64::from(owner.minutes));
        self.owners.iter().filter(|owner| distance(owner) < window(owner)).min_by_key(distance)
    }

    /// What stands in the busiest window around a moment.
    fn stretch(&self, moment: Timestamp, period: Period) -> Counted {
        let reads = self.values.iter().flat_map(|(value, reads)| reads.iter().map(|read| (read.time, value.clone())));
        let mut names = densest(reads, moment, period.span());
        let count = names.len();
        names.truncate(MAX_NAMES);
        Counted { count, names }
    }

    /// Whether a read of the same value stands for this one.
    fn is_counted(&self, entry: &Entry) -> bool {
        self.values.get(&entry.value).is_some_and(|reads| reads.iter().any(|read| read.stands_for(entry)))
    }

    fn count(&mut self, entry: &Entry, clock: Timestamp) {
        let until = later(clock, entry.period.span().saturating_add(VALUES_AFTER_WINDOW));
        let read = Read { time: entry.time, until, record: entry.record, minutes: entry.period.minutes };
        match self.values.get_mut(&entry.value) {
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
    }

    fn keep_latest(&mut self) {
        let mut latest: Vec<_> = self.values.values().flatten().map(|read| (read.time, read.record)).collect();
        latest.sort_unstable_by(|one, other| other.cmp(one));
        if let Some(oldest) = latest.get(KEPT_READS - 1) {
            let oldest = *oldest;
            self.retain_reads(|read| (read.time, read.record) >= oldest);
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
        let owners: usize = self.owners.iter().map(|owner| WEIGHT_OF_OWNER + owner.counted.weight()).sum();
        let reads: usize = self.values.iter().map(|(value, reads)| reads.len() * (WEIGHT_OF_READ + value.len())).sum();
        self.reads = self.values.values().map(Vec::len).sum();
        self.weight = WEIGHT_OF_KEY + owners + reads;
    }
}

impl Read {
    /// Whether an entry of the same value adds nothing to this read: it is the same record, or comes within a twelfth of the
    /// window after it. Never before it, so that what stands for a read is at most a twelfth too early, and a stretch of
    /// the length of a window is at most a twelfth longer by what stands for its reads.
    fn stands_for(&self, entry: &Entry) -> bool {
        let after = entry.time.duration_since(self.time);
        let repeat = Period { minutes: self.minutes, threshold: 0 }.repeat();
        self.record == entry.record || (!after.is_negative() && after <= repeat)
    }
}

/// A moment and a while after it; the last moment that can be told where there is none.
fn later(moment: Timestamp, wait: SignedDuration) -> Timestamp {
    moment.checked_add(wait).unwrap_or(Timestamp::MAX)
}
