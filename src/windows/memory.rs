//! What is remembered of one key: the records that alerts belong to, and the values that count.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::values::{KEPT_READS, Values, later, without_spare_room};
use super::{Counted, Entry, RecordId, Verdict};

/// How long an owner is known after its window: a day longer than a record's own time is believed.
const OWNERS_AFTER_WINDOW: SignedDuration = SignedDuration::from_hours(8 * 24);
/// About how many bytes a key takes besides its owners and values.
const WEIGHT_OF_KEY: usize = 256;
/// About how many bytes an owner takes besides its names.
const WEIGHT_OF_OWNER: usize = 144;

/// The memory of one key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Memory {
    pub(super) rule: Arc<str>,
    pub(super) identity: Arc<str>,
    /// The number of the log's entry that changed it last.
    pub(super) changed_by: u64,
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "without_spare_room")]
    pub(super) owners: Vec<Owner>,
    #[serde(default, skip_serializing_if = "Values::is_empty")]
    pub(super) values: Values,
    /// About how many bytes the owners take.
    #[serde(skip)]
    owners_weight: usize,
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

/// What an entry may do besides being counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// It counts, and becomes an owner where it completes a dense stretch.
    Match,
    /// It only counts: its batch was answered already.
    Counted,
    /// Its alert went out already.
    Owner,
}

impl Memory {
    /// The memory of a key with no entry so far.
    pub(super) fn new(entry: &Entry) -> Self {
        let (rule, identity) = (entry.rule.clone(), entry.identity.clone());
        Self { rule, identity, changed_by: 0, owners: Vec::new(), values: Values::default(), owners_weight: 0 }
    }

    /// Takes an entry that is not settled; `clock` is the latest time of the hub so far, `number` the entry's own.
    pub(super) fn take(&mut self, role: Role, entry: &Entry, clock: Timestamp, number: u64) {
        self.changed_by = number;
        let period = entry.period;
        // An alert that was sent without the log may belong to a record that the log already has.
        if period.counts() && !self.values.cover(entry) {
            self.values.add(entry, clock);
        }
        let counted = match role {
            Role::Match if self.near_owner(entry).is_some() => None,
            Role::Match if !period.counts() => Some(Counted::default()),
            Role::Match if self.values.len() < period.threshold => None,
            Role::Match => {
                Some(self.values.densest(entry.time, period)).filter(|counted| counted.count >= period.threshold)
            }
            Role::Counted => None,
            Role::Owner => Some(entry.counted.clone()),
        };
        if let Some(counted) = counted {
            let until = later(clock, period.window().saturating_add(OWNERS_AFTER_WINDOW));
            let Entry { record, time, hub, .. } = *entry;
            // Most keys have one owner.
            self.owners.reserve_exact(1);
            self.owners.push(Owner { record, time, hub, until, minutes: period.minutes, counted });
            self.weigh_owners();
        }
    }

    /// Whether an entry makes no owner and adds no value, whatever the log holds after this.
    pub(super) fn settles(&self, role: Role, entry: &Entry) -> bool {
        if self.owner(entry.record).is_some() {
            return true;
        }
        let has_owner = self.near_owner(entry).is_some();
        match role {
            Role::Owner => false,
            Role::Match if !entry.period.counts() => has_owner,
            _ if has_owner && self.values.count >= KEPT_READS => true,
            _ => self.values.cover(entry),
        }
    }

    /// What becomes of a match; where its entry is settled, no later entry makes it an alert, or none.
    pub(super) fn verdict(&self, entry: &Entry) -> Verdict {
        if let Some(owner) = self.owner(entry.record) {
            return Verdict::Alert { created_at: owner.hub, counted: owner.counted.clone() };
        }
        self.near_owner(entry).map_or(Verdict::Pending, |owner| Verdict::Suppressed { by: owner.record })
    }

    /// Drops what is no longer needed at this time of the hub, and returns whether anything is left.
    pub(super) fn forget(&mut self, clock: Timestamp) -> bool {
        self.owners.retain(|owner| owner.until > clock);
        self.weigh_owners();
        self.values.forget(clock);
        !self.owners.is_empty() || !self.values.is_empty()
    }

    /// About how many bytes it takes.
    pub(super) fn weight(&self) -> usize {
        WEIGHT_OF_KEY + self.owners_weight + self.values.weight
    }

    /// Computes again what is not written down, and shares the text of values that occur in several places.
    pub(super) fn restore(&mut self) {
        self.values.restore();
        self.weigh_owners();
        for name in self.owners.iter_mut().flat_map(|owner| &mut owner.counted.names) {
            if let Some(known) = self.values.known(name) {
                *name = known.clone();
            }
        }
    }

    fn weigh_owners(&mut self) {
        self.owners_weight = self.owners.iter().map(|owner| WEIGHT_OF_OWNER + owner.counted.weight()).sum();
    }

    fn owner(&self, record: RecordId) -> Option<&Owner> {
        self.owners.iter().find(|owner| owner.record == record)
    }

    /// The nearest owner that is less than its own window away.
    fn near_owner(&self, entry: &Entry) -> Option<&Owner> {
        let distance = |owner: &&Owner| owner.time.duration_since(entry.time).abs();
        let window = |owner: &&Owner| SignedDuration::from_mins(i64::from(owner.minutes));
        self.owners.iter().filter(|owner| distance(owner) < window(owner)).min_by_key(distance)
    }
}
