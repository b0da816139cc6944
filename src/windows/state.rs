//! One window: what is remembered of a key, and what its next matches do to it.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::RecordId;

/// How many former alerts of a key are remembered, so that the record of each sends it again when it comes again.
const MAX_FORMER: usize = 64;
/// The longest distinct value that is kept, in bytes.
const MAX_VALUE_BYTES: usize = 256;

/// How a rule's windows are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// How long a window lasts; 0 = every match is an alert of its own.
    pub minutes: u32,
    /// How many distinct values a window must have before it alerts; 1 = the first match alerts.
    pub threshold: usize,
}

/// What a window has to know of a match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The record.
    pub record: RecordId,
    /// When the hub took its event.
    pub enqueued_at: Option<Timestamp>,
    /// Its distinct value; a match without one counts by its record.
    pub value: Option<String>,
}

/// What becomes of a match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The alert belongs to this match, and goes out with this time of its making.
    Alert {
        /// When the alert was first made.
        created_at: Timestamp,
        /// Whether it is the alert of the present window, which the other matches add to; else that of a former one,
        /// whose record has come again.
        is_present: bool,
    },
    /// The window has alerted, or will again when its record comes again.
    Suppressed,
    /// The window has not reached the rule's threshold.
    Pending,
}

/// The memory of one key, small enough for a blob.
///
/// A minor version may add keys; a reader ignores keys that it does not know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct State {
    schema_version: String,
    opened_at: Timestamp,
    /// The record that the present window's alert belongs to.
    #[serde(default)]
    owner: Option<Owner>,
    /// The distinct values of the present window, in the order in which they came, up to the threshold.
    #[serde(default)]
    values: Vec<String>,
    /// The owners of earlier windows, the latest last.
    #[serde(default)]
    former: Vec<Owner>,
    /// When the latest alert that is no longer in `former` was made.
    #[serde(default)]
    forgotten_until: Option<Timestamp>,
}

/// A record and the time at which its alert was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Owner {
    record: RecordId,
    at: Timestamp,
}

impl State {
    /// A key's memory before its first window.
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        Self {
            schema_version: "1.0".to_owned(),
            opened_at: now,
            owner: None,
            values: Vec::new(),
            former: Vec::new(),
            forgotten_until: None,
        }
    }

    /// Takes the next matches of the key, in order, and tells what becomes of each.
    pub fn take(&mut self, candidates: &[Candidate], period: Period, now: Timestamp) -> Vec<Verdict> {
        let mut alerted = Vec::new();
        let mut take = |candidate: &Candidate| {
            // Of records that are known by their content, equal ones in a batch are one alert's matches.
            if alerted.contains(&candidate.record) {
                return Verdict::Suppressed;
            }
            let verdict = self.take_one(candidate, period, now);
            if matches!(verdict, Verdict::Alert { .. }) {
                alerted.push(candidate.record);
            }
            verdict
        };
        candidates.iter().map(&mut take).collect()
    }

    /// Adds the values of matches that were counted elsewhere, and alerts for none of them.
    pub fn learn(&mut self, candidates: &[Candidate], period: Period, now: Timestamp) {
        if !self.is_open(period, now) {
            self.open(now);
        }
        if self.owner.is_none() {
            candidates.iter().for_each(|candidate| self.count(candidate, period.threshold));
        }
    }

    fn take_one(&mut self, candidate: &Candidate, period: Period, now: Timestamp) -> Verdict {
        if let Some(owner) = self.owners().find(|owner| owner.record == candidate.record) {
            let is_present = self.owner.is_some_and(|present| present.record == candidate.record);
            return Verdict::Alert { created_at: owner.at, is_present };
        }
        if self.may_be_forgotten(candidate) {
            return Verdict::Alert { created_at: now, is_present: false };
        }
        if !self.is_open(period, now) {
            self.open(now);
        }
        if self.owner.is_some() {
            return Verdict::Suppressed;
        }
        self.count(candidate, period.threshold);
        if self.values.len() < period.threshold {
            return Verdict::Pending;
        }
        self.owner = Some(Owner { record: candidate.record, at: now });
        Verdict::Alert { created_at: now, is_present: true }
    }

    /// The distinct values that the present window's alert is about, in the order in which they came.
    #[must_use]
    pub fn values(&self) -> &[String] {
        &self.values
    }

    /// When the present window was opened.
    #[must_use]
    pub fn opened_at(&self) -> Timestamp {
        self.opened_at
    }

    /// About how much memory the state takes, in bytes.
    #[must_use]
    pub fn weight(&self) -> usize {
        let values: usize = self.values.iter().map(|value| value.capacity() + 32).sum();
        256 + values + self.former.len() * size_of::<Owner>()
    }

    fn owners(&self) -> impl Iterator<Item = &Owner> {
        self.owner.iter().chain(self.former.iter().rev())
    }

    /// Whether the record may have owned an alert that is no longer remembered: in doubt, the alert is sent.
    fn may_be_forgotten(&self, candidate: &Candidate) -> bool {
        let enqueued_before = |forgotten| candidate.enqueued_at.is_some_and(|enqueued| enqueued <= forgotten);
        self.forgotten_until.is_some_and(enqueued_before)
    }

    /// A window ends when its minutes are over. Instances' clocks differ, and a batch may have been read before a window
    /// was opened that is written already, so a little before its beginning counts as in it; a clock that jumped back
    /// by more than the window's minutes ends it.
    fn is_open(&self, period: Period, now: Timestamp) -> bool {
        let has_begun = self.owner.is_some() || !self.values.is_empty();
        let minutes = SignedDuration::from_mins(i64::from(period.minutes));
        has_begun && now.duration_since(self.opened_at).abs() < minutes
    }

    fn open(&mut self, now: Timestamp) {
        self.former.extend(self.owner.take());
        if self.former.len() > MAX_FORMER {
            let forgotten = self.former.remove(0);
            self.forgotten_until = self.forgotten_until.max(Some(forgotten.at));
        }
        self.opened_at = now;
        self.values.clear();
    }

    /// Adds the candidate's value to the set, where the rule counts at all.
    fn count(&mut self, candidate: &Candidate, threshold: usize) {
        let value = match &candidate.value {
            Some(value) => value.get(..value.floor_char_boundary(MAX_VALUE_BYTES)).unwrap_or(value).to_owned(),
            None if threshold <= 1 => String::new(),
            None => format!("{:?}", candidate.record),
        };
        if self.values.len() < threshold.max(1) && !self.values.contains(&value) {
            self.values.push(value);
        }
    }
}
