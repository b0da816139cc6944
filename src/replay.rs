//! `replay`: the detection over saved logs, with the records' own times as the clock.

mod input;
mod lines;
mod output;
mod progress;
mod summary;
mod table;

use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::time::Instant;

use clap::ValueEnum;
use jiff::Timestamp;

use crate::alert::{Alert, Evidence, RecordTime};
use crate::config::{Faults, Settings};
use crate::pipeline::{Evaluation, Pipeline};
use crate::rules::metadata::MetadataError;
use crate::serve::load_rules;
use output::Output;
use progress::Progress;
use summary::Summary;

/// How alerts are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A table for people.
    Table,
    /// One alert message a line, as the queue gets them.
    Ndjson,
}

/// Why nothing could be replayed at all.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// Settings that cannot be used.
    #[error("the settings are not usable: {0}")]
    Settings(#[from] Faults),
    /// A rule whose YAML cannot be used.
    #[error("a rule cannot be loaded: {0}")]
    Rule(#[from] MetadataError),
    /// Nobody reads the alerts.
    #[error("cannot write the alerts: {0}")]
    Output(#[from] std::io::Error),
}

/// Replays files, folders and standard input; tells whether every input could be read.
///
/// # Errors
/// [`ReplayError`] where nothing can be replayed at all; an input that cannot be read is told on stderr and passed over.
pub fn replay(
    paths: &[PathBuf],
    format: Option<Format>,
    lookup: &dyn Fn(&str) -> Option<String>,
) -> Result<bool, ReplayError> {
    let started = Instant::now();
    let settings = Settings::read(lookup)?;
    let pipeline = Pipeline::new(load_rules(&settings)?, settings.parameters.clone());
    let automatic = if std::io::stdout().is_terminal() { Format::Table } else { Format::Ndjson };
    let mut output = Output::new(format.unwrap_or(automatic));
    let mut evaluation = Evaluation { kinds: Some(Default::default()), ..Evaluation::default() };
    let mut summary = Summary::default();
    let inputs = input::find(paths, &mut summary);
    let progress = Progress::new(&inputs);
    for input in &inputs {
        let read = lines::for_each_body(input, &progress, &mut |body, place| {
            pipeline.evaluate(body, place, &mut evaluation);
        });
        if let Err(error) = read {
            summary.unreadable(&input.name(), &error);
        }
        summary.files += 1;
        summary.take_rejected(&mut evaluation.rejected);
        for found in evaluation.matches.drain(..) {
            let Some(rule) = pipeline.rules().get(found.rule) else { continue };
            let evidence = Evidence::new(found);
            let created_at = evidence.first_time().map_or_else(Timestamp::now, RecordTime::moment);
            evaluation.counts.alerts += 1;
            output.alert(&Alert::new(rule, rule.metadata.severity, 0, created_at, &evidence))?;
        }
    }
    progress.finish();
    output.finish()?;
    summary.print(&evaluation, started.elapsed());
    Ok(summary.is_complete())
}
