//! The command `baseline`: what is usual for each identity, from saved logs.

use std::path::{Path, PathBuf};
use std::time::Instant;

use super::{Lookup, ReplayError, Summary, read_all, say};
use crate::config::Settings;
use crate::interrupt::Interrupt;
use crate::outcome::Outcome;
use crate::pipeline::{Evaluation, Pipeline};
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
    let (mut evaluation, mut summary) = (Evaluation::default(), Summary::default());
    let interrupt = Interrupt::listen().map_err(ReplayError::Signals)?;
    let usual = Usual::default();
    let matches = read_all(paths, &pipeline, usual, &mut evaluation, &mut summary, &interrupt, lookup);
    if interrupt.is_asked() {
        say("stopped by Ctrl-C: no baseline was written, because half of the logs would make the rest unusual");
        return Ok(Outcome::Interrupted);
    }
    let usual = matches.learn(&pipeline);
    let written = if out == Path::new("-") {
        use std::io::Write as _;
        std::io::stdout().write_all(usual.to_baseline().as_bytes())
    } else {
        std::fs::write(out, usual.to_baseline())
    };
    written.map_err(ReplayError::Baseline)?;
    summary.print_learnt(&evaluation.counts, &usual, started.elapsed());
    Ok(summary.outcome())
}
