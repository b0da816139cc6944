//! The command `baseline`: what is usual for each identity, from saved logs.

use std::path::{Path, PathBuf};
use std::time::Instant;

use super::copies::Order;
use super::reading::{ReadLogs, read_all};
use super::ruling::matching;
use super::{Lookup, ReplayError, Summary, say};
use crate::config::Settings;
use crate::interrupt::Interrupt;
use crate::outcome::Outcome;
use crate::pipeline::Pipeline;
use crate::rules::{Rule, unfamiliar_reader};
use crate::usual::Usual;

/// Writes a baseline of saved logs, and returns how it ended.
///
/// # Errors
/// [`ReplayError`] where nothing can be read or written at all.
pub fn baseline(paths: &[PathBuf], out: &Path, lookup: Lookup<'_>) -> Result<Outcome, ReplayError> {
    let started = Instant::now();
    let settings = Settings::read(lookup)?;
    let pipeline = Pipeline::new(vec![Rule::load(&unfamiliar_reader::LOGIC)?], settings.parameters);
    let mut summary = Summary::default();
    let interrupt = Interrupt::listen().map_err(ReplayError::Signals)?;
    let mut read = read_all(paths, &pipeline, None, &interrupt, lookup, &mut summary)?;
    if interrupt.is_asked() {
        say("stopped by Ctrl-C: no baseline was written, because half of the logs would make the rest unusual");
        return Ok(Outcome::Interrupted);
    }
    let usual = learnt(&mut read, pipeline.parameters().learn_days, &mut summary);
    let written = if out == Path::new("-") {
        use std::io::Write as _;
        std::io::stdout().write_all(usual.to_baseline().as_bytes())
    } else {
        std::fs::write(out, usual.to_baseline())
    };
    written.map_err(ReplayError::Baseline)?;
    summary.print_learnt(&read.counts, &usual, started.elapsed());
    Ok(summary.outcome())
}

/// What is usual after all matches, expected or not; those without a time teach nothing.
fn learnt(read: &mut ReadLogs, learn_days: u32, summary: &mut Summary) -> Usual {
    let matches = &read.matches;
    let order = Order::of(matches, &mut |not_again| summary.not_again(not_again));
    read.counts.matches -= order.left_out(matches).1;
    let mut usual = Usual::default();
    let mut last = None;
    for record in matching(matches, &order).map(|record| record.occurrence) {
        for subject in record.kind.subjects() {
            last = Some(record.time);
            if !record.is_timeless {
                usual.see(&subject.sighting(learn_days), record.time, false);
            }
        }
    }
    last.into_iter().for_each(|last| usual.forget(last));
    usual
}
