//! `replay`: the detection over saved logs, with the records' own times as the clock.

mod again;
mod alerts;
mod baseline;
mod brief;
mod callers;
mod chunk;
mod clock;
mod copies;
mod fate;
mod gathered;
mod incidents;
mod kinds;
mod matches;
mod output;
mod progress;
mod reading;
mod ruling;
mod summary;
mod templates;
mod workers;

use std::io::{self, IsTerminal as _};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::ValueEnum;

use crate::baseline_file::UnusableBaseline;
use crate::config::{ExpectedPlace, Faults, Settings, load_rules};
use crate::expected::{ExpectedAccess, MAX_FILE_BYTES};
use crate::pipeline::{Counts, Pipeline};
use crate::rules::metadata::MetadataError;
use crate::severity::Severity;
use crate::source::Place;
use crate::usual::Usual;
use crate::{baseline_file, small_file};
use alerts::Alerts;
pub use baseline::baseline;
pub use callers::callers_of_high_alerts;
use clock::Clock;
use copies::Order;
use fate::Fate;
use incidents::make_whole;
use reading::read_all;
use summary::Summary;
pub(crate) use summary::say;
use templates::Templates;

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
    /// A baseline that cannot be used.
    #[error(transparent)]
    Unusable(#[from] UnusableBaseline),
    /// A baseline cannot be written.
    #[error("cannot write the baseline: {0}")]
    Baseline(#[source] io::Error),
    /// Texts of records that are packed, or come once, cannot be kept.
    #[error(
        "cannot keep records for their alerts in the folder for temporary files: {0}; let TMPDIR name a folder with room, or unpack \
         the files first"
    )]
    Kept(#[source] io::Error),
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
    /// How many threads read, instead of one for each core.
    pub threads: Option<NonZero<usize>>,
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
    let mut summary = Summary::default();
    let Judged { alerts, mut counts, silenced, pipeline } = judge(paths, options, lookup, &mut summary)?;
    let printed = output::print(&alerts, options, &mut summary);
    counts.alerts = alerts.len() as u64;
    summary.print(&counts, &pipeline, &silenced, started.elapsed());
    // A reader of only the first lines, such as `head`, closes the pipe: no fault.
    printed.or_else(|error| if error.kind() == io::ErrorKind::BrokenPipe { Ok(()) } else { Err(error) })?;
    Ok(summary.is_complete())
}

/// What came of saved logs.
struct Judged {
    alerts: Alerts,
    counts: Counts,
    /// How many matches are expected, by reason.
    silenced: Vec<(String, u64)>,
    pipeline: Pipeline,
}

/// Reads saved logs, and finds what alerts.
fn judge(
    paths: &[PathBuf],
    options: &Options,
    lookup: &dyn Fn(&str) -> Option<String>,
    summary: &mut Summary,
) -> Result<Judged, ReplayError> {
    let Judges { pipeline, usual, expected, dedup_minutes } = Judges::of(options, lookup)?;
    let mut counts = Counts::default();
    let matches = read_all(paths, &pipeline, options.threads, &mut counts, summary).map_err(ReplayError::Kept)?;
    let mut report = |place: Place, error| summary.not_again(&place, error);
    let order = Order::of(&matches, &mut report);
    let templates = Templates::new(&pipeline, dedup_minutes);
    let clock = Clock::new(&matches, &order, templates, &expected, usual, &mut report);
    let (mut ruling, mut templates) = clock.run();
    make_whole(&mut ruling, &matches, &order, &mut templates);
    let (copies, left_out) = order.left_out(&matches);
    (summary.copies, summary.timeless) = (copies, ruling::timeless(&matches, &order));
    counts.matches -= left_out;
    counts.expected = ruling.count(Fate::EXPECTED);
    counts.pending = ruling.count(Fate::PENDING);
    counts.familiar = ruling.count(Fate::FAMILIAR);
    counts.suppressed = ruling.count(Fate::SUPPRESSED);
    let silenced = std::mem::take(&mut ruling.silenced);
    Ok(Judged { alerts: Alerts::of(matches, order, ruling), counts, silenced, pipeline })
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
        let pipeline = Pipeline::new(load_rules(&settings)?, settings.parameters.clone());
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

fn read_expected(path: &Path) -> Result<ExpectedAccess, ReplayError> {
    let fault = |fault: String| ReplayError::Expected { path: path.to_owned(), fault };
    let text = small_file::read(path, MAX_FILE_BYTES).map_err(|error| fault(error.to_string()))?;
    ExpectedAccess::parse(&text).map_err(|error| fault(error.to_string()))
}
