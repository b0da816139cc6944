//! The forms of the log: lines of JSON, and the snapshots between stretches.

use std::borrow::Cow;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Stretch;
use crate::windows::{Entry, Fold, Role};

/// The version of a snapshot's form: a minor adds keys, a major breaks.
const SCHEMA_VERSION: &str = "1.0";

/// One line. A program skips kinds that it does not know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub(super) enum Line<'e> {
    /// A match.
    Match(Cow<'e, Entry>),
    /// A match whose batch was answered while the log could not be used: it only counts.
    Counted(Cow<'e, Entry>),
    /// A match whose alert went out while the log could not be used.
    Owner(Cow<'e, Entry>),
    /// The end of the stretch, and the beginning of the next one; of several the first counts.
    Close {
        /// When the next one begins.
        at: Timestamp,
    },
}

impl<'e> Line<'e> {
    pub(super) fn of(role: Role, entry: &'e Entry) -> Self {
        match role {
            Role::Match => Self::Match(Cow::Borrowed(entry)),
            Role::Counted => Self::Counted(Cow::Borrowed(entry)),
            Role::Owner => Self::Owner(Cow::Borrowed(entry)),
        }
    }

    /// Appends the line to a block. A block begins with a line break, so that whatever stands before it ends there.
    pub(super) fn append_to(&self, block: &mut Vec<u8>) {
        if block.is_empty() {
            block.push(b'\n');
        }
        let start = block.len();
        match serde_json::to_writer(&mut *block, self) {
            Ok(()) => block.push(b'\n'),
            // Text and numbers can always be written.
            Err(_) => block.truncate(start),
        }
    }
}

/// What a stretch begins with: the windows after all that stood before it. Equal byte for byte from every instance.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Snapshot<'f> {
    schema_version: Cow<'f, str>,
    stretch: Cow<'f, Stretch>,
    fold: Cow<'f, Fold>,
}

/// Why a snapshot cannot be used.
#[derive(Debug, thiserror::Error)]
pub(super) enum SnapshotFault {
    #[error("{0}")]
    Json(#[from] serde_json::Error),
    #[error("it is of a later version than this program; deploy that version")]
    LaterVersion,
}

impl<'f> Snapshot<'f> {
    pub(super) fn of(stretch: &'f Stretch, fold: &'f Fold) -> Self {
        Self { schema_version: SCHEMA_VERSION.into(), stretch: Cow::Borrowed(stretch), fold: Cow::Borrowed(fold) }
    }

    pub(super) fn to_json(&self) -> Result<Vec<u8>, serde_json::Error> {
        serde_json::to_vec(self)
    }

    pub(super) fn restore(json: &[u8]) -> Result<(Stretch, Fold), SnapshotFault> {
        let snapshot: Snapshot<'_> = serde_json::from_slice(json)?;
        if !snapshot.schema_version.starts_with("1.") {
            return Err(SnapshotFault::LaterVersion);
        }
        let mut fold = snapshot.fold.into_owned();
        fold.restore();
        Ok((snapshot.stretch.into_owned(), fold))
    }
}
