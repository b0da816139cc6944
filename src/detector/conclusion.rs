//! What the windows say of a batch's matches, and the alerts made of them.

use std::collections::HashMap;

use jiff::Timestamp;

use crate::alert::{Evidence, Match};
use crate::windows::{Entry, Fold, RecordId, Verdict, WindowKey};

/// The verdicts, and what an operator has to know of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Decided {
    /// What becomes of each match, in order.
    pub verdicts: Vec<Verdict>,
    /// How many matches came so late that they count among their own only.
    pub late: u64,
    /// How many lines of the shared log could not be read since this was last reported.
    pub unread_lines: u64,
    /// Why this instance counts alone.
    pub fault: Option<String>,
}

impl Decided {
    /// The verdicts of entries that the windows hold, or need not hold.
    #[must_use]
    pub fn by(windows: &Fold, entries: &[Entry]) -> Self {
        Self {
            verdicts: entries.iter().map(|entry| windows.verdict(entry)).collect(),
            late: entries.iter().filter(|entry| windows.is_late(entry)).count() as u64,
            ..Self::default()
        }
    }

    /// The line for operators if this instance counts alone.
    #[must_use]
    pub fn fault_line(&self) -> Option<String> {
        let fault = self.fault.as_ref()?;
        Some(format!("this instance counts alone, so a dump may be told by several instances or by none: {fault}"))
    }

    /// The line for operators if lines of the shared log cannot be read.
    #[must_use]
    pub fn unread_line(&self) -> Option<String> {
        let count = self.unread_lines;
        (count > 0).then(|| format!("passed over {count} line(s) of the windows' log that no instance can read"))
    }
}

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
