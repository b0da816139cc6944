//! The bodies of files, evaluated as they come.

use std::path::Path;

use super::clock::Clock;
use super::progress::Progress;
use super::summary::{Summary, listed};
use crate::interrupt::Interrupt;
use crate::pipeline::{Counts, Evaluation, Pipeline};
use crate::saved_logs::{Body, Receiver, Unread};

/// A replay that reads its inputs, one after another.
pub(super) struct Reading<'a> {
    pipeline: &'a Pipeline,
    evaluation: &'a mut Evaluation,
    summary: &'a mut Summary,
    clock: Clock,
    progress: &'a Progress,
    interrupt: &'a Interrupt,
    /// What was counted before the input that is being read.
    before: Counts,
    unreadable_before: u64,
}

impl<'a> Reading<'a> {
    pub(super) fn new(
        pipeline: &'a Pipeline,
        evaluation: &'a mut Evaluation,
        summary: &'a mut Summary,
        clock: Clock,
        progress: &'a Progress,
        interrupt: &'a Interrupt,
    ) -> Self {
        let (before, unreadable_before) = (evaluation.counts.clone(), summary.unread.count);
        Self { pipeline, evaluation, summary, clock, progress, interrupt, before, unreadable_before }
    }

    /// Notes that Ctrl-C ended the reading within an input, and how many are not read, that one included.
    pub(super) fn stop(&mut self, path: &Path, unread: usize) {
        self.summary.unread.stopped = Some((path.display().to_string(), unread));
    }

    /// The matches of all inputs.
    pub(super) fn into_matches(self) -> Clock {
        self.clock
    }

    /// Reports an input of which nothing is known but that something is in it; a fault that is told already says more.
    fn tell_if_nothing_was_read(&mut self, name: &str) {
        let counts = &self.evaluation.counts;
        let undecodable = counts.undecodable.iter().map(|(reason, count)| {
            let before = self.before.undecodable.get(reason).copied().unwrap_or_default();
            (*reason, count.saturating_sub(before))
        });
        let new: Vec<_> = undecodable.filter(|(_, count)| *count > 0).collect();
        let has_fault = self.summary.unread.count > self.unreadable_before;
        if counts.records == self.before.records && !new.is_empty() && !has_fault {
            self.summary.without_records(name, &listed(new.into_iter()));
        }
    }
}

impl Receiver for Reading<'_> {
    fn body(&mut self, body: &Body<'_>) {
        // What was broken off by Ctrl-C is no fault of the input.
        if self.interrupt.is_asked() {
            return;
        }
        if body.is_cut {
            self.summary.cut(&body.place);
        }
        let before = self.evaluation.matches.len();
        self.pipeline.evaluate(body.bytes, &|| body.place.clone(), self.evaluation);
        self.progress.found(self.evaluation.matches.len() - before);
        self.summary.take_rejected(&mut self.evaluation.rejected);
    }

    fn fault(&mut self, name: &str, fault: &Unread) {
        if !self.interrupt.is_asked() {
            self.summary.unreadable(name, fault, fault.kind());
        }
    }

    fn end(&mut self, name: &str) {
        if !self.interrupt.is_asked() {
            self.tell_if_nothing_was_read(name);
        }
        self.before = self.evaluation.counts.clone();
        self.unreadable_before = self.summary.unread.count;
        self.summary.files += u64::from(!self.interrupt.is_asked());
        self.clock.take(self.evaluation.matches.drain(..));
        self.clock.take_refused(self.evaluation.refused.drain(..));
    }
}
