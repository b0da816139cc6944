//! `explain`: what every rule says of one saved record, and why.

mod built_in;
mod record;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::config::{Settings, load_rules};
use crate::decode::{Piece, read_body};
use crate::hidden::sanitized;
use crate::pipeline::{Evaluation, Pipeline};
use crate::replay::{ReplayError, expected_access, sigma_folder};
use crate::rules::{self, Rule};
use crate::saved_logs::{self, Body, Receiver, Unread};
use crate::sigma_files;
use crate::source::Place;
use record::Explained;

/// How many records of one event are explained.
const MAX_RECORDS: usize = 20;

/// What the command line says.
#[derive(Debug)]
pub struct Options {
    /// The file, and the line after a colon.
    pub place: String,
    /// A folder of Sigma rules, instead of the one that the settings name.
    pub sigma: Option<PathBuf>,
    /// A file of expected access, instead of the one that the settings name.
    pub expected: Option<PathBuf>,
}

/// Why nothing could be explained.
#[derive(Debug, thiserror::Error)]
pub enum ExplainError {
    /// Settings, rules or expected access.
    #[error(transparent)]
    Rules(#[from] ReplayError),
    /// There is nothing to explain.
    #[error("{0} holds no text at that line, or cannot be read{1}")]
    Nothing(String, String),
    /// Nobody reads the lines.
    #[error("cannot write: {0}")]
    Output(#[from] io::Error),
}

/// Explains the record at a place; returns whether there was one.
///
/// # Errors
/// [`ExplainError`] where nothing can be explained.
pub fn explain(
    options: &Options,
    lookup: &dyn Fn(&str) -> Option<String>,
    out: &mut dyn Write,
) -> Result<bool, ExplainError> {
    let settings = Settings::read(lookup).map_err(ReplayError::from)?;
    let pipeline = pipeline(options, &settings)?;
    let expected = expected_access(options.expected.as_deref(), &settings)?;
    let (path, line) = place(&options.place);
    let mut wanted = Wanted { line, found: None, faults: Vec::new() };
    saved_logs::read_path(&path, &|_| Ok(()), &mut wanted);
    let Some((bytes, place)) = wanted.found else {
        return Err(ExplainError::Nothing(
            options.place.clone(),
            wanted.faults.iter().map(|fault| format!(": {fault}")).collect(),
        ));
    };
    let mut evaluation = Evaluation::default();
    pipeline.evaluate(&bytes, &|| place.clone(), &mut evaluation);
    let explained =
        Explained { pipeline: &pipeline, settings: &settings, expected: &expected, evaluation: &evaluation };
    let at = format!("{}:{}", path.display(), place.line.unwrap_or(1));
    let (mut records, mut written) = (0, Ok(()));
    read_body(&bytes, &mut |piece| {
        let write = || match piece {
            Piece::Record { record, index } if records < MAX_RECORDS => {
                records += 1;
                explained.write(&at, record, index, out)
            }
            Piece::Record { .. } => Ok(()),
            Piece::Undecodable { reason, index, .. } => {
                writeln!(out, "{}, piece {index}: no record, {reason}", sanitized(&at))
            }
            Piece::EnvelopeMembers { .. } => Ok(()),
        };
        if written.is_ok() {
            written = write();
        }
    });
    written?;
    for rejection in &evaluation.rejected {
        writeln!(out, "\nthe whole event would be rejected: {}", sanitized(&rejection.detail))?;
    }
    Ok(records > 0)
}

/// All built-in rules, those that are off too, and the Sigma rules.
fn pipeline(options: &Options, settings: &Settings) -> Result<Pipeline, ReplayError> {
    let mut on = load_rules(settings)?;
    for logic in rules::ALL {
        if !on.iter().any(|rule| rule.logic.name == logic.name) {
            on.push(Rule::load(logic)?);
        }
    }
    let pipeline = Pipeline::new(on, settings.parameters.clone());
    Ok(match sigma_folder(options.sigma.as_deref(), settings)? {
        Some(folder) => pipeline.with_sigma(sigma_files::of_folder(folder)?),
        None => pipeline,
    })
}

/// The file and the line of `FILE:LINE`; a file may have a colon in its name.
fn place(text: &str) -> (PathBuf, Option<usize>) {
    let parted = text.rsplit_once(':').and_then(|(file, line)| Some((file, line.parse().ok()?)));
    match parted.filter(|_| !Path::new(text).exists()) {
        Some((file, line)) => (file.into(), Some(line)),
        None => (text.into(), None),
    }
}

/// Looks for the event that has a line, of several the last; without a line for the first.
struct Wanted {
    line: Option<usize>,
    found: Option<(Vec<u8>, Place)>,
    faults: Vec<String>,
}

impl Receiver for Wanted {
    fn body(&mut self, body: Body<'_>) {
        let is_it = match self.line {
            Some(line) => {
                let first = body.place.line.unwrap_or(1);
                (first..=first + body.bytes.iter().filter(|byte| **byte == b'\n').count()).contains(&line)
            }
            None => self.found.is_none(),
        };
        if is_it {
            self.found = Some((body.bytes.into_owned(), body.place));
        }
    }

    fn fault(&mut self, name: &str, fault: Unread) {
        self.faults.push(format!("{name}: {fault}"));
    }

    fn end(&mut self, _name: &str) {}
}

/// The time by which expected access counts: the record's own.
fn now_of(time: Option<Timestamp>) -> Timestamp {
    time.unwrap_or_else(Timestamp::now)
}
