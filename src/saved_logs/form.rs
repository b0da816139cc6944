//! What a file is, by its first bytes.

use super::unread::Unread;
use super::utf16::Order;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Gzip,
    Zip,
    Avro,
    Utf16(Order),
    /// UTF-8, or what nobody knows.
    Text,
}

/// Where a tar has its mark.
const TAR_MARK_AT: usize = 257;
const UNPACK: &str = "unpack it first";

/// Formats that are not read: their first bytes, their names, and what to do instead.
const UNREAD: [(&[u8], &str, &str); 9] = [
    (b"PAR1", "Parquet", "export the records as JSON or CSV"),
    (b"\x28\xB5\x2F\xFD", "zstd", "unpack it first, with zstd -d"),
    (b"\xFD7zXZ\0", "xz", "unpack it first, with xz -d"),
    (b"BZh", "bzip2", "unpack it first, with bzip2 -d"),
    (b"7z\xBC\xAF\x27\x1C", "a 7z archive", UNPACK),
    (b"Rar!\x1A\x07", "a RAR archive", UNPACK),
    (b"%PDF-", "a PDF", "export the records as JSON or CSV"),
    (b"\xFF\xFE\0\0", "UTF-32", "save it as UTF-8"),
    (b"\0\0\xFE\xFF", "UTF-32", "save it as UTF-8"),
];

impl Form {
    /// Finds what a file is.
    ///
    /// # Errors
    /// When it is of a format that is known and not read.
    pub(super) fn of(head: &[u8]) -> Result<Self, Unread> {
        if let Some((_, format, way_out)) = UNREAD.iter().find(|(magic, ..)| head.starts_with(magic)) {
            return Err(Unread::Format { format, way_out });
        }
        if head.get(TAR_MARK_AT..).is_some_and(|rest| rest.starts_with(b"ustar")) {
            return Err(Unread::Format { format: "a tar archive", way_out: "unpack it first, with tar -xf" });
        }
        Ok(match head {
            [0x1F, 0x8B, ..] => Self::Gzip,
            // A file in it, no file in it, or a part of it.
            [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] | [b'P', b'K', 7, 8, ..] => Self::Zip,
            [b'O', b'b', b'j', 1, ..] => Self::Avro,
            _ => Order::of(head).map_or(Self::Text, Self::Utf16),
        })
    }
}
