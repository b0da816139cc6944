//! What the log asks of the storage, and what the storage can answer.

use bytes::Bytes;

use super::Stretch;

/// One request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Find the number of the newest snapshot; create the container where it is missing.
    FindNewest,
    /// Read the snapshot of this name.
    GetSnapshot(String),
    /// Write a snapshot where there is none.
    PutSnapshot {
        /// The blob.
        name: String,
        /// What to write.
        bytes: Bytes,
        /// The stretch that begins with it.
        stretch: Stretch,
    },
    /// Create an append blob of this name where there is none.
    CreateLog(String),
    /// Append a block.
    Append {
        /// The blob.
        name: String,
        /// What to append.
        lines: Bytes,
    },
    /// Read a range.
    Read {
        /// The blob.
        name: String,
        /// The offset of its first byte.
        from: u64,
        /// The offset after its last byte; `None` = the blob's end.
        to: Option<u64>,
    },
    /// Delete the blobs of these names; missing ones are fine.
    Delete(Vec<String>),
}

/// What the storage said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The number of the newest snapshot, if any.
    Newest(Option<u64>),
    /// A snapshot or a range, in the chunks that arrived; none where the blob ends before the range.
    Bytes(Vec<Bytes>),
    /// It was done, or a blob of the name existed.
    Done {
        /// Whether one existed.
        was_there: bool,
    },
    /// A block was appended.
    Appended {
        /// Its offset in the blob.
        offset: u64,
        /// How many blocks there are now.
        blocks: u64,
    },
    /// There is no such blob.
    Missing,
    /// No answer, or none that says what was done.
    Unknown,
}
