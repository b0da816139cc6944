//! The log that instances share, as a state machine without input or output: what to ask of the storage next, and what its
//! answer means.
//!
//! The log is a chain of stretches, each an append blob in one container; one of them is open. An instance appends what the
//! windows have to know, reads up to its own block, and only then gives verdicts: the answer to the append decides nothing,
//! so one that is late, lost or doubled changes nothing. A line closes a full stretch. What was appended after the first such
//! line is void, and its writer appends it again to the next stretch, which begins with a snapshot of all entries before it.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod action;
mod line;
mod stretch;
mod wanted;

pub use action::{Action, Answer};
pub use stretch::{Limits, SNAPSHOTS, Stretch, snapshot_number};
pub use wanted::Wanted;

use std::cmp::Ordering;
use std::panic::{AssertUnwindSafe, catch_unwind};

use bytes::Bytes;
use jiff::Timestamp;

use crate::windows::{Entry, Fold, Role};
use line::Line;
use stretch::snapshot_name;

/// A snapshot that this program cannot read, so that the log cannot be used; it is read again with the next batch.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the snapshot {name} cannot be read; restore the container certificate-state, or delete it to begin anew: {detail}"
)]
pub struct UnreadableSnapshot {
    /// The blob.
    pub name: String,
    /// What is wrong with it.
    pub detail: String,
}

/// One instance's view of the log.
#[derive(Debug)]
pub struct StateLog {
    limits: Limits,
    fold: Fold,
    stretch: Stretch,
    stage: Stage,
    /// The beginning of a line whose end has not been read yet.
    rest: Vec<u8>,
    /// How many lines could not be read since [`take_unread_lines`](Self::take_unread_lines).
    unread_lines: u64,
    /// Whether the log was read to its end once.
    is_loaded: bool,
    /// Whether the present stretch has to be closed for its size.
    is_full: bool,
}

/// What is known of the chain, and so what to ask next.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Stage {
    /// Nothing is known: find the newest stretch.
    Lost,
    /// There is no log yet: begin one.
    Begin,
    /// Read the snapshot of this stretch.
    Load(u64),
    /// The blob of the present stretch is missing: either nobody has created it yet, or it was deleted long ago.
    Missing,
    /// Nobody has created the blob of the present stretch: create it.
    Create,
    /// The blob was created just now. Find out whether others went on meanwhile, and had deleted it before.
    Confirm,
    /// Read the present stretch to this offset, the end of this instance's own block, or else to its end.
    Behind(Option<u64>),
    /// All that this instance needs to know is read.
    Ready,
    /// The present stretch is closed. The next one begins at this time, unless others are further.
    Closed(Timestamp),
    /// Nobody is further: write the snapshot of the next stretch, which begins at this time.
    Next(Timestamp),
    /// A blob was created for a stretch that others had finished long ago: delete it.
    Remove(Vec<String>),
    /// Delete the stretch two before the present one.
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
    pub fn settles(&self, role: Role, entry: &Entry) -> bool {
        self.is_loaded && self.fold.settles(role, entry)
    }

    /// Whether all that has to be known is read.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.stage == Stage::Ready
    }

    /// Forgets everything, so that the log is read again.
    pub fn forget_all(&mut self) {
        *self = Self::new(self.limits);
    }

    /// How many lines could not be read since the last call.
    pub fn take_unread_lines(&mut self) -> u64 {
        std::mem::take(&mut self.unread_lines)
    }

    /// What to ask of the storage next; `None` when all that is wanted is in the log and was read.
    pub fn next(&mut self, wanted: &mut Wanted, now: Timestamp) -> Option<Action> {
        let log = || self.stretch.log_name();
        Some(match &self.stage {
            Stage::Lost | Stage::Missing | Stage::Confirm | Stage::Closed(_) => Action::FindNewest,
            Stage::Begin => self.put_snapshot(Stretch::first(now)),
            Stage::Load(number) => Action::GetSnapshot(snapshot_name(*number)),
            Stage::Create => Action::CreateLog(log()),
            Stage::Behind(to) => Action::Read { name: log(), from: self.stretch.offset, to: *to },
            Stage::Next(at) => self.put_snapshot(self.stretch.following(*at)),
            Stage::Remove(names) => Action::Delete(names.clone()),
            Stage::Tidy => Action::Delete(self.stretch.names_two_back()),
            Stage::Ready => {
                let mut lines = wanted.lines(&self.fold);
                if lines.is_empty() {
                    let age = now.duration_since(self.stretch.opened_at);
                    if !self.is_full && (self.stretch.offset == 0 || age < self.limits.age) {
                        return None;
                    }
                    Line::<&Entry>::Close { at: now }.append_to(&mut lines);
                }
                Action::Append { name: log(), lines: lines.into() }
            }
        })
    }

    /// Takes the storage's answer to an action.
    ///
    /// # Errors
    /// [`UnreadableSnapshot`].
    pub fn take(&mut self, action: Action, answer: Answer, wanted: &mut Wanted) -> Result<(), UnreadableSnapshot> {
        self.stage = match (action, answer) {
            (Action::FindNewest, Answer::Newest(newest)) => self.after_newest(newest),
            (Action::PutSnapshot { stretch, .. }, Answer::Done { was_there: false }) => {
                self.is_full = false;
                self.stretch = stretch;
                self.rest.clear();
                Stage::Create
            }
            // The first one counts, also where two versions of this program would write different ones.
            (Action::PutSnapshot { stretch, .. }, Answer::Done { was_there: true }) => Stage::Load(stretch.number),
            (Action::GetSnapshot { .. }, Answer::Missing) => Stage::Lost,
            (Action::GetSnapshot(name), Answer::Bytes(json)) => {
                self.load(name, json)?;
                Stage::Behind(None)
            }
            (Action::CreateLog { .. }, Answer::Done { .. }) => Stage::Confirm,
            (Action::Read { to, .. }, Answer::Bytes(chunks)) => self.read(chunks, to, wanted),
            (Action::Append { lines, .. }, Answer::Appended { offset, blocks }) => {
                self.after_append(lines, offset, blocks, wanted)
            }
            (Action::Read { .. } | Action::Append { .. }, Answer::Missing) => Stage::Missing,
            (Action::PutSnapshot { .. } | Action::CreateLog { .. }, Answer::Missing) => Stage::Lost,
            // Whether it was appended is unknown: read first.
            (Action::Append { .. }, _) => Stage::Behind(None),
            (Action::Delete { .. }, _) if matches!(self.stage, Stage::Remove(_)) => Stage::Lost,
            (Action::Delete { .. }, _) => Stage::Behind(None),
            // Anything else may be asked again.
            (_, _) => return Ok(()),
        };
        Ok(())
    }

    fn put_snapshot(&self, stretch: Stretch) -> Action {
        let bytes = line::snapshot(&stretch, &self.fold).into();
        Action::PutSnapshot { name: snapshot_name(stretch.number), bytes, stretch }
    }

    fn after_newest(&self, newest: Option<u64>) -> Stage {
        match (newest, &self.stage) {
            (None, _) => Stage::Begin,
            (Some(newest), Stage::Missing) if newest == self.stretch.number => Stage::Create,
            (Some(newest), Stage::Confirm) if newest == self.stretch.number => Stage::Tidy,
            // Nobody may find it, because nobody would read what is appended to it.
            (Some(_), Stage::Confirm) => Stage::Remove(self.stretch.names()),
            (Some(newest), Stage::Closed(at)) if newest == self.stretch.number => Stage::Next(*at),
            (Some(newest), _) => Stage::Load(newest),
        }
    }

    fn load(&mut self, name: String, json: Vec<Bytes>) -> Result<(), UnreadableSnapshot> {
        // A snapshot that cannot be read may be replaced by one that can.
        self.stage = Stage::Lost;
        let restored = line::restore(json);
        (self.stretch, self.fold) = restored.map_err(|error| UnreadableSnapshot { name, detail: error.to_string() })?;
        self.rest.clear();
        self.is_full = false;
        Ok(())
    }

    fn after_append(&mut self, lines: Bytes, offset: u64, blocks: u64, wanted: &mut Wanted) -> Stage {
        let end = offset + lines.len() as u64;
        self.is_full = end >= self.limits.bytes || blocks >= self.limits.blocks;
        match offset.cmp(&self.stretch.offset) {
            // This is not the blob that was read.
            Ordering::Less => Stage::Lost,
            // The first block of a blob: somebody may have created it again long after it was deleted.
            _ if offset == 0 => Stage::Confirm,
            Ordering::Equal => self.read(vec![lines], Some(end), wanted),
            // Others have written before this instance's own block.
            Ordering::Greater => Stage::Behind(Some(end)),
        }
    }

    /// Folds bytes of the present stretch; `own_end` is the end of this instance's own block, where it reads up to that.
    fn read(&mut self, chunks: Vec<Bytes>, own_end: Option<u64>, wanted: &mut Wanted) -> Stage {
        let length: usize = chunks.iter().map(Bytes::len).sum();
        self.stretch.offset += length as u64;
        let closed_at = chunks.into_iter().find_map(|chunk| self.fold_lines(&chunk));
        self.is_loaded = true;
        if let Some(at) = closed_at {
            return Stage::Closed(at);
        }
        match own_end {
            // Less than was appended: this is another blob.
            Some(end) if self.stretch.offset < end && length == 0 => return Stage::Lost,
            Some(end) if self.stretch.offset < end => return Stage::Behind(Some(end)),
            Some(_) => wanted.finish_block(),
            None => {}
        }
        Stage::Ready
    }

    /// Folds the lines that end in a chunk, up to one that closes the stretch; returns when the next stretch begins then.
    fn fold_lines(&mut self, chunk: &[u8]) -> Option<Timestamp> {
        for part in chunk.split_inclusive(|byte| *byte == b'\n') {
            self.rest.extend_from_slice(part);
            if !part.ends_with(b"\n") {
                break;
            }
            let line = std::mem::take(&mut self.rest);
            if line == b"\n" {
                continue;
            }
            match serde_json::from_slice(&line) {
                Ok(Line::Close { at }) => return Some(at),
                Ok(Line::Match(entry)) => self.fold_entry(Role::Match, &entry),
                Ok(Line::Counted(entry)) => self.fold_entry(Role::Counted, &entry),
                Ok(Line::Owner(entry)) => self.fold_entry(Role::Owner, &entry),
                Ok(Line::Refused(entry)) => self.fold_entry(Role::Refused, &entry),
                Ok(Line::Known(entry)) => self.fold_entry(Role::Known, &entry),
                Ok(Line::Lost(entry)) => self.fold_entry(Role::Lost, &entry),
                Err(_) => self.unread_lines += 1,
            }
        }
        None
    }

    /// Folds an entry. One on which the windows panic must not stop every instance for ever.
    fn fold_entry(&mut self, role: Role, entry: &Entry) {
        if catch_unwind(AssertUnwindSafe(|| self.fold.take(role, entry))).is_err() {
            self.unread_lines += 1;
            self.fold.restore();
        }
    }
}
