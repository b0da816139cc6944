//! Records that belong together, as one line of a timeline for people.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::event::Event;
use super::step::Step;

/// How long nothing may come until the next record begins a new line.
const QUIET: SignedDuration = SignedDuration::from_mins(15);

/// What one identity did in one vault without a long pause: one kind of step, from one address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Run {
    /// The first record's time.
    pub first: Timestamp,
    /// The last record's time.
    pub last: Timestamp,
    /// Who.
    pub identity: String,
    /// What.
    pub step: Step,
    /// In which vault.
    pub vault: Option<String>,
    /// From where.
    pub address: Option<String>,
    /// With which clients, as they call themselves.
    pub clients: BTreeSet<String>,
    /// The operations, with how many records there are of each.
    pub operations: BTreeMap<String, u64>,
    /// How it ended.
    pub outcomes: BTreeSet<String>,
    /// How many records there are.
    pub records: u64,
    /// How many names they are about.
    pub names: usize,
}

/// What tells runs apart.
type Key<'e> = (&'e str, Step, Option<&'e str>, Option<&'e str>);

/// Joins records, which are in the order of their times. Those without one belong to no line.
pub(super) fn runs(events: &[Event], name_of: impl Fn(&Event) -> String) -> Vec<Run> {
    let mut runs: Vec<(Run, BTreeSet<&str>)> = Vec::new();
    let mut open: HashMap<Key<'_>, usize> = HashMap::new();
    for (event, time) in events.iter().filter_map(|event| Some((event, event.time?))) {
        let (vault, address) = (event.vault.as_deref(), event.address.as_deref());
        let key = (&*event.person, event.step, vault, address);
        let known = open
            .get(&key)
            .copied()
            .filter(|number| runs.get(*number).is_some_and(|(run, _)| time.duration_since(run.last) <= QUIET));
        let number = known.unwrap_or(runs.len());
        if known.is_none() {
            open.insert(key, number);
            runs.push((Run::of(event, time, name_of(event)), BTreeSet::new()));
        }
        let Some((run, names)) = runs.get_mut(number) else { continue };
        run.last = time;
        run.records += 1;
        run.clients.extend(event.client.clone());
        *run.operations.entry(event.operation.clone()).or_default() += 1;
        run.outcomes.insert(event.outcome.clone());
        if !event.object_name().is_empty() {
            names.insert(event.object_name());
        }
    }
    runs.into_iter().map(|(run, names)| Run { names: names.len(), ..run }).collect()
}

impl Run {
    fn of(event: &Event, time: Timestamp, identity: String) -> Self {
        Self {
            first: time,
            last: time,
            identity,
            step: event.step,
            vault: event.vault.clone(),
            address: event.address.clone(),
            clients: BTreeSet::new(),
            operations: BTreeMap::new(),
            outcomes: BTreeSet::new(),
            records: 0,
            names: 0,
        }
    }
}
