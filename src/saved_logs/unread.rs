//! Why a file, or a part of one, could not be read, and what to do about it.

use std::io;

use super::avro::AvroFault;
use super::budget::{MAX_RATIO, MIN_BOMB_BYTES};
use super::table::MAX_ROW_BYTES;

/// Why a file, or a part of one, could not be read.
#[derive(Debug, thiserror::Error)]
pub enum Unread {
    /// The system could not open or read it, or what is packed is damaged.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// A format that is not read.
    #[error("it is {format}, which is not read: {way_out}")]
    Format {
        /// The format, with its article.
        format: &'static str,
        /// What to do instead.
        way_out: &'static str,
    },
    /// A CSV that no table of Log Analytics has.
    #[error(
        "it is a CSV without the columns of AZKVAuditLogs, AzureDiagnostics or AzureActivity, such as the portal makes of the \
         Activity Log with names in the user's language: export the records from Log Analytics, or as JSON with az monitor \
         activity-log list"
    )]
    OtherCsv,
    /// A row of a CSV that is too long.
    #[error(
        "line {line}: the row that begins here is longer than {} MiB or has too many fields, and was left out: look for a \
         quote that is not closed",
        MAX_ROW_BYTES >> 20
    )]
    LongRow {
        /// The line in which the row begins.
        line: usize,
    },
    /// The file ends inside of a quoted field.
    #[error(
        "line {line}: the row that begins here has a quote that is never closed, so all rows after it were taken for its \
         text: close the quote, or export the file again"
    )]
    OpenQuote {
        /// The line in which the row begins.
        line: usize,
    },
    /// An Avro file that is damaged, or none of Event Hubs Capture.
    #[error("{part} of this Avro file {fault}")]
    Avro {
        /// The header, or a block with its number.
        part: String,
        /// What is wrong there.
        fault: AvroFault,
    },
    /// A zip that cannot be read again from its beginning.
    #[error("it is a zip, whose list of files stands at its end: save it as a file first, and name that")]
    ZipFromStream,
    /// A zip inside of something else.
    #[error("it is a zip inside of an archive or of gzip: unpack the outer one first, and name the zip")]
    ZipInside,
    /// A gzip inside of a gzip.
    #[error("it is gzip inside of gzip: unpack it once, with gzip -d")]
    GzipInside,
    /// A zip that is damaged.
    #[error("the zip is damaged, or of a kind that is not read: {0}; unpack it, and name the folder")]
    Zip(#[source] zip::result::ZipError),
    /// A zip of which no file is read.
    #[error("no file in the zip was read: it is empty, or its files are hidden ones; unpack it, and name the files")]
    EmptyZip,
    /// A file in a zip with a password.
    #[error("it is encrypted: unpack the zip with its password, and name the folder")]
    Encrypted,
    /// A file in a zip that is packed in a way that is not read.
    #[error("it is packed with {0}; deflate is read only: unpack the zip, and name the folder")]
    Compression(String),
    /// A file in a zip whose name leads out of it.
    #[error("its name leads out of the zip, so the zip is not trusted with it: rename the file, and pack it again")]
    Outside,
    /// A link in a zip.
    #[error("it is a link, which is not followed: pack the file itself")]
    Link,
    /// Something that unpacks to far more than logs do.
    #[error(
        "what is unpacked is over {} MiB and over {MAX_RATIO} times what is packed, which no log is, so reading stopped \
         there: if it is right, unpack it first",
        MIN_BOMB_BYTES >> 20
    )]
    Bomb,
}

impl Unread {
    /// What it is in a few words, to be counted.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Io(_) => "not to be read or unpacked",
            Self::Format { .. } | Self::OtherCsv | Self::ZipFromStream | Self::ZipInside | Self::GzipInside => {
                "of a form that is not read"
            }
            Self::LongRow { .. } | Self::OpenQuote { .. } | Self::Avro { .. } | Self::Zip(_) => "broken",
            Self::EmptyZip => "without files",
            Self::Encrypted | Self::Compression(_) => "locked or packed in another way",
            Self::Outside | Self::Link => "not to be trusted",
            Self::Bomb => "too large",
        }
    }
}
