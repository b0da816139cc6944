//! `replay`: the detection over saved logs, with the records' own times as the clock.

mod baseline;
mod callers;
mod clock;
mod copies;
mod incidents;
mod output;
mod progress;
mod reading;
mod summary;

use std::io::{self, IsTerminal as _};
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::ValueEnum;
use jiff::Timestamp;

use crate::baseline_file::UnusableBaseline;
use crate::config::{ExpectedPlace, Faults, Settings, SigmaPlace, load_rules};
use crate::detector::Concluded;
use crate::expected::{ExpectedAccess, MAX_FILE_BYTES};
use crate::pipeline::{Evaluation, Pipeline};
use crate::rules::metadata::MetadataError;
use crate::severity::Severity;
use crate::sigma_files::NoRules;
use crate::usual::Usual;
use crate::{baseline_file, saved_logs, sigma_files, small_file};
pub use baseline::baseline;
pub use callers::callers_of_high_alerts;
use clock::Clock;
use progress::Progress;
use reading::Reading;
use summary::Summary;
pub(crate) use summary::say;

/// How alerts are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A table for people.
    Table,
    /// One alert message a line, as the queue gets them.
    #[value(alias = "jsonl")]
    Ndjson,
}

impl Format {
    /// The chosen one, or what suits standard output: a table on a terminal, else lines.
    pub(crate) fn or_automatic(chosen: Option<Self>) -> Self {
        chosen.unwrap_or(if io::stdout().is_terminal() { Self::Table } else { Self::Ndjson })
    }
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
    /// An expected-access file that cannot be used.
    #[error("{}: {fault}", path.display())]
    Expected {
        /// The file.
        path: PathBuf,
        /// Line, column and what is wrong.
        fault: String,
    },
    /// A list of expected access in a blob.
    #[error(
        "EXPECTED_ACCESS names a blob, and replay reads files only: save the blob (az storage blob download) and name the \
         file with --expected, or unset EXPECTED_ACCESS"
    )]
    ExpectedBlob,
    /// Sigma rules in blobs.
    #[error(
        "SIGMA_RULES names blobs, and saved logs are read with files only: save the blobs (az storage blob download-batch) and \
         name the folder with --sigma, or unset SIGMA_RULES"
    )]
    SigmaBlobs,
    /// A folder of Sigma rules that cannot be used.
    #[error("the Sigma rules cannot be used: {0}")]
    Sigma(#[from] NoRules),
    /// A baseline that cannot be used.
    #[error(transparent)]
    Unusable(#[from] UnusableBaseline),
    /// A baseline cannot be written.
    #[error("cannot write the baseline: {0}")]
    Baseline(#[source] io::Error),
    /// Standard output cannot be written to.
    #[error("cannot write the alerts: {0}")]
    Output(#[from] io::Error),
}

/// What the command line says of a replay.
#[derive(Debug, Default)]
pub struct Options {
    /// How alerts are printed.
    pub format: Option<Format>,
    /// An expected-access file to try out, instead of the one that the settings name.
    pub expected: Option<PathBuf>,
    /// The rules that are on, instead of those that the settings name.
    pub rules: Option<String>,
    /// Alerts below it are not printed.
    pub min_severity: Option<Severity>,
    /// What is usual, instead of the file that the settings name.
    pub baseline: Option<PathBuf>,
    /// A folder of Sigma rules, instead of the one that the settings name.
    pub sigma: Option<PathBuf>,
}

/// Replays files, folders and standard input, and returns whether every input could be read.
///
/// # Errors
/// [`ReplayError`] where nothing can be replayed at all; an input that cannot be read is reported on stderr and skipped.
pub fn replay(
    paths: &[PathBuf],
    options: &Options,
    lookup: &dyn Fn(&str) -> Option<String>,
) -> Result<bool, ReplayError> {
    let started = Instant::now();
    let Judges { pipeline, usual, expected, dedup_minutes } = Judges::of(options, lookup)?;
    let mut evaluation = Evaluation::default();
    let mut summary = Summary::default();
    let matches = read_all(paths, &pipeline, usual, &mut evaluation, &mut summary);
    (summary.copies, summary.timeless) = (matches.copies.count, matches.timeless);
    let (mut conclusion, silenced) = matches.run(&pipeline, dedup_minutes, &expected, &mut evaluation.counts);
    summary.take_rejected(&mut conclusion.rejected);
    let made = conclusion.alerts.iter().map(Concluded::alert);
    let made = made.filter(|alert| Some(alert.severity) >= options.min_severity);
    let printed = output::print(made, Format::or_automatic(options.format));
    summary.print(&evaluation.counts, &pipeline, &silenced, started.elapsed());
    // A reader of only the first lines, such as `head`, closes the pipe: no fault.
    printed.or_else(|error| if error.kind() == io::ErrorKind::BrokenPipe { Ok(()) } else { Err(error) })?;
    Ok(summary.is_complete())
}

/// What a replay judges by.
struct Judges {
    pipeline: Pipeline,
    usual: Usual,
    expected: ExpectedAccess,
    dedup_minutes: Option<u32>,
}

impl Judges {
    /// By the command line, and by the settings for what it does not say.
    fn of(options: &Options, lookup: &dyn Fn(&str) -> Option<String>) -> Result<Self, ReplayError> {
        let rules = |name: &str| options.rules.clone().filter(|_| name == "RULES");
        let settings = Settings::read(&|name| rules(name).or_else(|| lookup(name)))?;
        let mut pipeline = Pipeline::new(load_rules(&settings)?, settings.parameters.clone());
        if let Some(folder) = sigma_folder(options.sigma.as_deref(), &settings)? {
            pipeline = pipeline.with_sigma(sigma_files::of_folder(folder)?);
        }
        let baseline = options.baseline.as_ref().or(settings.baseline.as_ref());
        let usual = baseline.map_or_else(|| Ok(Usual::default()), |path| baseline_file::read(path))?;
        let expected = match (&options.expected, &settings.expected_access) {
            (Some(path), _) => read_expected(path)?,
            (None, Some(ExpectedPlace::File(path))) => read_expected(path)?,
            (None, Some(ExpectedPlace::Blob(_))) => return Err(ReplayError::ExpectedBlob),
            (None, None) => ExpectedAccess::default(),
        };
        Ok(Self { pipeline, usual, expected, dedup_minutes: settings.dedup_minutes })
    }
}

/// The folder of Sigma rules that the command line names, else that of the settings.
pub(crate) fn sigma_folder<'p>(
    named: Option<&'p Path>,
    settings: &'p Settings,
) -> Result<Option<&'p Path>, ReplayError> {
    match (named, &settings.sigma_rules) {
        (Some(folder), _) => Ok(Some(folder)),
        (None, Some(SigmaPlace::Folder(folder))) => Ok(Some(folder)),
        (None, Some(SigmaPlace::Blobs { .. })) => Err(ReplayError::SigmaBlobs),
        (None, None) => Ok(None),
    }
}

/// Reads a file of expected access.
pub(crate) fn read_expected(path: &Path) -> Result<ExpectedAccess, ReplayError> {
    let fault = |fault: String| ReplayError::Expected { path: path.to_owned(), fault };
    let text = small_file::read(path, MAX_FILE_BYTES).map_err(|error| fault(error.to_string()))?;
    ExpectedAccess::parse(&text).map_err(|error| fault(error.to_string()))
}

fn read_all(
    paths: &[PathBuf],
    pipeline: &Pipeline,
    usual: Usual,
    evaluation: &mut Evaluation,
    summary: &mut Summary,
) -> Clock {
    let inputs = saved_logs::find(paths, &mut |path, error| summary.unreadable(path.display(), error));
    let progress = Progress::new(&inputs);
    let mut reading = Reading::new(pipeline, evaluation, summary, Clock::new(Timestamp::now(), usual));
    for path in &inputs {
        saved_logs::read_path(path, &|bytes| progress.add(bytes), &mut reading);
    }
    progress.finish();
    reading.into_matches()
}
