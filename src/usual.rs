//! What is usual for each identity that reads certificates and secrets: its vaults, address ranges and clients.
//!
//! Pure: reads in, judgements out. The windows keep it in the log that instances share, and a baseline is the same as a file.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod baseline;
mod habit;
mod novelty;
mod portrait;
mod reader;
mod sighting;

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

pub use baseline::{BaselineFault, MAX_BASELINE_BYTES};
pub use novelty::Novelty;
pub use portrait::Portrait;
pub use reader::Reader;
pub use sighting::Sighting;

use habit::Days;

/// After how long what was not seen again is forgotten.
const FORGET_AFTER: SignedDuration = SignedDuration::from_hours(90 * 24);
/// How long a loss that was told is not told again.
const TELL_LOSS_EVERY: SignedDuration = SignedDuration::from_hours(24);
/// How many identities are known; beyond it those that were quiet longest are forgotten.
const MAX_READERS: usize = 20_000;

/// What a read is, compared with the identity's others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judgement {
    /// Too little is known yet: of all identities, or of the vault.
    Learning,
    /// Like the identity's others.
    Familiar,
    /// Unlike them.
    Unfamiliar(Novelty),
}

/// What is usual for all identities.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Usual {
    /// Since when reads are learnt.
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<Timestamp>,
    /// When what was learnt before was found to be gone; the next read raises an alert of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    lost: Option<Timestamp>,
    /// When that was last told, so that several instances tell it once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    told_lost: Option<Timestamp>,
    /// The vaults, whoever read them.
    vaults: BTreeMap<Arc<str>, Days>,
    /// The identities, by their keys.
    readers: BTreeMap<Arc<str>, Reader>,
    /// The address ranges of each tenant, whoever reads from them.
    #[serde(skip)]
    ranges: BTreeSet<(Arc<str>, Arc<str>)>,
}

impl Usual {
    /// Whether nothing was ever learnt.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.since.is_none() && self.lost.is_none()
    }

    /// Since when reads are learnt.
    #[must_use]
    pub fn since(&self) -> Option<Timestamp> {
        self.since
    }

    /// Whether more identities are known than may stay.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.readers.len() > MAX_READERS
    }

    /// How many identities are known.
    #[must_use]
    pub fn len(&self) -> usize {
        self.readers.len()
    }

    /// The identities, in the order of their keys.
    pub fn readers(&self) -> impl Iterator<Item = (&Arc<str>, &Reader)> {
        self.readers.iter()
    }

    /// What is known of an identity.
    #[must_use]
    pub fn reader(&self, identity: &str) -> Option<&Reader> {
        self.readers.get(identity)
    }

    /// Whether a read at a time would teach nothing: all of it was seen on that day already.
    #[must_use]
    pub fn knows(&self, seen: &Sighting, time: Timestamp) -> bool {
        self.lost.is_none()
            && self.since.is_some_and(|since| since <= time)
            && self.vaults.get(&seen.vault).is_some_and(|days| days.hold(time))
            && self.readers.get(&seen.identity).is_some_and(|reader| reader.knows(seen, time))
    }

    /// Learns a read, and says what it was before that; a loss of what was learnt is told by a read only that `may_tell` it.
    pub fn see(&mut self, seen: &Sighting, time: Timestamp, may_tell: bool) -> Judgement {
        let since = self.since.map_or(time, |since| since.min(time));
        self.since = Some(since);
        let vault = self.vaults.entry(Arc::clone(&seen.vault)).or_insert_with(|| Days::at(time));
        vault.add(time);
        let (is_learning, is_young) = (seen.is_learning(since, time), seen.is_learning(vault.first, time));
        let novelty = self.meet(seen, time, is_young && !is_learning);
        if self.lost.is_some() && may_tell {
            self.lost = None;
            return Judgement::Unfamiliar(Novelty::of_lost_memory(seen));
        }
        if is_learning || (is_young && novelty.is_nothing()) {
            return Judgement::Learning;
        }
        if novelty.is_nothing() { Judgement::Familiar } else { Judgement::Unfamiliar(novelty) }
    }

    /// Adds a read to what is known of its identity, and says what is new in it.
    ///
    /// A young vault is no news, nor who is known from young vaults alone. It is no place either where a thief makes his address
    /// usual for an identity that is known longer.
    fn meet(&mut self, seen: &Sighting, time: Timestamp, is_young: bool) -> Novelty {
        let is_range_known = self.is_range_of_others(seen);
        let (novelty, first) = match self.readers.entry(Arc::clone(&seen.identity)) {
            Entry::Occupied(mut known) => {
                let known = known.get_mut();
                let (first, was_unjudged) = (known.first(), known.is_unjudged);
                known.is_unjudged &= is_young;
                let novelty = known.see(seen, time);
                match was_unjudged && !is_young && seen.is_learning(first, time) {
                    true => (Novelty::of_identity(seen, is_range_known), first),
                    false => (novelty, first),
                }
            }
            Entry::Vacant(new) => {
                new.insert(Reader::of(seen, time, is_young));
                (Novelty::of_identity(seen, is_range_known), time)
            }
        };
        self.ranges.insert((Arc::clone(&seen.tenant), Arc::clone(&seen.address)));
        match is_young {
            true if !seen.is_learning(first, time) => Novelty { vault: false, ..novelty },
            true => Novelty { roams: novelty.roams, ..Novelty::default() },
            false => novelty,
        }
    }

    /// When what is learnt is enough to judge by.
    #[must_use]
    pub fn learning_until(&self, seen: &Sighting) -> Option<Timestamp> {
        self.since.map(|since| seen.learning_until(since))
    }

    /// Whether a read at a time may be told: enough is learnt to judge by, or what was learnt is gone.
    #[must_use]
    pub fn may_judge(&self, seen: Option<&Sighting>, time: Timestamp) -> bool {
        let since = self.since.map_or(time, |since| since.min(time));
        self.lost.is_some() || seen.is_some_and(|seen| !seen.is_learning(since, time))
    }

    /// Whether it was told within a day of a time that what was learnt before is gone.
    #[must_use]
    pub fn has_told_loss(&self, time: Timestamp) -> bool {
        self.told_lost.is_some_and(|told| time.duration_since(told).abs() < TELL_LOSS_EVERY)
    }

    /// Whether a read at a time only teaches: too little is known of all identities, or of the vault.
    #[must_use]
    pub fn is_learning(&self, seen: &Sighting, time: Timestamp) -> bool {
        let vault = self.vaults.get(&seen.vault).map(|days| days.first);
        self.since.max(vault).is_none_or(|since| seen.is_learning(since, time))
    }

    /// Whether anybody of the tenant reads from the same address range; a missing address is nobody's.
    fn is_range_of_others(&self, seen: &Sighting) -> bool {
        seen.has_address() && self.ranges.contains(&(Arc::clone(&seen.tenant), Arc::clone(&seen.address)))
    }

    /// Computes again what is not written down.
    pub fn restore(&mut self) {
        let of = |reader: &Reader| {
            let tenant = Arc::clone(&reader.tenant);
            reader.ranges().map(move |range| (Arc::clone(&tenant), Arc::clone(range))).collect::<Vec<_>>()
        };
        self.ranges = self.readers.values().flat_map(of).collect();
    }

    /// What was learnt before is gone: the next read raises an alert of it.
    pub fn lose(&mut self, time: Timestamp) {
        (self.lost, self.told_lost) = (Some(time), Some(time));
    }

    /// Whether what is known of an identity elsewhere would change what is known here.
    #[must_use]
    pub fn would_learn(&self, identity: &str, other: &Reader, since: Option<Timestamp>) -> bool {
        let is_older = since.is_some_and(|since| self.since.is_none_or(|own| since < own));
        is_older || self.readers.get(identity).is_none_or(|reader| reader.would_learn(other))
    }

    /// Adds what is known of an identity elsewhere: the union, with the first and the last time of each.
    pub fn learn(&mut self, identity: &Arc<str>, other: &Reader, since: Option<Timestamp>) {
        self.since = self.since.into_iter().chain(since).min();
        for (vault, days) in other.vaults() {
            self.vaults.entry(Arc::clone(vault)).or_insert(*days).join(*days);
        }
        match self.readers.get_mut(identity) {
            Some(reader) => reader.learn(other),
            None => drop(self.readers.insert(Arc::clone(identity), other.clone())),
        }
        let tenant = &other.tenant;
        self.ranges.extend(other.ranges().map(|range| (Arc::clone(tenant), Arc::clone(range))));
    }

    /// Drops what was not seen for ninety days, and of too many identities those that were quiet longest.
    pub fn forget(&mut self, now: Timestamp) {
        let oldest = now.checked_sub(FORGET_AFTER).unwrap_or(Timestamp::MIN);
        self.vaults.retain(|_, days| days.last >= oldest);
        self.readers.retain(|_, reader| {
            reader.forget(oldest, now);
            reader.last() >= oldest
        });
        if let Some(too_many) = self.readers.len().checked_sub(MAX_READERS).filter(|many| *many > 0) {
            let mut ages: Vec<_> = self.readers.iter().map(|(key, reader)| (reader.last(), Arc::clone(key))).collect();
            ages.sort();
            ages.iter().take(too_many).for_each(|(_, key)| drop(self.readers.remove(key)));
        }
        self.restore();
    }
}
