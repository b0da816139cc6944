//! `replay`: the detection over saved logs, with the records' own times as the clock.

mod baseline;
mod callers;
mod clock;
mod columns;
mod copies;
mod format;
mod incidents;
mod output;
mod progress;
mod reading;
mod row;
mod shown;
mod summary;
mod table;
mod trial;
mod unread;

use std::io;
use std::path::{Path, PathBuf};
use std::time::Instant;

use jiff::Timestamp;

use crate::baseline_file::UnusableBaseline;
use crate::config::{ExpectedPlace, Faults, Settings, load_rules};
use crate::expected::{ExpectedAccess, MAX_FILE_BYTES};
use crate::interrupt::Interrupt;
use crate::outcome::Outcome;
use crate::pipeline::{Counts, Evaluation, Pipeline};
use crate::rules::metadata::MetadataError;
use crate::terminal::Terminal;
use crate::usual::Usual;
use crate::{baseline_file, saved_logs, small_file};
pub use baseline::baseline;
pub use callers::{Caller, callers_of_high_alerts};
use clock::Clock;
pub use format::Format;
use progress::Progress;
use reading::Reading;
pub use shown::Shown;
use summary::Summary;
pub(crate) use summary::say;
use trial::Trial;

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
    /// The system gives no thread for Ctrl-C.
    #[error("cannot listen to Ctrl-C: {0}")]
    Signals(#[source] io::Error),
    /// Standard output cannot be written to.
    #[error("cannot write the alerts: {0}")]
    Output(#[from] io::Error),
}

/// Looks a setting up in the environment.
type Lookup<'l> = &'l dyn Fn(&str) -> Option<String>;

/// What the command line says of a replay.
#[derive(Debug, Default)]
pub struct Options {
    /// How alerts are printed.
    pub format: Option<Format>,
    /// An expected-access file to try out, instead of the one that the settings name.
    pub expected: Option<PathBuf>,
    /// The rules that are on, instead of those that the settings name.
    pub rules: Option<String>,
    /// Which alerts are printed.
    pub shown: Shown,
    /// What is usual, instead of the file that the settings name.
    pub baseline: Option<PathBuf>,
}

/// Replays files, folders and standard input, and returns how it ended.
///
/// # Errors
/// [`ReplayError`] where nothing can be replayed at all; an input that cannot be read is reported on stderr and skipped.
pub fn replay(paths: &[PathBuf], options: &Options, lookup: Lookup<'_>) -> Result<Outcome, ReplayError> {
    let started = Instant::now();
    let Judges { pipeline, usual, expected, dedup_minutes } = Judges::of(options, lookup)?;
    let (mut evaluation, mut summary) = (Evaluation::default(), Summary::default());
    let interrupt = Interrupt::listen().map_err(ReplayError::Signals)?;
    let matches = read_all(paths, &pipeline, usual, &mut evaluation, &mut summary, &interrupt, lookup);
    (summary.copies, summary.timeless) = (matches.copies.count, matches.timeless);
    let unexpected = options.expected.as_ref().map(|_| {
        matches.clone().run(&pipeline, dedup_minutes, &ExpectedAccess::default(), &mut Counts::default()).0.alerts
    });
    let (mut conclusion, silenced) = matches.run(&pipeline, dedup_minutes, &expected, &mut evaluation.counts);
    summary.take_rejected(&mut conclusion.rejected);
    let shown = &options.shown;
    summary.outside = conclusion.alerts.iter().filter(|alert| !shown.reaches(alert)).count();
    summary.milder = conclusion.alerts.iter().filter(|alert| shown.reaches(alert) && !shown.holds(alert)).count();
    let alerts = conclusion.alerts.iter().filter(|alert| shown.holds(alert));
    let printed = output::print(alerts, Format::or_automatic(options.format), Terminal::of_stdout(lookup));
    match &unexpected {
        Some(without) => {
            Trial::of(&expected, &silenced, without, &conclusion.alerts, shown).print(Timestamp::now());
        }
        None => summary.print_expected(&expected, &silenced),
    }
    summary.print(&evaluation.counts, &pipeline, started.elapsed());
    // A reader of only the first lines, such as `head`, closes the pipe: no fault.
    printed.or_else(|error| if error.kind() == io::ErrorKind::BrokenPipe { Ok(()) } else { Err(error) })?;
    Ok(summary.outcome())
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
    fn of(options: &Options, lookup: Lookup<'_>) -> Result<Self, ReplayError> {
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

/// Reads all inputs, one after another, until somebody asks to stop.
fn read_all(
    paths: &[PathBuf],
    pipeline: &Pipeline,
    usual: Usual,
    evaluation: &mut Evaluation,
    summary: &mut Summary,
    interrupt: &Interrupt,
    lookup: Lookup<'_>,
) -> Clock {
    let (inputs, passed_over) =
        saved_logs::find(paths, &mut |path, error| summary.unreadable(path.display(), error, "not to be opened"));
    summary.unread.passed_over = passed_over;
    let progress = Progress::new(&inputs, lookup);
    let clock = Clock::new(Timestamp::now(), usual);
    let mut reading = Reading::new(pipeline, evaluation, summary, clock, &progress, interrupt);
    for (number, path) in inputs.iter().enumerate() {
        progress.begin(path);
        let on_read = |bytes| {
            progress.add(bytes);
            interrupt.check()
        };
        saved_logs::read_path(path, &on_read, &mut reading);
        if interrupt.is_asked() {
            reading.stop(path, inputs.len() - number);
            break;
        }
    }
    progress.finish();
    reading.into_matches()
}
