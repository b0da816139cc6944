//! What an alert says of the identity: what is usual for it, and since when what its record has is known.

use std::cmp::Reverse;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::habit::{Days, Habit};
use super::{Novelty, Reader, Sighting, Usual};

/// How many values of a kind are named, those seen last first.
const MAX_NAMED: usize = 5;

/// One identity at the time of an alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub struct Portrait {
    /// When what the record has was first seen of this identity.
    pub first_seen: FirstSeen,
    /// What is usual for it.
    pub usual: Habits,
    /// The comparison in words; nothing while too little is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verdict: Option<String>,
}

/// When something was first seen, null where it is seen for the first time or is one of too many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FirstSeen {
    /// The identity.
    pub identity: Option<Timestamp>,
    /// The record's address range.
    pub address: Option<Timestamp>,
    /// The record's vault.
    pub vault: Option<Timestamp>,
    /// The record's client.
    pub client: Option<Timestamp>,
}

/// What is usual.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Habits {
    /// Since when the identity is known.
    pub since: Option<Timestamp>,
    /// About how many reads it makes on a day.
    pub reads_a_day: u64,
    /// Its address ranges, those seen last first.
    pub addresses: Vec<Arc<str>>,
    /// Its clients, those seen last first.
    pub clients: Vec<Arc<str>>,
    /// Its vaults, those seen last first.
    pub vaults: Vec<Arc<str>>,
    /// How many vaults it has.
    pub vault_count: usize,
    /// The kinds of which nothing is unusual, because it roams.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roams: Vec<Arc<str>>,
}

impl Portrait {
    /// Of the identity of a read at a time; asked before the read is learnt, or after.
    #[must_use]
    pub fn of(usual: &Usual, seen: &Sighting, time: Timestamp) -> Self {
        let reader = usual.reader(&seen.identity);
        let first = |habit: fn(&Reader) -> &Habit, value: &str| reader.and_then(|reader| habit(reader).first(value));
        let first_seen = FirstSeen {
            identity: reader.map(Reader::first),
            address: first(|reader| &reader.addresses, &seen.address),
            vault: first(|reader| &reader.vaults, &seen.vault),
            client: first(|reader| &reader.clients, &seen.client),
        };
        let usual_of = |habit: fn(&Reader) -> &Habit| {
            reader.map_or_else(Vec::new, |reader| habit(reader).usual(reader.first(), time))
        };
        let named = |habit: fn(&Reader) -> &Habit| usual_of(habit).into_iter().take(MAX_NAMED).collect();
        Self {
            first_seen,
            usual: Habits {
                since: reader.map(Reader::first),
                reads_a_day: reader.map_or(0, Reader::reads_a_day),
                addresses: named(|reader| &reader.addresses),
                clients: named(|reader| &reader.clients),
                vaults: named(|reader| &reader.vaults),
                roams: reader.map_or_else(Vec::new, Reader::roams),
                vault_count: usual_of(|reader| &reader.vaults).len(),
            },
            verdict: verdict(usual, reader, seen, time),
        }
    }

    /// Whether something about the record is new for the identity, as far as anything is known.
    #[must_use]
    pub fn is_unlike(&self) -> bool {
        self.verdict.as_ref().is_some_and(|verdict| verdict.starts_with("unlike"))
    }
}

/// `unlike its last 14 days: new address`, or `like its last 14 days`.
fn verdict(usual: &Usual, reader: Option<&Reader>, seen: &Sighting, time: Timestamp) -> Option<String> {
    let since = usual.since().filter(|since| !seen.is_learning(*since, time))?;
    let Some(reader) = reader.filter(|reader| !Novelty::is_recent(reader.first(), time)) else {
        return Some("unlike all before: a new identity".to_owned());
    };
    let is_new = |habit: &Habit, value: &str| {
        !habit.roams && habit.first(value).is_none_or(|first| Novelty::is_recent(first, time))
    };
    let novelty = Novelty {
        address: is_new(&reader.addresses, &seen.address),
        vault: is_new(&reader.vaults, &seen.vault),
        client: is_new(&reader.clients, &seen.client),
        ..Novelty::default()
    };
    let days = time.duration_since(reader.first().max(since)).as_hours() / 24;
    let span = format!("its last {} days", days.clamp(1, 90));
    Some(match novelty.is_nothing() {
        true => format!("like {span}"),
        false => format!("unlike {span}: {}", novelty.words()),
    })
}

impl Habit {
    /// When a value was first seen.
    fn first(&self, value: &str) -> Option<Timestamp> {
        self.seen.get(value).map(|days| days.first)
    }

    /// The values that are not new, those seen last first; of an identity that is new itself all.
    fn usual(&self, known_since: Timestamp, now: Timestamp) -> Vec<Arc<str>> {
        let is_usual = |days: &Days| Novelty::is_recent(known_since, now) || !Novelty::is_recent(days.first, now);
        let usual = self.seen.iter().filter(|(_, days)| is_usual(days));
        let mut usual: Vec<_> = usual.map(|(value, days)| (Reverse(days.last), value)).collect();
        usual.sort();
        usual.into_iter().map(|(_, value)| Arc::clone(value)).collect()
    }
}
