//! Which alerts of a batch may open an incident, and which may join one.

use std::sync::Arc;

use super::Batch;
use crate::alert::Match;
use crate::rules::Incidents;
use crate::severity::Severity;
use crate::windows::{Entry, Joins, Role};

/// Marks the entries of matches of one record: that of a rule that opens incidents, and those that may join its incident.
///
/// What joins goes by the record, so an incident's card can stand for an alert only where the record counts for the incident,
/// too: not where that rule is off, or expects the access. `teams_from` is the severity from which on alerts are cards.
pub fn join_incidents(matches: &[Match], entries: &mut [(Role, Entry)], teams_from: Option<Severity>) {
    let of_one_record = |one: &Match, other: &Match| Arc::ptr_eq(&one.record, &other.record);
    let mut entries = entries.iter_mut();
    for matches in matches.chunk_by(of_one_record) {
        let mut entries: Vec<_> = entries.by_ref().take(matches.len()).map(|(_, entry)| entry).zip(matches).collect();
        let opens = |(entry, found): &&mut (&mut Entry, &Match)| {
            entry.period.counts() && matches!(found.rule.logic.incidents, Incidents::Open(_))
        };
        let Some((opening, opener)) = entries.iter_mut().find(opens) else { continue };
        let severity = opener.rule.metadata.severity;
        opening.has_card = teams_from.is_some_and(|from| severity >= from);
        let (key, has_card) = (opening.key, opening.has_card);
        for (entry, found) in &mut entries {
            if matches!(found.rule.logic.incidents, Incidents::Join) && found.record.identity.is_named() {
                let may_have_no_card = has_card && found.rule.metadata.severity <= severity;
                entry.joins = Some(Joins { key, may_have_no_card });
            }
        }
    }
}

/// Entries in the order in which they are taken: what joins an incident comes after what may open it, so that the incident's
/// card stands for all other alerts of its batch.
pub fn in_order(entries: &[(Role, Entry)]) -> impl Iterator<Item = &(Role, Entry)> {
    let rank = |(role, entry): &(Role, Entry)| (entry.joins.is_some(), *role != Role::Refused);
    let mut ranked: Vec<_> = entries.iter().collect();
    ranked.sort_by_key(|entry| rank(entry));
    ranked.into_iter()
}

impl Batch {
    /// Names the alerts that new entries of rules with a threshold would have. It takes a hash of the whole record, so it is
    /// not done for what is settled.
    pub fn name_alerts(&mut self, is_settled: &dyn Fn(Role, &Entry) -> bool) {
        for (found, (role, entry)) in self.matches.iter().zip(&mut self.entries) {
            if entry.period.counts() && !is_settled(*role, entry) {
                entry.alert_id = Some(found.alert_id());
            }
        }
    }
}
