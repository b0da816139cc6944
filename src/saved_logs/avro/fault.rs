//! What can be wrong with an Avro file.

use std::io;

use super::super::unread::Unread;
use super::values::MAX_VALUE_BYTES;

/// What is wrong with a part of an Avro file: the rest of a sentence that begins with the part.
#[derive(Debug, thiserror::Error)]
pub enum AvroFault {
    /// It ends too early.
    #[error("is cut off: copy the file again from the storage account")]
    Truncated,
    /// Reading or unpacking failed.
    #[error("cannot be read: {0}")]
    Io(io::Error),
    /// A number that no writer writes, such as a negative size.
    #[error("is damaged: {0}; copy the file again from the storage account")]
    Damaged(&'static str),
    /// A value that is too long to be one of Capture's.
    #[error("has a value over {} MiB, which no event has", MAX_VALUE_BYTES >> 20)]
    LongValue,
    /// A block of snappy that is too long to be one of Capture's.
    #[error("has more than 16 MiB of snappy, or 32 MiB unpacked, which Capture does not write")]
    LongBlock,
    /// A header that is too long to be one of Capture's.
    #[error("has over 256 KiB, which Capture does not write")]
    LongHeader,
    /// A codec that is not read.
    #[error("names a codec that is not read: write the file again with null, deflate or snappy")]
    Codec,
    /// A schema that cannot be understood.
    #[error("has no schema that can be read: {0}")]
    Schema(&'static str),
    /// Values in values without an end.
    #[error("nests values deeper than any event does")]
    TooDeep,
    /// A schema that makes many values of few bytes.
    #[error("has far more values than bytes, which no event has")]
    TooManyValues,
    /// An Avro file of something else.
    #[error("has no Body of bytes, so it is none of Event Hubs Capture: export the records as JSON or CSV")]
    NoCapture,
}

impl AvroFault {
    /// The fault of a part of the file.
    pub(super) fn of(self, part: String) -> Unread {
        Unread::Avro { part, fault: self }
    }
}

impl From<io::Error> for AvroFault {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::UnexpectedEof { Self::Truncated } else { Self::Io(error) }
    }
}
