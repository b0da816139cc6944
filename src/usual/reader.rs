//! What is usual for one identity.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::habit::{Days, Habit, Sight};
use super::{Novelty, Sighting};

/// Within how long things that are new are new together.
const TOGETHER_WITHIN: SignedDuration = SignedDuration::from_hours(24);

/// One identity's reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Reader {
    /// Its tenant; empty where the records do not say it.
    pub(super) tenant: Arc<str>,
    /// When it was first and last seen.
    days: Days,
    /// About how many reads there were in that time.
    reads: u64,
    /// Whether it was seen in young vaults alone, which is nothing to know it by.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) is_unjudged: bool,
    pub(super) vaults: Habit,
    pub(super) addresses: Habit,
    pub(super) clients: Habit,
}

impl Reader {
    /// An identity that is seen for the first time, in a young vault or not.
    pub(super) fn of(seen: &Sighting, time: Timestamp, is_unjudged: bool) -> Self {
        Self {
            tenant: Arc::clone(&seen.tenant),
            days: Days::at(time),
            reads: u64::from(seen.reads),
            is_unjudged,
            vaults: Habit::of(&seen.vault, time),
            addresses: Habit::of(&seen.address, time),
            clients: Habit::of(&seen.client, time),
        }
    }

    /// When it was first seen.
    #[must_use]
    pub fn first(&self) -> Timestamp {
        self.days.first
    }

    /// When it was last seen: a time on that day.
    #[must_use]
    pub fn last(&self) -> Timestamp {
        self.days.last
    }

    /// About how many reads there are on a day.
    #[must_use]
    pub fn reads_a_day(&self) -> u64 {
        let days = self.days.last.duration_since(self.days.first).as_hours() / 24 + 1;
        self.reads.div_ceil(days.unsigned_abs().max(1))
    }

    /// The kinds of which new values are nothing unusual.
    pub(super) fn roams(&self) -> Vec<Arc<str>> {
        let kinds = [("vaults", &self.vaults), ("addresses", &self.addresses), ("clients", &self.clients)];
        kinds.into_iter().filter(|(_, habit)| habit.roams).map(|(kind, _)| kind.into()).collect()
    }

    pub(super) fn vaults(&self) -> impl Iterator<Item = (&Arc<str>, &Days)> {
        self.vaults.seen.iter()
    }

    /// Its address ranges.
    pub(super) fn ranges(&self) -> impl Iterator<Item = &Arc<str>> {
        self.addresses.seen.keys()
    }

    pub(super) fn knows(&self, seen: &Sighting, time: Timestamp) -> bool {
        self.days.hold(time)
            && self.vaults.knows(&seen.vault, time)
            && self.addresses.knows(&seen.address, time)
            && self.clients.knows(&seen.client, time)
    }

    /// Learns a read, and says what was new in it: what is new, and then, too, what was new a moment ago, or a thief could spread
    /// what is new over several reads.
    pub(super) fn see(&mut self, seen: &Sighting, time: Timestamp) -> Novelty {
        let is_recent_identity = Novelty::is_recent(self.days.first, time);
        self.days.add(time);
        self.reads = self.reads.saturating_add(u64::from(seen.reads));
        let [vault, address, client] =
            [(&mut self.vaults, &seen.vault), (&mut self.addresses, &seen.address), (&mut self.clients, &seen.client)]
                .map(|(habit, value)| {
                    let was_new = !is_recent_identity && habit.is_newer(value, time, TOGETHER_WITHIN);
                    (habit.see(value, time), was_new)
                });
        let is_news = [vault, address, client].iter().any(|(sight, _)| *sight == Sight::New);
        let is_new = |(sight, was_new): (Sight, bool)| sight == Sight::New || (is_news && was_new);
        Novelty {
            vault: is_new(vault),
            address: is_new(address),
            client: is_new(client),
            roams: [vault, address, client].iter().any(|(sight, _)| *sight == Sight::TooMany),
            is_person: seen.is_person,
            is_recent_identity,
            ..Novelty::default()
        }
    }

    pub(super) fn would_learn(&self, other: &Self) -> bool {
        !self.days.hold(other.days.last)
            || other.days.first < self.days.first
            || self.vaults.would_learn(&other.vaults)
            || self.addresses.would_learn(&other.addresses)
            || self.clients.would_learn(&other.clients)
    }

    pub(super) fn learn(&mut self, other: &Self) {
        self.days.join(other.days);
        self.reads = self.reads.max(other.reads);
        self.vaults.learn(&other.vaults);
        self.addresses.learn(&other.addresses);
        self.clients.learn(&other.clients);
    }

    pub(super) fn forget(&mut self, oldest: Timestamp, now: Timestamp) {
        for habit in [&mut self.vaults, &mut self.addresses, &mut self.clients] {
            habit.forget(oldest, now);
        }
    }
}
