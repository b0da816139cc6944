//! `replay`: the detection over saved logs, with the records' own times as the clock.

mod again;
mod alerts;
mod baseline;
mod brief;
mod callers;
mod chunk;
mod clock;
mod columns;
mod copies;
mod evaluator;
mod fate;
mod format;
mod gathered;
mod incidents;
mod kinds;
mod matches;
mod not_read;
mod output;
mod progress;
mod reading;
mod row;
mod ruling;
mod shown;
mod summary;
mod table;
mod templates;
mod trial;
mod workers;

use std::io;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::time::Instant;

use jiff::Timestamp;

use crate::baseline_file::UnusableBaseline;
use crate::config::{ExpectedPlace, Faults, Settings, SigmaPlace, load_rules};
use crate::expected::{ExpectedAccess, MAX_FILE_BYTES};
use crate::interrupt::Interrupt;
use crate::outcome::Outcome;
use crate::pipeline::Pipeline;
use crate::rules::metadata::MetadataError;
use crate::sigma_files::NoRules;
use crate::terminal::Terminal;
use crate::usual::Usual;
use crate::{baseline_file, sigma_files, small_file};
use again::Report;
use alerts::Alerts;
pub use baseline::baseline;
pub use callers::{Caller, callers_of_high_alerts};
use clock::Clock;
use copies::Order;
use fate::Fate;
pub use format::Format;
use incidents::make_whole;
use matches::Matches;
use reading::{ReadLogs, read_all};
use ruling::Ruling;
pub use shown::Shown;
use summary::Summary;
pub(crate) use summary::say;
use templates::Templates;
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
    /// The system gives no thread for Ctrl-C.
    #[error("cannot listen to Ctrl-C: {0}")]
    Signals(#[source] io::Error),
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
    /// How many threads read, instead of one for each core.
    pub threads: Option<NonZero<usize>>,
    /// A folder of Sigma rules, instead of the one that the settings name.
    pub sigma: Option<PathBuf>,
}

/// Replays files, folders and standard input, and returns how it ended.
///
/// # Errors
/// [`ReplayError`] where nothing can be replayed at all; an input that cannot be read is reported on stderr and skipped.
pub fn replay(paths: &[PathBuf], options: &Options, lookup: Lookup<'_>) -> Result<Outcome, ReplayError> {
    let started = Instant::now();
    let judges = Judges::of(options, lookup)?;
    let mut summary = Summary::default();
    let interrupt = Interrupt::listen().map_err(ReplayError::Signals)?;
    let ReadLogs { matches, mut counts } =
        read_all(paths, &judges.pipeline, options.threads, &interrupt, lookup, &mut summary)?;
    let report: Report<'_> = &mut |not_again| summary.not_again(not_again);
    let order = Order::of(&matches, report);
    let ruling = judges.rule(&matches, &order, &judges.expected, report);
    let (copies, left_out) = order.left_out(&matches);
    (summary.copies, summary.timeless) = (copies, ruling::timeless(&matches, &order));
    counts.matches -= left_out;
    counts.expected = ruling.count(Fate::EXPECTED);
    counts.pending = ruling.count(Fate::PENDING);
    let expected = ruling.expected.clone();
    let alerts = Alerts::of(&matches, &order, ruling);
    counts.alerts = alerts.len() as u64;
    let printed = output::print(&alerts, options, Terminal::of_stdout(lookup), &mut summary);
    if options.expected.is_some() {
        let report: Report<'_> = &mut |not_again| summary.not_again(not_again);
        let ruling = judges.rule(&matches, &order, &ExpectedAccess::default(), report);
        let without = Alerts::of(&matches, &order, ruling);
        Trial::of(&judges.expected, &expected, (&without, &alerts), options, report).print(Timestamp::now());
    } else {
        summary.print_expected(&judges.expected, &expected);
    }
    summary.print(&counts, &judges.pipeline, started.elapsed());
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
        let mut pipeline = Pipeline::new(load_rules(&settings)?, settings.parameters.clone());
        if let Some(folder) = sigma_folder(options.sigma.as_deref(), &settings)? {
            pipeline = pipeline.with_sigma(sigma_files::of_folder(folder)?);
        }
        let baseline = options.baseline.as_ref().or(settings.baseline.as_ref());
        let usual = baseline.map_or_else(|| Ok(Usual::default()), |path| baseline_file::read(path))?;
        let expected = expected_access(options.expected.as_deref(), &settings)?;
        Ok(Self { pipeline, usual, expected, dedup_minutes: settings.dedup_minutes })
    }

    /// What the windows say of records, where a list of access is expected.
    fn rule(&self, matches: &Matches, order: &Order, expected: &ExpectedAccess, report: Report<'_>) -> Ruling {
        let templates = Templates::new(&self.pipeline, self.dedup_minutes);
        let clock = Clock::new(matches, order, templates, expected, self.usual.clone(), report);
        let (mut ruling, mut templates) = clock.run();
        make_whole(&mut ruling, matches, order, &mut templates);
        ruling
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

/// The expected access in the file that the command line names, else in that of the settings.
pub(crate) fn expected_access(named: Option<&Path>, settings: &Settings) -> Result<ExpectedAccess, ReplayError> {
    let path = match (named, &settings.expected_access) {
        (Some(path), _) => path,
        (None, Some(ExpectedPlace::File(path))) => path,
        (None, Some(ExpectedPlace::Blob(_))) => return Err(ReplayError::ExpectedBlob),
        (None, None) => return Ok(ExpectedAccess::default()),
    };
    let fault = |fault: String| ReplayError::Expected { path: path.to_owned(), fault };
    let text = small_file::read(path, MAX_FILE_BYTES).map_err(|error| fault(error.to_string()))?;
    ExpectedAccess::parse(&text).map_err(|error| fault(error.to_string()))
}
