//! One invocation from end to end: its body in, the answer to the host out. Pure, but for being given `now`.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod report;

use std::time::Duration;

use jiff::Timestamp;

use crate::alert::{Alert, Evidence};
use crate::pipeline::{Evaluation, Pipeline};
use crate::render::queue_message;
use crate::wire::{Answer, EventPlaces, Invocation, InvocationFault, for_each_event};
use report::Report;

/// The detection with all its state.
#[derive(Debug)]
pub struct Detector {
    pipeline: Pipeline,
}

impl Detector {
    /// Makes a detector of the active rules.
    #[must_use]
    pub fn new(pipeline: Pipeline) -> Self {
        Self { pipeline }
    }

    /// Evaluates a batch and makes the answer to the host.
    ///
    /// # Errors
    /// When the body is no invocation: the host never sends that, so a retry may mend it.
    pub fn answer(
        &self,
        body: &[u8],
        now: Timestamp,
        elapsed: &dyn Fn() -> Duration,
    ) -> Result<Answer, InvocationFault> {
        let text = Invocation::text(body);
        let invocation = Invocation::parse(&text)?;
        let places = EventPlaces::of(&invocation);
        let mut evaluation = Evaluation::default();
        let mut oldest = None;
        for data in invocation.data() {
            for_each_event(data, &mut |event| {
                let place = places.of_event(usize::try_from(evaluation.counts.events).unwrap_or(usize::MAX));
                if oldest.is_none() {
                    oldest.clone_from(&place.enqueued_time);
                }
                self.pipeline.evaluate(event, &place, &mut evaluation);
            });
        }
        Ok(self.answer_to(evaluation, oldest.as_deref(), now, elapsed))
    }

    fn answer_to(
        &self,
        mut evaluation: Evaluation,
        oldest: Option<&str>,
        now: Timestamp,
        elapsed: &dyn Fn() -> Duration,
    ) -> Answer {
        let mut answer = Answer::default();
        let mut report = Report::new(oldest, now);
        for found in evaluation.matches {
            let Some(rule) = self.pipeline.rules().get(found.rule) else { continue };
            let evidence = Evidence::new(found);
            let alert = Alert::new(rule, rule.metadata.severity, 0, now, &evidence);
            report.alert(&alert);
            answer.outputs.alerts.push(queue_message(&alert));
        }
        for rejection in &evaluation.rejected {
            report.rejection(rejection);
            answer.outputs.rejected.push_str(&rejection.to_line());
        }
        evaluation.counts.alerts = answer.outputs.alerts.len() as u64;
        evaluation.counts.rejected = evaluation.rejected.len() as u64;
        answer.logs = report.lines(&evaluation.counts, elapsed().as_secs_f64() * 1000.0);
        answer
    }
}
