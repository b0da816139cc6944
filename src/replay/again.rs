//! Records, read again: only what an alert shows is ever needed as text.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::sync::Arc;

use super::brief::Brief;
use super::kinds::Finding;
use super::matches::Matches;
use crate::alert::{Match, MatchedRecord};
use crate::json::Value;
use crate::rules::Rule;
use crate::source::{Place, Source};

/// Why a record cannot be read again.
#[derive(Debug, thiserror::Error)]
pub(super) enum AgainError {
    /// The file, or what was kept of it, cannot be read.
    #[error("a record of it cannot be read again for its alert: {0}")]
    Read(#[from] io::Error),
    /// Something else stands where the record was.
    #[error("it changed while it was read, so a record for an alert is not there any more: replay a copy of the file")]
    Changed,
}

/// A record that cannot be read again.
#[derive(Debug)]
pub(super) struct NotAgain {
    /// Where it was.
    pub(super) place: Place,
    /// Why.
    pub(super) error: AgainError,
}

/// Told of records that cannot be read again.
pub(super) type Report<'r> = &'r mut dyn FnMut(&NotAgain);

/// Reads records again, the file of the last one being open.
pub(super) struct Again<'m> {
    matches: &'m Matches,
    open: Option<(u32, File)>,
}

impl<'m> Again<'m> {
    /// Has no file open.
    pub(super) fn new(matches: &'m Matches) -> Self {
        Self { matches, open: None }
    }

    /// The match of a record, by its number, for one of its rules; `also_at` are the numbers of its copies.
    ///
    /// # Errors
    /// [`NotAgain`].
    pub(super) fn find(&mut self, number: u32, rule: &Rule, also_at: &[u32]) -> Result<Match, Box<NotAgain>> {
        let (brief, kind) = self.matches.record(number);
        let (text, mut source) = self.text(brief).map_err(|error| self.not_again(brief, error))?;
        source.also_at = also_at.iter().map(|copy| self.place(self.matches.record(*copy).0)).collect();
        let time = (!self.matches.is_timeless(number)).then(|| brief.time()).flatten();
        let record = MatchedRecord::again(text, source, kind.caller(), &kind.access);
        let is_same = |record: &MatchedRecord| record.time.as_ref().map(|time| time.moment) == time;
        let finding = kind.findings.iter().find(|finding| finding.rule.metadata.id == rule.metadata.id);
        let found = record.filter(is_same).zip(finding).map(|(record, finding)| {
            let Finding { rule, dedup, unique, access } = finding;
            Match {
                rule: Arc::clone(rule),
                dedup: dedup.clone(),
                unique: unique.clone(),
                access: Arc::clone(access),
                record: Arc::new(record),
            }
        });
        found.ok_or_else(|| self.not_again(brief, AgainError::Changed).into())
    }

    /// The text of a record, by its number, without white space between its tokens. It is not checked that the same
    /// record still stands there: where none does, its alert cannot be made, and that is told.
    ///
    /// # Errors
    /// [`NotAgain`].
    pub(super) fn squeezed(&mut self, number: u32) -> Result<String, Box<NotAgain>> {
        let brief = self.matches.record(number).0;
        let (text, _) = self.text(brief).map_err(|error| self.not_again(brief, error))?;
        Ok(Value::checked(&text).squeezed().into_owned())
    }

    /// The text of a record and where it came from.
    fn text(&mut self, brief: &Brief) -> Result<(Box<str>, Source), AgainError> {
        let Some(input) = brief.input() else {
            let (source, text) = self.kept(brief)?;
            return Ok((text, source));
        };
        if self.open.as_ref().is_none_or(|(open, _)| *open != input) {
            let path = self.matches.inputs.get(input as usize).ok_or(AgainError::Changed)?;
            self.open = Some((input, File::open(path)?));
        }
        let Some((_, file)) = &mut self.open else { return Err(AgainError::Changed) };
        let mut text = vec![0; brief.bytes as usize];
        file.seek(SeekFrom::Start(brief.at))?;
        file.read_exact(&mut text).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => AgainError::Changed,
            _ => error.into(),
        })?;
        let text = String::from_utf8(text).map_err(|_| AgainError::Changed)?;
        let record_index = Some(brief.index as usize);
        Ok((text.into(), Source { place: self.place(brief), record_index, ..Source::default() }))
    }

    /// Says of which record that is.
    fn not_again(&self, brief: &Brief, error: AgainError) -> NotAgain {
        NotAgain { place: self.place(brief), error }
    }

    /// Where a record came from, as far as that can be said.
    fn place(&self, brief: &Brief) -> Place {
        let kept = || self.kept(brief).map(|(source, _)| source.place).unwrap_or_default();
        let path = brief.input().and_then(|input| self.matches.inputs.get(input as usize));
        path.map_or_else(kept, |path| Place::in_file(path.display().to_string(), brief.line as usize))
    }

    /// What is kept of a record: where it came from, and its text.
    fn kept(&self, brief: &Brief) -> Result<(Source, Box<str>), AgainError> {
        let kept = String::from_utf8(self.matches.kept(brief)?).map_err(|_| AgainError::Changed)?;
        let (source, text) = kept.split_once('\n').ok_or(AgainError::Changed)?;
        Ok((serde_json::from_str(source).map_err(|_| AgainError::Changed)?, text.into()))
    }
}
