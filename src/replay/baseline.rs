//! The command `baseline`: what is usual for each identity, from saved logs.

use std::path::{Path, PathBuf};
use std::time::Instant;

use super::copies::Order;
use super::matches::Matches;
use super::reading::read_all;
use super::ruling::in_order;
use super::{ReplayError, Summary};
use crate::config::Settings;
use crate::pipeline::{Counts, Pipeline};
use crate::rules::{Rule, unfamiliar_reader};
use crate::usual::Usual;

/// Writes a baseline of saved logs, and returns whether every input could be read.
///
/// # Errors
/// [`ReplayError`] where nothing can be read or written at all.
pub fn baseline(paths: &[PathBuf], out: &Path, lookup: &dyn Fn(&str) -> Option<String>) -> Result<bool, ReplayError> {
    let started = Instant::now();
    let settings = Settings::read(lookup)?;
    let pipeline = Pipeline::new(vec![Rule::load(&unfamiliar_reader::LOGIC)?], settings.parameters);
    let (mut counts, mut summary) = (Counts::default(), Summary::default());
    let matches = read_all(paths, &pipeline, None, &mut counts, &mut summary)?;
    let usual = learnt(&matches, pipeline.parameters().learn_days, &mut summary, &mut counts);
    let written = if out == Path::new("-") {
        use std::io::Write as _;
        std::io::stdout().write_all(usual.to_baseline().as_bytes())
    } else {
        std::fs::write(out, usual.to_baseline())
    };
    written.map_err(ReplayError::Baseline)?;
    summary.print_learnt(&counts, &usual, started.elapsed());
    Ok(summary.is_complete())
}

/// What is usual after all matches, expected or not; those without a time teach nothing.
fn learnt(matches: &Matches, learn_days: u32, summary: &mut Summary, counts: &mut Counts) -> Usual {
    let order = Order::of(matches, &mut |place, error| summary.not_again(&place, error));
    counts.matches -= order.left_out(matches).1;
    let mut usual = Usual::default();
    let mut last = None;
    for record in in_order(matches, &order, (0, 0)).map(|record| record.occurrence) {
        for subject in record.kind.subjects().filter(|_| !record.kind.is_refused) {
            last = Some(record.time);
            if !record.is_timeless {
                usual.see(&subject.sighting(learn_days), record.time, false);
            }
        }
    }
    last.into_iter().for_each(|last| usual.forget(last));
    usual
}
