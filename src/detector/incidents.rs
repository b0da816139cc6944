//! What the entries of one record have to do with each other: which may open an incident, which may join it, and what all of
//! them compare with.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::Batch;
use crate::alert::Match;
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
pub fn relate(matches: &[Match], entries: &mut [(Role, Entry)], learn_days: u32, teams_from: Option<Severity>) {
    let of_one_record = |one: &Match, other: &Match| Arc::ptr_eq(&one.record, &other.record);
    let mut entries = entries.iter_mut();
    for matches in matches.chunk_by(of_one_record) {
        let mut entries: Vec<_> = entries.by_ref().take(matches.len()).map(|(_, entry)| entry).zip(matches).collect();
        let learner = entries.iter_mut().find(|(_, found)| found.rule.logic.learns).map(|(entry, found)| {
            let seen = found.record.sighting(learn_days);
            (entry.learns, entry.value) = (true, seen.what());
            (entry.key, seen)
        });
        if let Some((_, seen)) = &learner {
            entries.iter_mut().for_each(|(entry, _)| entry.sighting = Some(seen.clone()));
        }
        let opens = |(entry, found): &&mut (&mut Entry, &Match)| {
            entry.period.counts() && matches!(found.rule.logic.incidents, Incidents::Open(_))
        };
        let Some((opening, opener)) = entries.iter_mut().find(opens) else { continue };
        let severity = opener.rule.metadata.severity;
        opening.has_card = teams_from.is_some_and(|from| severity >= from);
        // An alert of what is unfamiliar gives an incident its id that opens soon after.
        opening.joins = learner.map(|(key, _)| Joins { key, may_have_no_card: false });
        let (key, has_card) = (opening.key, opening.has_card);
        for (entry, found) in &mut entries {
            if matches!(found.rule.logic.incidents, Incidents::Join) && found.record.identity.is_named() {
                let may_have_no_card = has_card && found.rule.metadata.severity <= severity;
                entry.joins = Some(Joins { key, may_have_no_card });
            }
        }
    }
}

/// What expected access teaches: it raises no alert, and is usual all the same.
pub fn taught(
    covered: &[Match],
    learn_days: u32,
    entry: impl Fn(&Match) -> Entry,
) -> impl Iterator<Item = (Role, Entry)> {
    covered.iter().filter(|found| found.rule.logic.learns).map(move |found| {
        let seen = found.record.sighting(learn_days);
        (Role::Counted, Entry { value: seen.what(), sighting: Some(seen), learns: true, ..entry(found) })
    })
}

/// Entries in the order in which they are taken: first what is learnt, then what may open an incident, then what joins one, so
/// that the incident's card stands for all other alerts of its batch.
pub fn in_order(entries: &[(Role, Entry)]) -> impl Iterator<Item = &(Role, Entry)> {
    let mut ranked: Vec<_> = entries.iter().collect();
    ranked.sort_by_key(|entry| rank(entry));
    ranked.into_iter()
}

fn rank((role, entry): &(Role, Entry)) -> u8 {
    match role {
        Role::Refused => 0,
        _ if entry.learns => 1,
        _ if entry.period.counts() => 2,
        _ => 3,
    }
}

/// Has the windows of one process take entries in that order; the first of them are those of the matches. The alert that opens
/// an incident is named then, because it takes a hash of the whole record.
pub fn take_all(windows: &mut Fold, entries: &mut [(Role, Entry)], matches: &[Match]) {
    let matches = matches.iter().map(Some).chain(std::iter::repeat(None));
    let mut ranked: Vec<_> = entries.iter_mut().zip(matches).collect();
    ranked.sort_by_key(|(entry, _)| rank(entry));
    for ((role, entry), found) in ranked {
        entry.alert_id = found.filter(|_| windows.may_open(entry)).map(Match::alert_id);
        windows.take_new(*role, entry);
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
