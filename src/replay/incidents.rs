//! Whole incidents: unlike an invocation, a replay knows how they ended, so one alert stands for each.

use std::collections::{BTreeSet, HashMap};

use jiff::{SignedDuration, Timestamp};

use super::copies::Order;
use super::fate::Fate;
use super::matches::Matches;
use super::ruling::{Refused, Ruling, matching};
use super::templates::Templates;
use crate::counted::{Counted, Names, Span};
use crate::digest::Digest;
use crate::incident::Incident;
use crate::windows::{Entry, WindowKey};

/// What belongs to one incident.
struct Whole {
    key: WindowKey,
    window: SignedDuration,
    last_step: Option<u32>,
    names: Names,
    span: Span,
}

/// Lets the first alert of each incident stand for all of it: later ones become its matches, and it counts everything.
pub(super) fn make_whole(ruling: &mut Ruling, matches: &Matches, order: &Order, templates: &mut Templates<'_>) {
    let openers = openers(ruling);
    if openers.is_empty() {
        return;
    }
    let mut incidents: HashMap<usize, Whole> = HashMap::new();
    let mut end = Timestamp::MIN;
    for occurrence in matching(matches, order).map(|record| record.occurrence) {
        for finding in 0..occurrence.kind.findings.len() {
            let Some(fate) = ruling.fates.get_mut(occurrence.first + finding) else { continue };
            if *fate != Fate::EXPECTED {
                end = occurrence.time;
            }
            let Some((alert, opener)) = fate.alert().and_then(|alert| Some((alert, *openers.get(&alert)?))) else {
                continue;
            };
            let Some(entry) = templates.of_match(occurrence, finding) else { continue };
            let step = ruling.alerts.get(alert).and_then(|alert| alert.due.incident?.step);
            incidents.entry(opener).or_insert_with(|| Whole::begin(entry)).add(entry, step);
            *fate = Fate::of_alert(opener);
        }
    }
    for (opener, Whole { key, window, last_step, names, span }) in incidents {
        let Some(alert) = ruling.alerts.get_mut(opener) else { continue };
        let refused = refused_in(&ruling.refused, key, window, span);
        let has_stopped = end.duration_since(span.last) >= window;
        alert.due.last_step = last_step;
        alert.due.counted = Counted { has_stopped, ..Counted::of(&names, Some(span), refused) };
    }
}

impl Whole {
    fn begin(first: &Entry) -> Self {
        let (key, window) = (first.key, first.period.window());
        Self { key, window, last_step: None, names: Names::default(), span: Span::at(first.time) }
    }

    /// Adds a match, with the step of the alert that it belongs to.
    fn add(&mut self, entry: &Entry, step: Option<u32>) {
        self.last_step = self.last_step.max(step);
        self.names.add(&entry.value, entry.reads);
        self.span = self.span.with(entry.time);
    }
}

/// The alert that opened its incident, for each alert of an incident, by their numbers.
fn openers(ruling: &Ruling) -> HashMap<usize, usize> {
    let alerts = || {
        ruling.alerts.iter().enumerate().filter_map(|(number, alert)| match alert.due.incident {
            Some(Incident { id, step: Some(step) }) => Some((number, id, step)),
            _ => None,
        })
    };
    let first = alerts().filter(|(.., step)| *step == 1);
    let opened: HashMap<Digest, usize> = first.map(|(number, id, _)| (id, number)).collect();
    alerts().filter_map(|(number, id, _)| Some((number, *opened.get(&id)?))).collect()
}

/// How many names the identity of an incident was refused, from a window before its first read to a window after its last.
fn refused_in(refused: &[Refused], key: WindowKey, window: SignedDuration, span: Span) -> usize {
    let is_near = |read: &&Refused| {
        read.key == key
            && span.first.duration_since(read.time) <= window
            && read.time.duration_since(span.last) <= window
    };
    refused.iter().filter(is_near).map(|read| &read.value).collect::<BTreeSet<_>>().len()
}
