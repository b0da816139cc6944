//! What the log asks of the storage, and the answers that there are.

use super::Stretch;

/// One request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Find the number of the newest snapshot; make the container where it is missing.
    FindNewest,
    /// Read a snapshot.
    GetSnapshot {
        /// The blob.
        name: String,
    },
    /// Write a snapshot where there is none.
    PutSnapshot {
        /// The blob.
        name: String,
        /// What to write.
        bytes: Vec<u8>,
        /// The stretch that begins with it.
        stretch: Stretch,
    },
    /// Make an append blob where there is none.
    CreateLog {
        /// The blob.
        name: String,
    },
    /// Append a block.
    Append {
        /// The blob.
        name: String,
        /// What to append.
        lines: Vec<u8>,
    },
    /// Read a range.
    Read {
        /// The blob.
        name: String,
        /// Its first byte.
        from: u64,
        /// The byte after its last one; `None` = all there is.
        to: Option<u64>,
    },
    /// Delete blobs; those that are gone are fine.
    Delete {
        /// The blobs.
        names: Vec<String>,
    },
}

/// What the storage said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The number of the newest snapshot, where there is one.
    Newest(Option<u64>),
    /// A snapshot, or the bytes of a range; none where the blob ends before it.
    Bytes(Vec<u8>),
    /// It was done, or there was something already.
    Done {
        /// Whether there was.
        was_there: bool,
    },
    /// A block was appended.
    Appended {
        /// Where it begins.
        offset: u64,
        /// How many blocks there are now.
        blocks: u64,
    },
    /// There is no such blob.
    Missing,
    /// No answer, or none that tells what was done.
    Unknown,
}
