//! What the summary line counts.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::decode::{KindCounts, Reason};
use crate::severity::Severity;
use crate::sigma::LogSource;

/// Counts over one invocation or one replay.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Counts {
    /// Event Hubs events, or bodies of a file.
    pub events: u64,
    /// Log lines in them.
    pub records: u64,
    /// The log lines by the kind of log that they are from.
    pub records_by_kind: KindCounts,
    /// Log lines that a rule is true for.
    pub matches: u64,
    /// Alerts made of the matches.
    pub alerts: u64,
    /// The alerts by severity.
    pub alerts_by_severity: BTreeMap<Severity, u64>,
    /// Alerts that raise no card, because the card of their incident stands for them.
    pub without_card: u64,
    /// Matches in a window whose alert went out before.
    pub suppressed: u64,
    /// Matches that wait for their rule's threshold, or for more to be learnt.
    pub pending: u64,
    /// Matches that are like the identity's other reads.
    pub familiar: u64,
    /// Matches that came so late that they count among their own only.
    pub late: u64,
    /// Matches covered by expected access.
    pub expected: u64,
    /// Events set aside.
    pub rejected: u64,
    /// Those of them of which nothing is wrong but that a record does not say what decides.
    pub undetermined: u64,
    /// What was no record, by reason; most of it cannot hide a match.
    pub undecodable: BTreeMap<Reason, u64>,
    /// The logs that Sigma rules read and of which records came.
    #[serde(skip)]
    pub sigma_fed: BTreeSet<LogSource>,
}

impl Counts {
    /// Adds what was seen elsewhere: events, what they held, and what matched.
    pub fn add_seen(&mut self, other: &Self) {
        self.events += other.events;
        self.records += other.records;
        self.records_by_kind.add_all(&other.records_by_kind);
        self.matches += other.matches;
        self.sigma_fed.extend(&other.sigma_fed);
        for (reason, count) in &other.undecodable {
            *self.undecodable.entry(*reason).or_default() += count;
        }
    }

    /// Counts something that was no record.
    pub fn add_undecodable(&mut self, reason: Reason) {
        *self.undecodable.entry(reason).or_default() += 1;
    }
}
