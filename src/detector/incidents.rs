//! What the entries of one record have to do with each other: which may open an incident, which may join it, and what all of
//! them compare with.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::Batch;
use crate::alert::Match;
use crate::rules::Incidents;
use crate::severity::Severity;
use crate::usual::Sighting;
use crate::windows::{Entry, Joins, Role};

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
            let record = &found.record;
            let seen = Sighting::of(&record.identity_key, &record.identity, &record.access, learn_days);
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
        let record = &found.record;
        let seen = Sighting::of(&record.identity_key, &record.identity, &record.access, learn_days);
        (Role::Counted, Entry { value: seen.what(), sighting: Some(seen), learns: true, ..entry(found) })
    })
}

/// Entries in the order in which they are taken: first what is learnt, then what may open an incident, then what joins one, so
/// that the incident's card stands for all other alerts of its batch.
pub fn in_order(entries: &[(Role, Entry)]) -> impl Iterator<Item = &(Role, Entry)> {
    let rank = |(role, entry): &(Role, Entry)| match role {
        Role::Refused => 0,
        _ if entry.learns => 1,
        _ if entry.period.counts() => 2,
        _ => 3,
    };
    let mut ranked: Vec<_> = entries.iter().collect();
    ranked.sort_by_key(|entry| rank(entry));
    ranked.into_iter()
}

impl Batch {
    /// Completes new entries: with the ids that alerts would have which may open an incident, and with how many reads there were.
    /// An id takes a hash of the whole record, so it is not made for what is settled.
    pub fn complete(&mut self, is_settled: &dyn Fn(Role, &Entry) -> bool) {
        let mut counts = self.read_counts.lock().unwrap_or_else(PoisonError::into_inner);
        for (found, (role, entry)) in self.matches.iter().zip(&mut self.entries) {
            let identity = entry.sighting.as_ref().filter(|_| entry.learns).map(|seen| Arc::clone(&seen.identity));
            if let Some(identity) = &identity {
                if counts.len() >= MAX_COUNTED {
                    counts.clear();
                }
                *counts.entry(Arc::clone(identity)).or_default() += 1;
            }
            if !(entry.period.counts() || entry.learns) || is_settled(*role, entry) {
                continue;
            }
            entry.alert_id = Some(found.alert_id());
            if let (Some(seen), Some(identity)) = (&mut entry.sighting, identity) {
                seen.reads = counts.remove(&identity).unwrap_or(1);
            }
        }
    }
}
