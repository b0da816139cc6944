//! One kind of thing that is usual for an identity: the vaults it reads, the address ranges or the clients it reads with.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How many values of a kind are known of an identity; one with more roams, and the kind says nothing of it.
const MAX_VALUES: usize = 64;
/// How many new values in each of two weeks make a new one nothing unusual.
const USUAL_A_WEEK: usize = 3;
const HOURS_A_WEEK: i64 = 7 * 24;
/// After how long without a new value an identity no longer roams.
const SETTLED_AFTER: SignedDuration = SignedDuration::from_hours(28 * 24);

/// When something was seen first and last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Days {
    /// The first time.
    pub(super) first: Timestamp,
    /// A time on the last day.
    pub(super) last: Timestamp,
}

/// The values of a kind.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Habit {
    /// Whether new values are nothing unusual.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) roams: bool,
    /// Each value with its days; of an identity that roams the latest.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) seen: BTreeMap<Arc<str>, Days>,
}

/// What a value is to a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sight {
    /// It was known, or the kind says nothing.
    Known,
    /// It is new.
    New,
    /// It is one too many: from now on the identity roams.
    TooMany,
}

impl Days {
    /// Seen once.
    pub(super) fn at(time: Timestamp) -> Self {
        Self { first: time, last: time }
    }

    /// Seen again.
    pub(super) fn add(&mut self, time: Timestamp) {
        self.join(Self::at(time));
    }

    /// Seen elsewhere, too.
    pub(super) fn join(&mut self, other: Self) {
        *self = Self { first: self.first.min(other.first), last: self.last.max(other.last) };
    }

    /// Whether another time adds neither an earlier first time nor a later last day.
    pub(super) fn hold(&self, time: Timestamp) -> bool {
        self.first <= time && day(time) <= day(self.last)
    }

    /// Whether others add neither an earlier first time nor a later last day.
    fn hold_all(&self, other: &Self) -> bool {
        self.hold(other.last) && self.first <= other.first
    }
}

impl Habit {
    pub(super) fn of(value: &Arc<str>, time: Timestamp) -> Self {
        Self { roams: false, seen: BTreeMap::from([(Arc::clone(value), Days::at(time))]) }
    }

    /// Whether a value at a time teaches nothing; of one that roams, a new value a day is enough.
    pub(super) fn knows(&self, value: &str, time: Timestamp) -> bool {
        match self.seen.get(value) {
            Some(days) => days.hold(time),
            None => self.roams && self.latest_new().is_some_and(|latest| day(time) <= day(latest)),
        }
    }

    /// Learns a value, and says what it was before that.
    pub(super) fn see(&mut self, value: &Arc<str>, time: Timestamp) -> Sight {
        if let Some(days) = self.seen.get_mut(value) {
            days.add(time);
            return Sight::Known;
        }
        let roamed = self.roams;
        self.roams |= self.wanders(time);
        self.seen.insert(Arc::clone(value), Days::at(time));
        self.keep_latest();
        match (roamed, self.roams) {
            (true, _) => Sight::Known,
            (false, true) => Sight::TooMany,
            (false, false) => Sight::New,
        }
    }

    /// Whether a value was first seen so shortly before a time.
    pub(super) fn is_newer(&self, value: &str, time: Timestamp, than: SignedDuration) -> bool {
        !self.roams && self.seen.get(value).is_some_and(|days| time.duration_since(days.first) < than)
    }

    /// Whether what is known elsewhere teaches something.
    pub(super) fn would_learn(&self, other: &Self) -> bool {
        let is_held = |(value, days): (&Arc<str>, &Days)| self.seen.get(value).is_some_and(|own| own.hold_all(days));
        !self.roams && (other.roams || !other.seen.iter().all(is_held))
    }

    /// Adds what is known elsewhere.
    pub(super) fn learn(&mut self, other: &Self) {
        self.roams |= other.roams;
        for (value, days) in &other.seen {
            self.seen.entry(Arc::clone(value)).or_insert(*days).join(*days);
        }
        self.keep_latest();
    }

    /// Drops what was last seen before `oldest`; an identity for which nothing has been new for weeks no longer roams.
    pub(super) fn forget(&mut self, oldest: Timestamp, now: Timestamp) {
        self.seen.retain(|_, days| days.last >= oldest);
        self.roams &= self.latest_new().is_some_and(|latest| now.duration_since(latest) < SETTLED_AFTER);
    }

    /// When a value was last seen for the first time.
    fn latest_new(&self) -> Option<Timestamp> {
        self.seen.values().map(|days| days.first).max()
    }

    /// Whether new values are usual, as on hosted runners, or for people who look after many vaults: some in each of the last two
    /// weeks.
    fn wanders(&self, now: Timestamp) -> bool {
        let ages = self.seen.values().map(|days| now.duration_since(days.first).as_hours() / HOURS_A_WEEK);
        let new_in = |week: i64| ages.clone().filter(|age| *age == week).count();
        new_in(0) >= USUAL_A_WEEK && new_in(1) >= USUAL_A_WEEK
    }

    /// Keeps as many values as are known of an identity: those seen last.
    fn keep_latest(&mut self) {
        while self.seen.len() > MAX_VALUES {
            self.roams = true;
            let oldest = self.seen.iter().min_by_key(|(_, days)| days.last).map(|(value, _)| Arc::clone(value));
            oldest.map(|value| self.seen.remove(&value));
        }
    }
}

/// The day of a time, in UTC, by its number.
fn day(time: Timestamp) -> i64 {
    time.as_second().div_euclid(24 * 60 * 60)
}
