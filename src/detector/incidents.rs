//! What the entries of one record have to do with each other: which may open an incident, which may join it, and what all of
//! them compare with.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::Batch;
use crate::alert::Subject;
use crate::digest::Digest;
use crate::rules::Incidents;
use crate::severity::Severity;
use crate::windows::{Entry, Fold, Joins, Role};

/// How many identities' reads are counted at once.
const MAX_COUNTED: usize = 20_000;

/// How many reads of each identity there were since the last that the windows were told of.
pub(super) type ReadCounts = Arc<Mutex<HashMap<Arc<str>, u32>>>;

/// Marks the entries of matches of one record: that of a rule that opens incidents, those that may join its incident, and for
/// all of them what a rule that learns has seen.
///
/// What joins goes by the record, so an incident's card can stand for an alert only where the record counts for the incident,
/// too: not where that rule is off, or expects the access. `teams_from` is the severity from which on alerts are cards.
pub fn relate(subjects: &[Subject<'_>], entries: &mut [Entry], learn_days: u32, teams_from: Option<Severity>) {
    let mut entries: Vec<_> = entries.iter_mut().zip(subjects).collect();
    let learner = entries.iter_mut().find(|(_, subject)| subject.rule.logic.learns).map(|(entry, subject)| {
        let seen = subject.sighting(learn_days);
        (entry.learns, entry.value) = (true, seen.what());
        (entry.key, seen)
    });
    if let Some((_, seen)) = &learner {
        entries.iter_mut().for_each(|(entry, _)| entry.sighting = Some(seen.clone()));
    }
    let opens = |(entry, subject): &&mut (&mut Entry, &Subject<'_>)| {
        entry.period.counts() && matches!(subject.rule.logic.incidents, Incidents::Open(_))
    };
    let Some((opening, opener)) = entries.iter_mut().find(opens) else { return };
    let severity = opener.rule.metadata.severity;
    opening.has_card = teams_from.is_some_and(|from| severity >= from);
    // An alert of what is unfamiliar gives an incident its id that opens soon after.
    opening.joins = learner.map(|(key, _)| Joins { key, may_have_no_card: false });
    let (key, has_card) = (opening.key, opening.has_card);
    for (entry, subject) in &mut entries {
        if matches!(subject.rule.logic.incidents, Incidents::Join) && subject.identity.is_named() {
            let may_have_no_card = has_card && subject.rule.metadata.severity <= severity;
            entry.joins = Some(Joins { key, may_have_no_card });
        }
    }
}

/// The entry of what expected access teaches: it raises no alert, and is usual all the same.
#[must_use]
pub fn taught(covered: Subject<'_>, entry: Entry, learn_days: u32) -> (Role, Entry) {
    let seen = covered.sighting(learn_days);
    (Role::Counted, Entry { value: seen.what(), sighting: Some(seen), learns: true, ..entry })
}

/// Entries in the order in which they are taken: first what is learnt, then what may open an incident, then what joins one, so
/// that the incident's card stands for all other alerts of its batch.
pub fn in_order(entries: &[(Role, Entry)]) -> impl Iterator<Item = &(Role, Entry)> {
    let mut ranked: Vec<_> = entries.iter().collect();
    ranked.sort_by_key(|entry| Rank::of(entry));
    ranked.into_iter()
}

/// When entries of a batch are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Refused,
    Learns,
    Counts,
    Other,
}

impl Rank {
    /// All of them, in order.
    const ALL: [Self; 4] = [Self::Refused, Self::Learns, Self::Counts, Self::Other];

    fn of((role, entry): &(Role, Entry)) -> Self {
        match role {
            Role::Refused => Self::Refused,
            _ if entry.learns => Self::Learns,
            _ if entry.period.counts() => Self::Counts,
            _ => Self::Other,
        }
    }
}

/// Has the windows of one process take entries in that order. `alert_id` names the alert that an entry, by its number, would
/// have; it is asked where that may open an incident, because it takes a hash of the whole record.
pub fn take_all(windows: &mut Fold, entries: &mut [(Role, Entry)], alert_id: &mut dyn FnMut(usize) -> Option<Digest>) {
    for rank in Rank::ALL {
        let of_rank = entries.iter_mut().enumerate().filter(|(_, entry)| Rank::of(entry) == rank);
        for (number, (role, entry)) in of_rank {
            if !windows.settles(*role, entry) {
                entry.alert_id = if windows.may_open(entry) { alert_id(number) } else { None };
                windows.take_unsettled(*role, entry);
            }
        }
    }
}

impl Batch {
    /// Counts the reads of each identity, and says in new entries how many there were since the last.
    pub fn count_reads(&mut self, is_settled: &dyn Fn(Role, &Entry) -> bool) {
        let mut counts = self.read_counts.lock().unwrap_or_else(PoisonError::into_inner);
        for (role, entry) in self.entries.iter_mut().filter(|(role, entry)| *role == Role::Match && entry.learns) {
            let Some(identity) = entry.sighting.as_ref().map(|seen| Arc::clone(&seen.identity)) else { continue };
            if counts.len() >= MAX_COUNTED {
                counts.clear();
            }
            *counts.entry(Arc::clone(&identity)).or_default() += 1;
            let is_new = !is_settled(*role, entry);
            if let Some(seen) = entry.sighting.as_mut().filter(|_| is_new) {
                seen.reads = counts.remove(&identity).unwrap_or(1);
            }
        }
    }

    /// Names the alerts that new entries would have which may open an incident, or give it its id, for a log that other instances
    /// read, too. It takes a hash of the whole record, so it is not done for what is settled.
    pub fn name_alerts(&mut self, is_settled: &dyn Fn(Role, &Entry) -> bool) {
        for (found, (role, entry)) in self.matches.iter().zip(&mut self.entries) {
            if (entry.period.counts() || entry.learns) && !is_settled(*role, entry) {
                entry.alert_id = Some(found.alert_id());
            }
        }
    }
}
