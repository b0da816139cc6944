//! The forms of the log: lines of JSON, and the snapshots between stretches.

use std::io::{self, BufReader, Read};

use bytes::{Buf as _, Bytes};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Stretch;
use crate::windows::{Entry, Fold, Role};

/// The version of a snapshot's form: a minor adds keys, a major breaks.
const SCHEMA_VERSION: &str = "1.1";

/// One line. A program skips kinds that it does not know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub(super) enum Line<E> {
    /// A match.
    Match(E),
    /// A match whose batch was answered without the log: it only counts.
    Counted(E),
    /// A match whose alert went out without the log.
    Owner(E),
    /// A read that was refused.
    Refused(E),
    /// What is known of an identity elsewhere.
    Known(E),
    /// What was learnt before is gone.
    Lost(E),
    /// The end of the stretch, and the beginning of the next one; the first such line counts.
    Close {
        /// When the next one begins.
        at: Timestamp,
    },
}

impl<'e> Line<&'e Entry> {
    pub(super) fn of(role: Role, entry: &'e Entry) -> Self {
        match role {
            Role::Match => Self::Match(entry),
            Role::Counted => Self::Counted(entry),
            Role::Owner => Self::Owner(entry),
            Role::Refused => Self::Refused(entry),
            Role::Known => Self::Known(entry),
            Role::Lost => Self::Lost(entry),
        }
    }

    /// Appends the line to a block. A block begins with a line break, which ends whatever is before it in the blob.
    pub(super) fn append_to(&self, block: &mut Vec<u8>) {
        if block.is_empty() {
            block.push(b'\n');
        }
        block.extend(to_json(self));
        block.push(b'\n');
    }
}

/// What a stretch begins with: the windows after all entries before it. Equal byte for byte from every instance.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Snapshot<S, F> {
    schema_version: String,
    stretch: S,
    fold: F,
}

/// Writes the snapshot with which a stretch begins.
pub(super) fn snapshot(stretch: &Stretch, fold: &Fold) -> Vec<u8> {
    to_json(&Snapshot { schema_version: SCHEMA_VERSION.to_owned(), stretch, fold })
}

/// Reads a snapshot.
pub(super) fn restore(json: Vec<Bytes>) -> serde_json::Result<(Stretch, Fold)> {
    let json = BufReader::new(Chunks { next: json.into_iter(), chunk: Bytes::new() });
    let Snapshot { schema_version, stretch, mut fold }: Snapshot<Stretch, Fold> = serde_json::from_reader(json)?;
    if !schema_version.starts_with("1.") {
        return Err(serde::de::Error::custom("it is of a later version than this program; deploy that version"));
    }
    fold.restore();
    Ok((stretch, fold))
}

#[expect(clippy::expect_used, reason = "an entry that was left out would be a lost alert; a panic fails the batch")]
fn to_json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("text and numbers can always be written as JSON")
}

/// Reads chunks, and drops each one when it is read: a snapshot and the windows made of it need not fit into memory
/// together.
struct Chunks {
    next: std::vec::IntoIter<Bytes>,
    chunk: Bytes,
}

impl Read for Chunks {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.chunk.is_empty() {
            let Some(next) = self.next.next() else { return Ok(0) };
            self.chunk = next;
        }
        let read = self.chunk.as_ref().read(buffer)?;
        self.chunk.advance(read);
        Ok(read)
    }
}
