//! Matches and the verdicts of their windows, made into alerts.

use std::collections::HashMap;

use jiff::Timestamp;

use crate::alert::{Evidence, Match};
use crate::windows::{Entry, RecordId, Verdict, WindowKey};

/// An alert that goes out.
#[derive(Debug)]
pub struct Concluded {
    /// The window's minutes.
    pub minutes: u32,
    /// When the hub took the record that the alert belongs to.
    pub created_at: Timestamp,
    /// Its matches.
    pub evidence: Evidence,
}

/// The alerts of a batch, and what did not become one.
#[derive(Debug, Default)]
pub struct Conclusion {
    /// The alerts, in the order of the records that they belong to.
    pub alerts: Vec<Concluded>,
    /// Matches whose alert goes out with another batch.
    pub suppressed: u64,
    /// Matches that wait for the rule's threshold.
    pub pending: u64,
}

impl Conclusion {
    /// Makes the alerts: each has the match that it belongs to first, then those that only add to it.
    #[must_use]
    pub fn of(matches: Vec<Match>, entries: &[Entry], verdicts: Vec<Verdict>) -> Self {
        let mut conclusion = Self::default();
        let mut owned: HashMap<(WindowKey, RecordId), usize> = HashMap::new();
        let (mut adding, mut counts) = (Vec::new(), Vec::new());
        for ((found, entry), verdict) in matches.into_iter().zip(entries).zip(verdicts) {
            let period = entry.period;
            match verdict {
                // Of records that are known by their content, equal ones are one alert's matches.
                Verdict::Alert { .. } if owned.contains_key(&(entry.key, entry.record)) => {
                    adding.push((entry.key, entry.record, found));
                }
                Verdict::Alert { created_at, counted } => {
                    if period.minutes > 0 {
                        owned.insert((entry.key, entry.record), conclusion.alerts.len());
                    }
                    let evidence = Evidence::new(found);
                    conclusion.alerts.push(Concluded { minutes: period.minutes, created_at, evidence });
                    counts.push(counted);
                }
                Verdict::Suppressed { by } => adding.push((entry.key, by, found)),
                Verdict::Pending => conclusion.pending += 1,
            }
        }
        for (key, record, found) in adding {
            match owned.get(&(key, record)).and_then(|at| conclusion.alerts.get_mut(*at)) {
                Some(alert) => alert.evidence.add(&found.record),
                None => conclusion.suppressed += 1,
            }
        }
        for (alert, counted) in conclusion.alerts.iter_mut().zip(counts) {
            if !counted.is_empty() {
                alert.evidence.describe(counted.count, &counted.names);
            }
        }
        conclusion
    }
}
