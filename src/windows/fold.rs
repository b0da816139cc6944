//! All windows: a fold over the log that instances share, or over what one process has seen.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::memory::{Memory, Role, VALUES_AFTER_WINDOW};
use super::{Counted, Entry, RecordId, WindowKey};

/// How much all windows may weigh, in bytes. Beyond it keys that have alerted are forgotten first, of those the ones that
/// changed longest ago: a forgotten window alerts anew.
const MAX_WEIGHT: usize = 32 << 20;
/// What is left of it then.
const KEPT_WEIGHT: usize = MAX_WEIGHT / 8 * 7;
/// How many entries back what changed is forgotten last: a batch asks for its verdicts after all of it was taken.
const FRESH_ENTRIES: u64 = 20_000;
/// How often, by the hub's clock, is forgotten what is no longer needed, in seconds.
const FORGET_EVERY_SECONDS: i64 = 600;

/// What becomes of a match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The alert belongs to this match.
    Alert {
        /// When the hub took the record: the same whenever the alert goes out.
        created_at: Timestamp,
        /// The distinct values that the alert counts.
        counted: Counted,
    },
    /// The alert of another record, less than a window away, stands for it.
    Suppressed {
        /// That record.
        by: RecordId,
    },
    /// The windows around it have not reached the rule's threshold.
    Pending,
}

/// The windows after some entries of a log. Equal entries in equal order give equal windows, on any instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fold {
    /// The latest time of the hub in any entry: the clock by which is forgotten.
    clock: Timestamp,
    /// How many entries were taken.
    entries: u64,
    keys: BTreeMap<WindowKey, Memory>,
    #[serde(skip)]
    weight: usize,
}

impl Default for Fold {
    fn default() -> Self {
        Self { clock: Timestamp::MIN, entries: 0, keys: BTreeMap::new(), weight: 0 }
    }
}

impl Fold {
    /// Takes the next entry of the log.
    pub fn take(&mut self, role: Role, entry: &Entry) {
        if entry.period.minutes == 0 {
            return;
        }
        self.entries += 1;
        self.advance(entry.hub);
        let memory = self.keys.entry(entry.key).or_insert_with(|| {
            let memory = Memory::new(entry.rule.clone(), entry.identity.clone());
            self.weight += memory.weight();
            memory
        });
        let before = memory.weight();
        memory.take(role, entry, self.clock, self.entries);
        self.weight = self.weight + memory.weight() - before;
        if self.weight > MAX_WEIGHT {
            self.make_room();
        }
    }

    /// Whether the verdict of an entry is known without taking it: what it could add changes nothing.
    #[must_use]
    pub fn settles(&self, role: Role, entry: &Entry) -> bool {
        entry.period.minutes == 0 || self.keys.get(&entry.key).is_some_and(|memory| memory.settles(role, entry))
    }

    /// What becomes of a match whose entry was taken or is settled.
    #[must_use]
    pub fn verdict(&self, entry: &Entry) -> Verdict {
        let alert = Verdict::Alert { created_at: entry.hub, counted: Counted::default() };
        match self.keys.get(&entry.key).filter(|_| entry.period.minutes > 0) {
            Some(memory) => match memory.verdict(entry) {
                // A key whose owner was forgotten, to make room or after its time: in doubt, the alert is sent.
                Verdict::Pending if !entry.period.counts() => alert,
                verdict => verdict,
            },
            None if entry.period.minutes > 0 && entry.period.counts() => Verdict::Pending,
            None => alert,
        }
    }

    /// Whether an entry comes so late that the values around it may be forgotten: it counts among its own only.
    #[must_use]
    pub fn is_late(&self, entry: &Entry) -> bool {
        let kept = entry.period.span().saturating_add(VALUES_AFTER_WINDOW);
        entry.period.counts() && self.clock.duration_since(entry.hub) > kept
    }

    /// The latest time of the hub in any entry.
    #[must_use]
    pub fn clock(&self) -> Timestamp {
        self.clock
    }

    /// How many keys are remembered.
    #[must_use]
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether nothing is remembered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The windows with something in them, for people.
    pub fn windows(&self) -> impl Iterator<Item = WindowState<'_>> {
        self.keys.iter().map(|(key, memory)| WindowState {
            key: *key,
            rule: &memory.rule,
            identity: &memory.identity,
            values: memory.values.len(),
            reads: memory.reads(),
            first_read: memory.values.values().flatten().map(|read| read.time).min(),
            last_read: memory.values.values().flatten().map(|read| read.time).max(),
            alerts: memory.owners.iter().map(|owner| owner.time).collect(),
        })
    }

    /// Makes anew what was left out when it was written.
    pub fn restore(&mut self) {
        self.keys.values_mut().for_each(Memory::restore);
        self.weigh();
    }

    /// Moves the clock, and forgets at its strokes; never by another clock, or instances would differ.
    fn advance(&mut self, hub: Timestamp) {
        if hub <= self.clock {
            return;
        }
        let stroke = |time: Timestamp| time.as_second().div_euclid(FORGET_EVERY_SECONDS);
        let strikes = stroke(hub) > stroke(self.clock);
        self.clock = hub;
        if strikes {
            self.keys.retain(|_, memory| memory.forget(hub));
            self.weigh();
        }
    }

    /// Forgets until there is room again: the values of keys that have alerted, then those keys, then the others, of each
    /// those that changed longest ago. What changed a moment ago is spared as long as anything else is there.
    fn make_room(&mut self) {
        let fresh = self.entries.saturating_sub(FRESH_ENTRIES);
        let mut ages: Vec<_> = self
            .keys
            .iter()
            .map(|(key, memory)| (memory.changed_by > fresh, memory.owners.is_empty(), memory.changed_by, *key))
            .collect();
        ages.sort_unstable();
        for (_, _, _, key) in ages.iter().filter(|(is_fresh, has_no_owner, ..)| !is_fresh && !has_no_owner) {
            if self.weight <= KEPT_WEIGHT {
                return;
            }
            if let Some(memory) = self.keys.get_mut(key) {
                let before = memory.weight();
                memory.forget_values();
                self.weight = self.weight + memory.weight() - before;
            }
        }
        for (_, _, _, key) in ages {
            if self.weight <= KEPT_WEIGHT {
                return;
            }
            self.weight -= self.keys.remove(&key).map_or(0, |memory| memory.weight());
        }
    }

    fn weigh(&mut self) {
        self.weight = self.keys.values().map(Memory::weight).sum();
    }
}

/// One key's windows, for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WindowState<'f> {
    /// The key.
    pub key: WindowKey,
    /// The rule's id.
    pub rule: &'f str,
    /// Who made the calls.
    pub identity: &'f str,
    /// How many distinct values count.
    pub values: usize,
    /// How many reads count.
    pub reads: usize,
    /// The first read that counts.
    pub first_read: Option<Timestamp>,
    /// The last read that counts.
    pub last_read: Option<Timestamp>,
    /// The times of the records that alerts belong to.
    pub alerts: Vec<Timestamp>,
}
