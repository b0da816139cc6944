//! One invocation from end to end: its body in, the answer to the host out.
//!
//! In three steps, because windows may be kept elsewhere: [`Detector::read`] makes matches and their entries, the windows
//! say what is [`Decided`], [`Detector::conclude`] makes the answer. Pure, but for being given `now`.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod conclusion;
mod incidents;
mod report;

use conclusion::guarded;
pub use conclusion::{Concluded, Conclusion, Decided};
use incidents::ReadCounts;
pub use incidents::{in_order, relate, take_all, taught};

use std::collections::BTreeSet;
use std::mem::take;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

use crate::alert::Match;
use crate::decode::Reason;
use crate::expected::{ExpectedAccess, Split};
use crate::facts::Memo;
use crate::hidden::sanitized;
use crate::json::repaired_utf8;
use crate::pipeline::{Counts, Evaluation, Pipeline, Rejection};
use crate::render::queue_message;
use crate::severity::Severity;
use crate::sigma::{LogSource, SigmaRules};
use crate::usual::Usual;
use crate::windows::{Entry, Fold, Occurred, Period, Role};
use crate::wire::{Answer, BinaryBatch, Body, EventPlaces, Invocation, InvocationFault};
use report::{Faults, Report};

/// How many bytes the alerts of an answer have at the most; a batch of more goes on in `rejected`.
const MAX_ANSWER_BYTES: usize = 64 << 20;

/// The detection with its state in memory.
#[derive(Debug)]
pub struct Detector {
    pipeline: Pipeline,
    dedup_minutes: Option<u32>,
    expected: Mutex<Arc<ExpectedAccess>>,
    windows: Mutex<Fold>,
    read_counts: ReadCounts,
    /// Facts of the records of earlier batches.
    memo: Mutex<Memo>,
    /// The logs of Sigma rules of which records came.
    fed: Mutex<BTreeSet<LogSource>>,
    /// Alerts from this severity up go to Teams, too.
    pub teams_from: Option<Severity>,
    /// Why no card is posted; every summary line says so.
    pub teams_fault: Option<String>,
    /// Why `UnfamiliarReader` judges nothing, or not by all that it should know; every summary line says so.
    pub learning_fault: Option<String>,
    /// Why the windows are in memory, although the settings share them; every summary line says so.
    pub state_fault: Option<String>,
}

/// A batch after its rules have run.
#[derive(Debug)]
pub struct Batch {
    /// The entries of the matches that nobody expects, for the windows, in the order of the matches; after them those of
    /// refused reads.
    pub entries: Vec<(Role, Entry)>,
    matches: Vec<Match>,
    read_counts: ReadCounts,
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
        Self {
            pipeline,
            dedup_minutes,
            expected: Mutex::new(Arc::new(expected)),
            windows: Mutex::default(),
            read_counts: ReadCounts::default(),
            memo: Mutex::default(),
            fed: Mutex::default(),
            teams_from: None,
            teams_fault: None,
            learning_fault: None,
            state_fault: None,
        }
    }

    /// Begins with what is usual by a baseline, in the windows in memory.
    pub fn know(&self, usual: Usual) {
        *self.windows.lock().unwrap_or_else(PoisonError::into_inner) = Fold::knowing(usual);
    }

    /// Expects other access from the next batch on.
    pub fn expect(&self, expected: ExpectedAccess) {
        *self.expected.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(expected);
    }

    fn expected(&self) -> Arc<ExpectedAccess> {
        self.expected.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Evaluates a batch, decides by the windows in memory, and makes the answer.
    ///
    /// # Errors
    /// When the body is not an invocation. The host never sends such a body, so a retry may help.
    pub fn answer(
        &self,
        body: impl Into<Body>,
        now: Timestamp,
        elapsed: &dyn Fn() -> Duration,
    ) -> Result<Answer, InvocationFault> {
        let mut batch = self.read(body, now)?;
        let decided = self.decide(&mut batch);
        Ok(self.conclude(batch, decided, now, elapsed))
    }

    /// Decides what becomes of matches by the windows in memory.
    #[must_use]
    pub fn decide(&self, batch: &mut Batch) -> Decided {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        batch.count_reads(&|role, entry| windows.settles(role, entry));
        take_all(&mut windows, &mut batch.entries, &mut |number| batch.matches.get(number).map(Match::alert_id));
        Decided { fault: self.state_fault.clone(), ..Decided::by(&windows, &batch.entries) }
    }

    /// Evaluates a batch's events and takes out the matches that are expected.
    ///
    /// # Errors
    /// When the body is no invocation.
    pub fn read(&self, body: impl Into<Body>, now: Timestamp) -> Result<Batch, InvocationFault> {
        // Each alert may go to two queues.
        let max_bytes = if self.teams_from.is_some() { MAX_ANSWER_BYTES / 2 } else { MAX_ANSWER_BYTES };
        // A batch that is read at the same time begins with an empty memo, and that of whichever ends last is kept.
        let memo = Rc::new(take(&mut *self.memo.lock().unwrap_or_else(PoisonError::into_inner)));
        let begun = Evaluation { memo, max_alert_bytes: Some(max_bytes), ..Evaluation::default() };
        let (evaluation, oldest) = evaluate(&self.pipeline, begun, body.into())?;
        let Evaluation { mut counts, matches, refused, rejected, memo, .. } = evaluation;
        *self.memo.lock().unwrap_or_else(PoisonError::into_inner) = Rc::into_inner(memo).unwrap_or_default();
        let Split { unexpected: matches, teaching, reasons: expected } = self.expected().split(matches, now);
        let refused = self.expected().split(refused, now).unexpected;
        counts.expected = expected.iter().map(|(_, count)| count).sum();
        counts.rejected = rejected.len() as u64;
        counts.undetermined =
            rejected.iter().filter(|rejection| rejection.reason == Reason::Undetermined).count() as u64;
        let period = |found: &Match| Period::of(&found.rule, self.pipeline.parameters(), self.dedup_minutes);
        let entry = |found: &Match, occurred| Entry::of(found.subject(), period(found), occurred);
        let single = |found: &Match| entry(found, Occurred::of(&found.record, now));
        let learn_days = self.pipeline.parameters().learn_days;
        let mut entries = Vec::new();
        for of_record in matches.chunk_by(|one, other| Arc::ptr_eq(&one.record, &other.record)) {
            let Some(occurred) = of_record.first().map(|found| Occurred::of(&found.record, now)) else { continue };
            let subjects: Vec<_> = of_record.iter().map(Match::subject).collect();
            let mut related: Vec<_> = of_record.iter().map(|found| entry(found, occurred)).collect();
            relate(&subjects, &mut related, learn_days, self.teams_from);
            entries.extend(related.into_iter().map(|entry| (Role::Match, entry)));
        }
        entries.extend(refused.iter().map(|found| (Role::Refused, single(found))));
        let learnt = teaching.iter().filter(|found| found.rule.logic.learns);
        entries.extend(learnt.map(|found| taught(found.subject(), single(found), learn_days)));
        let read_counts = Arc::clone(&self.read_counts);
        Ok(Batch { entries, matches, read_counts, counts, rejected, expected, oldest })
    }

    /// The logs that a Sigma rule reads and of which no record has come to this process, with those of a batch.
    fn not_fed(&self, of_batch: &BTreeSet<LogSource>) -> Vec<String> {
        let Some(sigma) = self.pipeline.sigma() else { return Vec::new() };
        let mut fed = self.fed.lock().unwrap_or_else(PoisonError::into_inner);
        fed.extend(of_batch);
        sigma.not_fed(&fed).iter().map(ToString::to_string).collect()
    }

    /// Makes the answer of a batch and what was decided on its entries.
    #[must_use]
    pub fn conclude(&self, batch: Batch, decided: Decided, now: Timestamp, elapsed: &dyn Fn() -> Duration) -> Answer {
        let facts = decided.facts();
        let mut answer = Answer::default();
        let mut report = Report::new(batch.oldest, now);
        let mut counts = batch.counts;
        let entries = batch.entries.iter().map(|(_, entry)| entry);
        let conclusion = Conclusion::of(batch.matches, entries, decided.verdicts);
        counts.suppressed = conclusion.suppressed;
        counts.pending = conclusion.pending;
        counts.familiar = conclusion.familiar;
        counts.late = decided.late;
        let mut failed = conclusion.rejected;
        for concluded in &conclusion.alerts {
            let alert = concluded.alert();
            let message = guarded(&concluded.record, &mut failed, || queue_message(&alert));
            let Some(message) = message else { continue };
            report.alert(&alert);
            *counts.alerts_by_severity.entry(alert.severity).or_default() += 1;
            match self.teams_from.is_some_and(|severity| alert.severity >= severity) {
                true if concluded.due.has_no_card => counts.without_card += 1,
                true => answer.outputs.teams.push(message.clone()),
                false => {}
            }
            answer.outputs.alerts.push(message);
        }
        counts.rejected += failed.len() as u64;
        failed.iter().for_each(|rejection| counts.add_undecodable(rejection.reason));
        for rejection in batch.rejected.into_iter().chain(failed) {
            report.rejection(&rejection);
            answer.outputs.rejected.push_str(&rejection.to_line());
        }
        counts.alerts = answer.outputs.alerts.len() as u64;
        for (reason, count) in batch.expected {
            report.fact(&format!("{count} match(es) expected: {reason}"));
        }
        facts.for_each(|fact| report.fact(&fact));
        let faults = Faults {
            expected_access_fault: self.expected().fault().map(sanitized),
            teams_fault: self.teams_fault.as_deref().map(sanitized),
            state_fault: decided.fault.as_deref().map(sanitized),
            learning_fault: self.learning_fault.as_deref().map(sanitized),
            learning_until: decided.learning_until,
            sigma_fault: self.pipeline.sigma().and_then(SigmaRules::fault).as_deref().map(sanitized),
            sigma_not_fed: self.not_fed(&counts.sigma_fed),
        };
        answer.logs = report.lines(&counts, &faults, elapsed().as_secs_f64() * 1000.0);
        answer
    }
}

/// What an invocation came to, and when the hub received the first event that has a time.
type Reading = (Evaluation, Option<Timestamp>);

/// Reads a body: one of the host's binary form as it is cut into its events, and any other by parsing it.
fn evaluate(pipeline: &Pipeline, begun: Evaluation, body: Body) -> Result<Reading, InvocationFault> {
    let body = match BinaryBatch::of(body) {
        Ok(BinaryBatch { metadata, events }) => {
            let metadata = repaired_utf8(&metadata);
            let (read, reading) = evaluate_each(pipeline, begun, &metadata, |each| events.for_each(each));
            return read.map(|()| reading);
        }
        Err(body) => body.whole(),
    };
    let text = Invocation::text(&body);
    let invocation = Invocation::parse(&text)?;
    let ((), reading) = evaluate_each(pipeline, begun, invocation.metadata, |each| invocation.for_each_event(each));
    Ok(reading)
}

/// Evaluates the events that `for_each_event` gives out, and returns what that returns.
fn evaluate_each<T>(
    pipeline: &Pipeline,
    mut evaluation: Evaluation,
    metadata: &str,
    for_each_event: impl FnOnce(&mut dyn FnMut(&[u8])) -> T,
) -> (T, Reading) {
    let places = EventPlaces::of(metadata);
    let returned = for_each_event(&mut |event| {
        let number = evaluation.counts.events;
        pipeline.evaluate(event, &|| places.of_event(number), &mut evaluation);
    });
    let oldest = places.oldest(evaluation.counts.events);
    (returned, (evaluation, oldest))
}
