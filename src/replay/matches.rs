//! All matching records of a replay's inputs: what they are, in memory, and where their texts are.

use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use tempfile::SpooledTempFile;

use super::brief::Brief;
use super::gathered::Gathered;
use super::kinds::{Kind, Kinds};

/// How many bytes of texts are kept in memory; more are in a file without a name, in the system's folder for temporary files.
const MAX_KEPT_IN_MEMORY: usize = 16 << 20;

/// Matching records, as they are gathered.
pub(super) struct Gathering {
    inputs: Vec<PathBuf>,
    briefs: Vec<Brief>,
    timeless: Vec<u32>,
    kinds: Kinds,
    /// By the numbers that each evaluator gives to kinds: whether they are refused reads, and their numbers here.
    known: Vec<Vec<(bool, u32)>>,
    kept: SpooledTempFile,
    kept_bytes: u64,
    /// The time of the last match that has one.
    latest: Option<Timestamp>,
}

impl Gathering {
    /// Has none yet.
    pub(super) fn new(inputs: Vec<PathBuf>) -> Self {
        Self {
            inputs,
            briefs: Vec::new(),
            timeless: Vec::new(),
            kinds: Kinds::default(),
            known: Vec::new(),
            kept: SpooledTempFile::new(MAX_KEPT_IN_MEMORY),
            kept_bytes: 0,
            latest: None,
        }
    }

    /// Takes the next records, in the order of the inputs; one without a time stands after the match before it, or before the first
    /// that has one.
    ///
    /// # Errors
    /// When texts cannot be kept.
    pub(super) fn take(&mut self, gathered: Gathered) -> io::Result<()> {
        let Gathered { evaluator, briefs, kinds, kept } = gathered;
        self.known.resize_with(self.known.len().max(evaluator + 1), Vec::new);
        let Some(known) = self.known.get_mut(evaluator) else { return Ok(()) };
        known.extend(kinds.into_iter().map(|kind| (kind.is_refused, self.kinds.number(kind))));
        for mut brief in briefs {
            let Some((is_refused, number)) = known.get(brief.kind as usize).copied() else { continue };
            brief.kind = number;
            if brief.input().is_none() {
                brief.at += self.kept_bytes;
            }
            match brief.time() {
                Some(time) if !is_refused => {
                    if self.latest.is_none() {
                        stand_at(&mut self.briefs, &self.timeless, time);
                    }
                    self.latest = Some(time);
                }
                Some(_) => {}
                // A refused read is told by when it was.
                None if is_refused => continue,
                None => {
                    self.timeless.push(self.briefs.len() as u32);
                    brief.stand_at(self.latest.unwrap_or(Timestamp::UNIX_EPOCH));
                }
            }
            self.briefs.push(brief);
        }
        self.kept_bytes += kept.len() as u64;
        self.kept.write_all(&kept)
    }

    /// All of them.
    pub(super) fn finish(self) -> Matches {
        let Self { inputs, briefs, timeless, kinds, kept, .. } = self;
        Matches { inputs, briefs, timeless, kinds: kinds.into_all(), kept: Mutex::new(kept) }
    }
}

/// Lets those that have no time stand before the first that has one.
fn stand_at(briefs: &mut [Brief], timeless: &[u32], first: Timestamp) {
    for number in timeless {
        briefs.get_mut(*number as usize).into_iter().for_each(|brief| brief.stand_at(first));
    }
}

/// All matching records.
pub(super) struct Matches {
    pub(super) inputs: Vec<PathBuf>,
    /// In the order of the inputs.
    pub(super) briefs: Vec<Brief>,
    /// Those without a time, by their numbers, in order.
    pub(super) timeless: Vec<u32>,
    kinds: Vec<Arc<Kind>>,
    kept: Mutex<SpooledTempFile>,
}

impl Matches {
    /// A record by its number, and its kind.
    #[expect(clippy::indexing_slicing, reason = "numbers are only made of records, and kinds are never taken away")]
    pub(super) fn record(&self, number: u32) -> (&Brief, &Kind) {
        let brief = &self.briefs[number as usize];
        (brief, &self.kinds[brief.kind as usize])
    }

    /// Whether a record has no time of its own.
    pub(super) fn is_timeless(&self, number: u32) -> bool {
        self.timeless.binary_search(&number).is_ok()
    }

    /// The text that is kept of a record, after the line that says where it came from.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(super) fn kept(&self, brief: &Brief) -> io::Result<Vec<u8>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let mut text = vec![0; brief.bytes as usize];
        kept.seek(SeekFrom::Start(brief.at))?;
        kept.read_exact(&mut text)?;
        Ok(text)
    }
}
