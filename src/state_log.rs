//! The log that instances share, as a machine without any input or output: what to ask of the storage next, and what its
//! answer means.
//!
//! The log is a chain of append blobs in one container, of which one is open. An instance appends what its windows have to
//! know, reads up to its own block, and only then tells verdicts: the append's answer decides nothing, so one that is
//! late, lost or doubled changes nothing. A full stretch is closed by a line; what stands after the first such line is void,
//! and its writer appends it again to the next stretch, which begins with a snapshot of all that came before.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod action;
mod line;
mod stretch;
mod wanted;

pub use action::{Action, Answer};
pub use stretch::{Limits, SNAPSHOTS, STRETCHES, Stretch, snapshot_name, snapshot_number};
pub use wanted::Wanted;

use std::panic::{AssertUnwindSafe, catch_unwind};

use jiff::Timestamp;

use crate::windows::{Entry, Fold, Role};
use line::{Line, Snapshot};

/// Why a log cannot be gone on with; the instance asks again all the same.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogFault {
    /// A snapshot that this program cannot read.
    #[error(
        "the snapshot {name} cannot be read; restore the container certificate-state, or delete it to begin anew: {detail}"
    )]
    Snapshot {
        /// The blob.
        name: String,
        /// What is wrong with it.
        detail: String,
    },
}

/// One instance's view of the log.
#[derive(Debug)]
pub struct StateLog {
    limits: Limits,
    fold: Fold,
    stretch: Stretch,
    stage: Stage,
    /// Bytes after the last whole line that was read.
    rest: Vec<u8>,
    /// Lines that could not be read since this was last asked.
    unread_lines: u64,
    is_loaded: bool,
    is_full: bool,
}

/// What is known of the chain, and so what has to be asked next.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Stage {
    /// Nothing is known: which is the newest stretch?
    Lost,
    /// There is no log yet: begin one.
    Begin,
    /// This stretch's snapshot has to be read.
    Load(u64),
    /// The log of the present stretch is not there: was it not made yet, or is it long over?
    Missing,
    /// The log of the present stretch has to be made, where nobody has.
    Create,
    /// It is there now, but others may have gone on meanwhile, and deleted it before it was made again.
    Confirm,
    /// All that stands in the present stretch has to be read.
    Behind,
    /// Others have written before this instance's own block: read through the end of that.
    Gap(u64),
    /// All is read, as far as this instance needs to know.
    Ready,
    /// The present stretch is closed; the next one begins at this time, unless others are far ahead.
    Closed(Timestamp),
    /// Nobody is ahead: the next stretch, which begins at this time, needs its snapshot.
    Next(Timestamp),
    /// A stretch was made that others have left behind them long ago.
    Remove(Vec<String>),
    /// What is two stretches back has to go.
    Tidy,
}

impl StateLog {
    /// A view that knows nothing yet.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            fold: Fold::default(),
            stretch: Stretch::first(Timestamp::UNIX_EPOCH),
            stage: Stage::Lost,
            rest: Vec::new(),
            unread_lines: 0,
            is_loaded: false,
            is_full: false,
        }
    }

    /// The windows as far as the log was read.
    #[must_use]
    pub fn fold(&self) -> &Fold {
        &self.fold
    }

    /// The stretch of the chain that is being read.
    #[must_use]
    pub fn stretch(&self) -> &Stretch {
        &self.stretch
    }

    /// Whether the verdict of a match is known without asking the storage.
    #[must_use]
    pub fn settles(&self, entry: &Entry) -> bool {
        self.is_loaded && self.fold.settles(Role::Match, entry)
    }

    /// Whether all is read, as far as it has to be known.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.stage == Stage::Ready
    }

    /// Knows nothing any more, and reads all of it again.
    pub fn forget_all(&mut self) {
        *self = Self::new(self.limits);
    }

    /// How many lines could not be read since this was last asked.
    pub fn take_unread_lines(&mut self) -> u64 {
        std::mem::take(&mut self.unread_lines)
    }

    /// What to ask of the storage next; `None` where all that is wanted is in the log and read.
    pub fn next(&mut self, wanted: &mut Wanted, now: Timestamp) -> Option<Action> {
        let log = || self.stretch.log_name();
        Some(match &self.stage {
            Stage::Lost | Stage::Missing | Stage::Confirm | Stage::Closed(_) => Action::FindNewest,
            Stage::Begin => self.put_snapshot(Stretch::first(now)),
            Stage::Load(number) => Action::GetSnapshot { name: snapshot_name(*number) },
            Stage::Create => Action::CreateLog { name: log() },
            Stage::Behind => Action::Read { name: log(), from: self.stretch.offset, to: None },
            Stage::Gap(to) => Action::Read { name: log(), from: self.stretch.offset, to: Some(*to) },
            Stage::Next(at) => self.put_snapshot(self.stretch.following(*at)),
            Stage::Remove(names) => Action::Delete { names: names.clone() },
            Stage::Tidy => Action::Delete { names: self.stretch.names_two_back() },
            Stage::Ready => {
                let mut lines = wanted.lines(&self.fold);
                if lines.is_empty() {
                    if !self.is_full && !self.limits.is_old(&self.stretch, now) {
                        return None;
                    }
                    Line::Close { at: now }.append_to(&mut lines);
                }
                Action::Append { name: log(), lines }
            }
        })
    }

    /// Takes the storage's answer to an action.
    ///
    /// # Errors
    /// Where what was read is no log that can be gone on with.
    pub fn take(&mut self, action: Action, answer: Answer, wanted: &mut Wanted) -> Result<(), LogFault> {
        self.stage = match (action, answer) {
            (Action::FindNewest, Answer::Newest(newest)) => self.after_newest(newest),
            (Action::PutSnapshot { stretch, .. }, Answer::Done { was_there: false }) => {
                self.is_full = false;
                self.stretch = stretch;
                self.rest.clear();
                Stage::Create
            }
            // Whoever was first decides, also where two versions of this program would write different ones.
            (Action::PutSnapshot { stretch, .. }, Answer::Done { was_there: true }) => Stage::Load(stretch.number),
            (Action::GetSnapshot { .. }, Answer::Missing) => Stage::Lost,
            (Action::GetSnapshot { name }, Answer::Bytes(bytes)) => {
                self.load(name, &bytes)?;
                Stage::Behind
            }
            (Action::CreateLog { .. }, Answer::Done { .. }) => Stage::Confirm,
            (Action::Read { to, .. }, Answer::Bytes(bytes)) => self.read(&bytes, to, wanted),
            (Action::Append { lines, .. }, Answer::Appended { offset, blocks }) => {
                self.after_append(&lines, offset, blocks, wanted)
            }
            (Action::Read { .. } | Action::Append { .. }, Answer::Missing) => Stage::Missing,
            (Action::PutSnapshot { .. } | Action::CreateLog { .. }, Answer::Missing) => Stage::Lost,
            // What became of it is unknown: read first.
            (Action::Append { .. }, _) => Stage::Behind,
            (Action::Delete { .. }, _) if matches!(self.stage, Stage::Remove(_)) => Stage::Lost,
            (Action::Delete { .. }, _) => Stage::Behind,
            // Anything else may be asked again.
            (_, _) => return Ok(()),
        };
        Ok(())
    }

    fn put_snapshot(&self, stretch: Stretch) -> Action {
        match Snapshot::of(&stretch, &self.fold).to_json() {
            Ok(bytes) => Action::PutSnapshot { name: snapshot_name(stretch.number), bytes, stretch },
            // Text and numbers can always be written; were it not so, nothing must be written in their place.
            Err(_) => Action::FindNewest,
        }
    }

    fn after_newest(&self, newest: Option<u64>) -> Stage {
        match (newest, &self.stage) {
            (None, _) => Stage::Begin,
            (Some(newest), Stage::Missing) if newest == self.stretch.number => Stage::Create,
            (Some(newest), Stage::Confirm) if newest == self.stretch.number => Stage::Tidy,
            // Nobody must find it: what is appended there is read by nobody.
            (Some(_), Stage::Confirm) => Stage::Remove(self.stretch.names()),
            (Some(newest), Stage::Closed(at)) if newest == self.stretch.number => Stage::Next(*at),
            (Some(newest), _) => Stage::Load(newest),
        }
    }

    fn load(&mut self, name: String, bytes: &[u8]) -> Result<(), LogFault> {
        let restored = Snapshot::restore(bytes).map_err(|error| LogFault::Snapshot { name, detail: error.to_string() });
        // A snapshot that cannot be read may be replaced by one that can.
        let (stretch, fold) = restored.inspect_err(|_| self.stage = Stage::Lost)?;
        self.stretch = stretch;
        self.fold = fold;
        self.rest.clear();
        self.is_full = false;
        Ok(())
    }

    fn after_append(&mut self, lines: &[u8], offset: u64, blocks: u64, wanted: &mut Wanted) -> Stage {
        let end = offset + lines.len() as u64;
        self.is_full = self.limits.is_full(end, blocks);
        match offset.cmp(&self.stretch.offset) {
            // The blob is another one than was read.
            std::cmp::Ordering::Less => Stage::Lost,
            // The first block of a blob: somebody may have made it again long after it was deleted.
            _ if offset == 0 => Stage::Confirm,
            std::cmp::Ordering::Equal => self.read(lines, Some(end), wanted),
            std::cmp::Ordering::Greater => Stage::Gap(end),
        }
    }

    /// Folds bytes of the present stretch; `own_end` is the end of this instance's own block, where it reads up to that.
    fn read(&mut self, bytes: &[u8], own_end: Option<u64>, wanted: &mut Wanted) -> Stage {
        self.stretch.offset += bytes.len() as u64;
        self.rest.extend_from_slice(bytes);
        let whole = self.rest.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
        let lines: Vec<u8> = self.rest.drain(..whole).collect();
        for line in lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            match serde_json::from_slice(line) {
                Ok(Line::Close { at }) => {
                    self.is_loaded = true;
                    return Stage::Closed(at);
                }
                Ok(Line::Match(entry)) => self.fold_entry(Role::Match, &entry),
                Ok(Line::Counted(entry)) => self.fold_entry(Role::Counted, &entry),
                Ok(Line::Owner(entry)) => self.fold_entry(Role::Owner, &entry),
                Err(_) => self.unread_lines += 1,
            }
        }
        self.is_loaded = true;
        match own_end {
            // Less than was appended: the blob is another one.
            Some(end) if self.stretch.offset < end && bytes.is_empty() => return Stage::Lost,
            Some(end) if self.stretch.offset < end => return Stage::Gap(end),
            Some(_) => wanted.finish_block(),
            None => {}
        }
        Stage::Ready
    }

    /// One bad line must not end every instance for ever.
    fn fold_entry(&mut self, role: Role, entry: &Entry) {
        if catch_unwind(AssertUnwindSafe(|| self.fold.take(role, entry))).is_err() {
            self.unread_lines += 1;
            self.fold.restore();
        }
    }
}
