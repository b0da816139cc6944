//! A group of matches and the verdicts of its window, made into alerts.

use jiff::Timestamp;

use crate::alert::Evidence;
use crate::rules::Rule;
use crate::windows::{Group, Verdict};

/// What a window store says of one group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// What becomes of each match, in order.
    pub verdicts: Vec<Verdict>,
    /// The distinct values of the window.
    pub values: Vec<String>,
}

impl Decision {
    /// Every match is an alert of its own: without windows.
    #[must_use]
    pub fn all_alert(group: &Group, now: Timestamp) -> Self {
        let verdicts = group.matches.iter().map(|_| Verdict::Alert { created_at: now }).collect();
        Self { verdicts, values: Vec::new() }
    }
}

/// The alerts of one group, and what did not become one.
#[derive(Debug, Default)]
pub struct Conclusion {
    /// What each alert stands for, and when it was first made.
    pub alerts: Vec<(Evidence, Timestamp)>,
    /// Matches whose alert went out with an earlier batch.
    pub suppressed: u64,
    /// Matches that wait for the rule's threshold.
    pub pending: u64,
}

impl Conclusion {
    /// Makes the alerts: each has the match that it belongs to first, and the matches that only add to it.
    #[must_use]
    pub fn of(rule: &Rule, group: Group, decision: Decision) -> Self {
        let mut conclusion = Self::default();
        let mut waiting = Vec::new();
        for (found, verdict) in group.matches.into_iter().zip(decision.verdicts) {
            match (verdict, conclusion.alerts.last_mut()) {
                (Verdict::Alert { created_at }, _) => {
                    let mut evidence = Evidence::new(found);
                    for earlier in waiting.drain(..) {
                        evidence.add(earlier);
                    }
                    if group.period.threshold > 1 {
                        evidence.describe(rule, &decision.values);
                    }
                    conclusion.alerts.push((evidence, created_at));
                }
                (Verdict::Suppressed, Some((evidence, _))) => evidence.add(found),
                (Verdict::Suppressed, None) => conclusion.suppressed += 1,
                (Verdict::Pending, _) => waiting.push(found),
            }
        }
        conclusion.pending = waiting.len() as u64;
        conclusion
    }
}
