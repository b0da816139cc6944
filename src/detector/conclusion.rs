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
        let alert = Verdict::Alert { created_at: now, is_present: true };
        let verdicts = vec![alert; group.matches.len()];
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
        // The alert of the present window: what is suppressed in this batch adds to it, and to no other.
        let mut present = None;
        for (found, verdict) in group.matches.into_iter().zip(decision.verdicts) {
            match verdict {
                Verdict::Alert { created_at, is_present } => {
                    let mut evidence = Evidence::new(found);
                    if is_present {
                        waiting.drain(..).for_each(|earlier| evidence.add(earlier));
                        present = Some(conclusion.alerts.len());
                    }
                    if is_present && group.period.threshold > 1 {
                        evidence.describe(rule, &decision.values);
                    }
                    conclusion.alerts.push((evidence, created_at));
                }
                Verdict::Suppressed => match present.and_then(|at| conclusion.alerts.get_mut(at)) {
                    Some((evidence, _)) => evidence.add(found),
                    None => conclusion.suppressed += 1,
                },
                Verdict::Pending => waiting.push(found),
            }
        }
        conclusion.pending = waiting.len() as u64;
        conclusion
    }
}
