//! The matches of a batch, by the window that they fall into.

use std::collections::HashMap;

use jiff::Timestamp;

use super::{Candidate, Period, RecordId, WindowKey};
use crate::alert::Match;
use crate::rules::{Parameters, Rule};

/// Matches with one key, in the order of the batch.
#[derive(Debug)]
pub struct Group {
    /// The window's key.
    pub key: WindowKey,
    /// The rule's number among the active ones.
    pub rule: usize,
    /// How the rule's windows are.
    pub period: Period,
    /// The matches.
    pub matches: Vec<Match>,
}

impl Group {
    /// What the window has to know of each match.
    #[must_use]
    pub fn candidates(&self) -> Vec<Candidate> {
        let candidate = |found: &Match| Candidate {
            record: RecordId::of(found),
            enqueued_at: found.source.place.enqueued_time.as_deref().and_then(|time| time.parse::<Timestamp>().ok()),
            value: found.unique.clone(),
        };
        self.matches.iter().map(candidate).collect()
    }
}

/// Groups the matches of a batch by rule and dedup string, in the order of the first of each.
///
/// `minutes` is what the settings say; where they say nothing, a rule's own period holds. A rule with a threshold needs
/// a window to count in, so zero minutes leave it its own period.
#[must_use]
pub fn group_by_key(matches: Vec<Match>, rules: &[Rule], parameters: &Parameters, minutes: Option<u32>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut index: HashMap<WindowKey, usize> = HashMap::new();
    for found in matches {
        let Some(rule) = rules.get(found.rule) else { continue };
        let threshold = (rule.logic.threshold)(parameters);
        let own = rule.metadata.dedup_period_minutes;
        let minutes = minutes.filter(|minutes| *minutes > 0 || threshold <= 1).unwrap_or(own);
        let key = WindowKey::new(&rule.metadata.id, &found.dedup);
        let position = index.get(&key).copied().filter(|_| minutes > 0);
        match position.and_then(|position| groups.get_mut(position)) {
            Some(group) => group.matches.push(found),
            None => {
                index.insert(key, groups.len());
                let period = Period { minutes, threshold };
                groups.push(Group { key, rule: found.rule, period, matches: vec![found] });
            }
        }
    }
    groups
}
