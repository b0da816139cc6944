//! One invocation from end to end: its body in, the answer to the host out.
//!
//! In three steps, because windows may be kept elsewhere: [`Detector::read`] makes matches and their entries, the windows
//! say what is [`Decided`], [`Detector::conclude`] makes the answer. Pure, but for being given `now`.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod conclusion;
mod decided;
mod reading;
mod report;

pub use conclusion::{Concluded, Conclusion};
pub use decided::Decided;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

use crate::alert::{Alert, Match};
use crate::expected::ExpectedAccess;
use crate::pipeline::{Counts, Evaluation, Pipeline, Rejection};
use crate::render::queue_message;
use crate::severity::Severity;
use crate::windows::{Entry, Fold, Period};
use crate::wire::{Answer, InvocationFault};
use reading::Reading;
use report::{Report, Standing};

/// How many bytes the alerts of an answer have at the most; a batch of more goes on in `rejected`.
const MAX_ANSWER_BYTES: usize = 64 << 20;

/// The detection with its state in memory.
#[derive(Debug)]
pub struct Detector {
    pipeline: Pipeline,
    dedup_minutes: Option<u32>,
    expected: Mutex<Arc<ExpectedAccess>>,
    windows: Mutex<Fold>,
    teams_from: Option<Severity>,
    teams_fault: Option<String>,
    state_fault: Option<String>,
}

/// A batch after its rules have run.
#[derive(Debug)]
pub struct Batch {
    /// The entries of the matches that nobody expects, for the windows.
    pub entries: Vec<Entry>,
    matches: Vec<Match>,
    counts: Counts,
    rejected: Vec<Rejection>,
    expected: Vec<(String, u64)>,
    /// When the hub took the batch's first event.
    oldest: Option<Timestamp>,
}

impl Detector {
    /// Makes a detector of the active rules; `dedup_minutes` is what the settings say, `expected` raises no alert.
    #[must_use]
    pub fn new(pipeline: Pipeline, dedup_minutes: Option<u32>, expected: ExpectedAccess) -> Self {
        let (expected, windows) = (Mutex::new(Arc::new(expected)), Mutex::default());
        Self { pipeline, dedup_minutes, expected, windows, teams_from: None, teams_fault: None, state_fault: None }
    }

    /// Sends alerts from this severity up to Teams, too.
    #[must_use]
    pub fn with_teams_from(mut self, severity: Option<Severity>) -> Self {
        self.teams_from = severity;
        self
    }

    /// Says in every summary line why no card is posted.
    #[must_use]
    pub fn with_teams_fault(mut self, fault: Option<String>) -> Self {
        self.teams_fault = fault;
        self
    }

    /// Why no card is posted.
    #[must_use]
    pub fn teams_fault(&self) -> Option<&str> {
        self.teams_fault.as_deref()
    }

    /// Says in every summary line why the windows are in memory, although the settings share them.
    #[must_use]
    pub fn with_state_fault(mut self, fault: Option<String>) -> Self {
        self.state_fault = fault;
        self
    }

    /// Expects other access from the next batch on.
    pub fn expect(&self, expected: ExpectedAccess) {
        *self.expected.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(expected);
    }

    fn expected(&self) -> Arc<ExpectedAccess> {
        self.expected.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn goes_to_teams(&self, alert: &Alert<'_>) -> bool {
        self.teams_from.is_some_and(|severity| alert.severity >= severity)
    }

    /// Evaluates a batch, decides by the windows in memory, and makes the answer.
    ///
    /// # Errors
    /// When the body is not an invocation. The host never sends such a body, so a retry may help.
    pub fn answer(
        &self,
        body: &[u8],
        now: Timestamp,
        elapsed: &dyn Fn() -> Duration,
    ) -> Result<Answer, InvocationFault> {
        let batch = self.read(body, now)?;
        let decided = self.decide(&batch.entries);
        Ok(self.conclude(batch, decided, now, elapsed))
    }

    /// Decides what becomes of matches by the windows in memory.
    #[must_use]
    pub fn decide(&self, entries: &[Entry]) -> Decided {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        for entry in entries {
            windows.take_new(entry);
        }
        Decided { fault: self.state_fault.clone(), ..Decided::by(&windows, entries) }
    }

    /// Evaluates a batch's events and takes out the matches that are expected.
    ///
    /// # Errors
    /// When the body is no invocation.
    pub fn read(&self, body: &[u8], now: Timestamp) -> Result<Batch, InvocationFault> {
        // Each alert may go to two queues.
        let max_bytes = if self.teams_from.is_some() { MAX_ANSWER_BYTES / 2 } else { MAX_ANSWER_BYTES };
        let Reading { evaluation, oldest } = reading::read(&self.pipeline, max_bytes, body)?;
        Ok(self.batch(evaluation, oldest, now))
    }

    fn batch(&self, evaluation: Evaluation, oldest: Option<Timestamp>, now: Timestamp) -> Batch {
        let Evaluation { mut counts, matches, rejected, .. } = evaluation;
        let (unexpected, expected) = self.expected().split(matches, now);
        counts.expected = expected.iter().map(|(_, count)| count).sum();
        counts.rejected = rejected.len() as u64;
        let entries = unexpected.iter().map(|found| self.entry(found, now)).collect();
        Batch { entries, matches: unexpected, counts, rejected, expected, oldest }
    }

    fn entry(&self, found: &Match, now: Timestamp) -> Entry {
        let period = Period::of(&found.rule, self.pipeline.parameters(), self.dedup_minutes);
        Entry::of(found, period, now)
    }

    /// Makes the answer of a batch and what was decided on its entries.
    #[must_use]
    pub fn conclude(&self, batch: Batch, decided: Decided, now: Timestamp, elapsed: &dyn Fn() -> Duration) -> Answer {
        let unread_line = decided.unread_line();
        let mut answer = Answer::default();
        let mut report = Report::new(batch.oldest, now);
        let mut counts = batch.counts;
        let conclusion = Conclusion::of(batch.matches, &batch.entries, decided.verdicts);
        counts.suppressed = conclusion.suppressed;
        counts.pending = conclusion.pending;
        counts.late = decided.late;
        for concluded in &conclusion.alerts {
            let alert = Alert::new(concluded.minutes, concluded.created_at, &concluded.evidence);
            report.alert(&alert);
            *counts.alerts_by_severity.entry(alert.severity).or_default() += 1;
            let message = queue_message(&alert);
            if self.goes_to_teams(&alert) {
                answer.outputs.teams.push(message.clone());
            }
            answer.outputs.alerts.push(message);
        }
        for rejection in batch.rejected {
            report.rejection(&rejection);
            answer.outputs.rejected.push_str(&rejection.to_line());
        }
        counts.alerts = answer.outputs.alerts.len() as u64;
        report.expected(&batch.expected);
        report.fact(unread_line);
        let expected = self.expected();
        let (expected_access, teams) = (expected.fault(), self.teams_fault.as_deref());
        report.faults(Standing { expected_access, teams, state: decided.fault.as_deref() });
        answer.logs = report.lines(&counts, elapsed().as_secs_f64() * 1000.0);
        answer
    }
}
