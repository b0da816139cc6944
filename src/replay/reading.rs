//! The bodies of all inputs, evaluated on several threads as they come.

use std::io;
use std::mem::take;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use super::chunk::{Chunk, MAX_BYTES_AHEAD, Told};
use super::evaluator::{Done, Evaluated, Evaluator};
use super::matches::{Gathering, Matches};
use super::progress::Progress;
use super::summary::{Summary, listed};
use super::workers::{self, in_order};
use super::{Lookup, ReplayError};
use crate::interrupt::Interrupt;
use crate::pipeline::{Counts, Pipeline};
use crate::saved_logs::{self, Body, Receiver, Unread};

/// What was read of inputs.
pub(super) struct ReadLogs {
    /// What matches, as far as Ctrl-C let it be found.
    pub(super) matches: Matches,
    /// What was seen.
    pub(super) counts: Counts,
}

/// Reads inputs until somebody asks to stop; what cannot be read goes into `summary`. `threads` is by default one for each core.
///
/// # Errors
/// When what has to be kept of the inputs cannot be.
pub(super) fn read_all(
    paths: &[PathBuf],
    pipeline: &Pipeline,
    threads: Option<NonZero<usize>>,
    interrupt: &Interrupt,
    lookup: Lookup<'_>,
    summary: &mut Summary,
) -> Result<ReadLogs, ReplayError> {
    let mut report = |path: &Path, error: &_| summary.unreadable(path.display(), error, "not to be opened");
    let (inputs, passed_over) = saved_logs::find(paths, &mut report);
    summary.not_read.passed_over = passed_over;
    let progress = Progress::new(&inputs, lookup);
    let threads = workers::threads(threads);
    let gathering = Gathering::new(inputs.clone());
    let mut results = Results::new(gathering, summary, &progress);
    let mut stopped = None;
    let evaluators = AtomicUsize::new(0);
    in_order(
        (threads, MAX_BYTES_AHEAD),
        &|| Evaluator::new(pipeline, evaluators.fetch_add(1, Ordering::Relaxed)),
        &|evaluator, chunk| evaluator.evaluate(chunk),
        &mut |outcomes| outcomes.into_iter().for_each(|outcome| results.take(outcome)),
        |give| {
            let mut reading = Reading { chunk: Chunk::default(), input: 0, interrupt, give };
            for (number, path) in inputs.iter().enumerate() {
                reading.input = number as u32;
                progress.begin(path);
                let on_read = |bytes| {
                    progress.add(bytes);
                    interrupt.check()
                };
                saved_logs::read_path(path, &on_read, &mut reading);
                if interrupt.is_asked() {
                    stopped = Some((path.display().to_string(), inputs.len() - number));
                    break;
                }
            }
            reading.flush();
        },
    );
    progress.finish();
    let Results { gathering, counts, summary, fault, .. } = results;
    summary.not_read.stopped = stopped;
    fault.map_or_else(|| Ok(ReadLogs { matches: gathering.finish(), counts }), |fault| Err(ReplayError::Kept(fault)))
}

/// Inputs that are being read, one after another.
struct Reading<'g> {
    chunk: Chunk,
    /// The number of the input.
    input: u32,
    interrupt: &'g Interrupt,
    give: &'g mut dyn FnMut(Chunk, usize),
}

impl Reading<'_> {
    /// Gives away what was read.
    fn flush(&mut self) {
        let weight = self.chunk.weight();
        (self.give)(take(&mut self.chunk), weight);
    }
}

/// What Ctrl-C broke off is no fault of its input, nor its end.
impl Receiver for Reading<'_> {
    fn body(&mut self, body: Body<'_>) {
        if self.interrupt.is_asked() {
            return;
        }
        if self.chunk.is_full_with(body.bytes.len()) {
            self.flush();
        }
        self.chunk.add(self.input, body);
        if self.chunk.is_full_with(0) {
            self.flush();
        }
    }

    fn fault(&mut self, name: &str, fault: Unread) {
        if !self.interrupt.is_asked() {
            self.chunk.tell(Told::Fault(name.to_owned(), fault));
        }
    }

    fn end(&mut self, name: &str) {
        if !self.interrupt.is_asked() {
            self.chunk.tell(Told::End(name.to_owned()));
        }
    }
}

/// What came of the inputs so far.
struct Results<'a> {
    gathering: Gathering,
    counts: Counts,
    summary: &'a mut Summary,
    progress: &'a Progress,
    /// What was counted before the input that is being read.
    before: Counts,
    unreadable_before: u64,
    fault: Option<io::Error>,
}

impl<'a> Results<'a> {
    fn new(gathering: Gathering, summary: &'a mut Summary, progress: &'a Progress) -> Self {
        let (counts, unreadable_before) = (Counts::default(), summary.not_read.count);
        Self { gathering, summary, progress, before: counts.clone(), counts, unreadable_before, fault: None }
    }

    fn take(&mut self, outcome: Done) {
        match outcome {
            Done::Bodies(evaluated) => {
                let Evaluated { counts, mut rejected, gathered } = *evaluated;
                self.progress.found(counts.matches);
                self.counts.add_seen(&counts);
                self.summary.take_rejected(&mut rejected);
                if self.fault.is_none() {
                    self.fault = self.gathering.take(gathered).err();
                }
            }
            Done::Told(Told::Cut(place)) => self.summary.cut(&place),
            Done::Told(Told::Fault(name, fault)) => {
                let kind = fault.kind();
                self.summary.unreadable(name, fault, kind);
            }
            Done::Told(Told::End(name)) => self.end(&name),
        }
    }

    fn end(&mut self, name: &str) {
        self.tell_if_nothing_was_read(name);
        self.before = self.counts.clone();
        self.unreadable_before = self.summary.not_read.count;
        self.summary.files += 1;
    }

    /// Reports an input of which nothing is known but that something is in it; a fault that is told already says more.
    fn tell_if_nothing_was_read(&mut self, name: &str) {
        let undecodable = self.counts.undecodable.iter().map(|(reason, count)| {
            let before = self.before.undecodable.get(reason).copied().unwrap_or_default();
            (*reason, count.saturating_sub(before))
        });
        let new: Vec<_> = undecodable.filter(|(_, count)| *count > 0).collect();
        let has_fault = self.summary.not_read.count > self.unreadable_before;
        if self.counts.records == self.before.records && !new.is_empty() && !has_fault {
            self.summary.without_records(name, &listed(new.into_iter()));
        }
    }
}
