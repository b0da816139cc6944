//! What follows from the records of the identities that are asked for: one set of facts for page, tables and JSON.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::collector::{Collector, Known};
use super::coverage::Gap;
use super::event::Event;
use super::habits::Habits;
use super::pace::Pace;
use super::person::Person;
use super::rotation::{Rotate, rotation};
use super::run::{Run, runs};
use super::step::Step;
use super::wanted::Wanted;
use crate::counted::Span;
use crate::facts::VaultAccess;
use crate::time_bound::TimeBounds;

/// How long before its reads a theft may begin: with a sign-in, and with lists.
const AHEAD: SignedDuration = SignedDuration::from_hours(1);

/// The facts.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Findings {
    /// From when to when, as far as that is asked for or known.
    #[serde(rename = "period")]
    pub span: Option<Span>,
    /// Who was asked for and made no call.
    pub not_found: Vec<String>,
    /// Who was asked for and found, those who read most names first.
    pub identities: Vec<Person>,
    /// What has to be rotated.
    pub rotate: Vec<Rotate>,
    /// What happened, joined.
    pub timeline: Vec<Run>,
    /// Records by vault and operation, with how many of them were refused.
    pub matrix: BTreeMap<String, BTreeMap<String, Cell>>,
    /// Reads an hour.
    pub pace: Pace,
    /// Vaults with hours of which there is no record of anybody.
    pub gaps: Vec<Gap>,
    /// Records that were left out because they are earlier or later than asked for.
    pub records_outside: u64,
    /// Records without a time that can be read.
    pub timeless: usize,
    /// The records themselves, in the order of their times.
    #[serde(skip)]
    pub events: Vec<Event>,
    /// Whom it is about.
    #[serde(skip)]
    pub wanted: Wanted,
    /// What was asked for.
    #[serde(skip)]
    pub bounds: TimeBounds,
}

/// One operation in one vault.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Cell {
    /// How many records.
    pub records: u64,
    /// How many of them were refused.
    pub refused: u64,
}

impl Findings {
    /// Draws conclusions from what was collected. `alerts` has the first moment of an alert for identities by their keys.
    #[must_use]
    pub fn of(collected: Collector, alerts: &HashMap<Arc<str>, Timestamp>) -> Self {
        let Collector { wanted, bounds, mut events, persons, names, coverage, outside, .. } = collected;
        events.sort_by(|one, other| {
            let place = |event: &Event| (event.place.file.clone(), event.place.line, event.index);
            one.time.cmp(&other.time).then_with(|| place(one).cmp(&place(other)))
        });
        let identities = people(persons, &events, &bounds, alerts, &names);
        let shown: HashMap<Arc<str>, String> =
            identities.iter().map(|person| (Arc::clone(&person.key), person.name.clone())).collect();
        let name_of = |event: &Event| shown.get(&event.person).cloned().unwrap_or_default();
        let times = || events.iter().filter_map(|event| event.time);
        let known = times().min().zip(times().max()).map(|(first, last)| Span { first, last });
        let all = coverage
            .span()
            .or(known)
            .map(|span| Span { first: bounds.since.unwrap_or(span.first), last: bounds.until.unwrap_or(span.last) });
        let found: Vec<_> = identities.iter().map(|person| &person.identity).collect();
        Self {
            not_found: wanted.missing_in(&found).map(str::to_owned).collect(),
            rotate: rotation(&events, name_of),
            timeline: runs(&events, name_of),
            matrix: matrix(&events),
            pace: Pace::of(&events),
            gaps: all.map_or_else(Vec::new, |span| coverage.gaps(span.first, span.last)),
            records_outside: outside,
            timeless: events.iter().filter(|event| event.time.is_none()).count(),
            span: all,
            identities,
            events,
            wanted,
            bounds,
        }
    }
}

fn people(
    persons: BTreeMap<Arc<str>, Known>,
    events: &[Event],
    bounds: &TimeBounds,
    alerts: &HashMap<Arc<str>, Timestamp>,
    names: &BTreeMap<String, String>,
) -> Vec<Person> {
    let mut people = Vec::new();
    for (key, Known { identity, before }) in persons {
        let own: Vec<_> = events.iter().filter(|event| event.person == key).collect();
        if own.is_empty() {
            continue;
        }
        let reads = alerts.get(&key).copied().or_else(|| busiest_hour(&own));
        let turn = bounds.since.or_else(|| reads?.checked_sub(AHEAD).ok());
        let mut habits: Habits = before;
        for (event, time) in own.iter().filter_map(|event| Some((event, event.time?))) {
            if event.vault.is_some() {
                let access = VaultAccess {
                    client: event.client.as_deref().map(|client| VaultAccess::family(client).into()),
                    ..VaultAccess::of_object(event.vault.clone(), None)
                };
                habits.add(&access, event.address.as_deref(), time, turn.is_some_and(|turn| time < turn));
            }
        }
        people.push(Person::of(key, identity, names, &own, turn, habits.list()));
    }
    people.sort_by_key(|person| (Reverse(person.names), Reverse(person.records)));
    people
}

/// The beginning of the hour in which most names were read.
fn busiest_hour(events: &[&Event]) -> Option<Timestamp> {
    let mut hours: BTreeMap<i64, BTreeSet<&str>> = BTreeMap::new();
    for event in events {
        if let (Some(read), Some(time)) = (&event.read, event.time) {
            hours.entry(time.as_second().div_euclid(3_600)).or_default().insert(&read.name);
        }
    }
    // Of hours that are alike the first.
    let (hour, _) = hours.iter().rev().max_by_key(|(_, names)| names.len())?;
    Timestamp::from_second(hour * 3_600).ok()
}

fn matrix(events: &[Event]) -> BTreeMap<String, BTreeMap<String, Cell>> {
    let mut matrix: BTreeMap<String, BTreeMap<String, Cell>> = BTreeMap::new();
    for (event, vault) in events.iter().filter_map(|event| Some((event, event.vault.clone()?))) {
        let cell = matrix.entry(vault).or_default().entry(event.operation.clone()).or_default();
        cell.records += 1;
        cell.refused += u64::from(event.step == Step::Refused);
    }
    matrix
}
