//! Whole incidents: unlike an invocation, a replay knows how they ended, so one alert stands for each.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;

use crate::alert::Due;
use crate::counted::{Counted, Names, Span};
use crate::incident::Incident;
use crate::windows::{Entry, RecordId, Verdict};

/// What belongs to one incident.
#[derive(Default)]
struct Whole {
    last_step: Option<u32>,
    names: Names,
    span: Option<Span>,
}

/// Lets the first alert of each incident stand for all of it: later ones become its matches, and it counts everything.
pub(super) fn make_whole(entries: &[Entry], verdicts: &mut [Verdict], refused: &[Entry]) {
    let openers = openers(entries, verdicts);
    let mut incidents: HashMap<RecordId, Whole> = HashMap::new();
    for (entry, verdict) in entries.iter().zip(&mut *verdicts).filter(|(entry, _)| entry.period.counts()) {
        let (owner, step) = match verdict {
            Verdict::Alert { due, .. } => (entry.record, due.incident.and_then(|incident| incident.step)),
            Verdict::Suppressed { by } => (*by, None),
            Verdict::Pending | Verdict::Familiar => continue,
        };
        let Some(opener) = openers.get(&owner) else { continue };
        if *opener != entry.record {
            *verdict = Verdict::Suppressed { by: *opener };
        }
        let whole = incidents.entry(*opener).or_default();
        whole.last_step = whole.last_step.max(step);
        whole.names.add(&entry.value, entry.reads);
        whole.span = Some(whole.span.map_or(Span::at(entry.time), |span| span.with(entry.time)));
    }
    let end = entries.last().map_or(Timestamp::MIN, |entry| entry.time);
    for (entry, verdict) in entries.iter().zip(verdicts) {
        let (Verdict::Alert { due, .. }, Some(whole)) = (verdict, incidents.get(&entry.record)) else { continue };
        let Some(span) = whole.span.filter(|_| entry.period.counts()) else { continue };
        due.last_step = whole.last_step;
        let is_over = end.duration_since(span.last) >= entry.period.window();
        due.counted =
            Counted { has_stopped: is_over, ..Counted::of(&whole.names, whole.span, refused_in(refused, entry, span)) };
    }
}

/// The record that opened its incident, for each record that an alert of an incident belongs to.
fn openers(entries: &[Entry], verdicts: &[Verdict]) -> HashMap<RecordId, RecordId> {
    let alerts = || {
        entries.iter().zip(verdicts).filter_map(|(entry, verdict)| match verdict {
            Verdict::Alert { due: Due { incident: Some(Incident { id, step: Some(step) }), .. }, .. } => {
                Some((entry.record, *id, *step))
            }
            _ => None,
        })
    };
    let opened: HashMap<_, _> = alerts().filter(|(.., step)| *step == 1).map(|(record, id, _)| (id, record)).collect();
    alerts().filter_map(|(record, id, _)| Some((record, *opened.get(&id)?))).collect()
}

/// How many names the identity of an incident was refused, from a window before its first read to a window after its last.
fn refused_in(refused: &[Entry], opener: &Entry, span: Span) -> usize {
    let window = opener.period.window();
    let is_near = |entry: &&Entry| {
        entry.key == opener.key
            && span.first.duration_since(entry.time) <= window
            && entry.time.duration_since(span.last) <= window
    };
    refused.iter().filter(is_near).map(|entry| &entry.value).collect::<BTreeSet<_>>().len()
}
