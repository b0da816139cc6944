//! One event's bytes, walked down to its records.

use std::borrow::Cow;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::piece::{Piece, Reason};
use super::walk::{Walk, is_gap};
use crate::json::{mend_lone_surrogates, repaired_utf8};
use crate::source::Marks;

/// Reads one event: an envelope, bare records, arrays, NDJSON, any of them one after another, or broken ones.
///
/// `each` gets the pieces in the order of the text, but for [`Piece::EnvelopeMembers`]. Bytes that are not UTF-8 are
/// replaced by U+FFFD first, so that one bad byte cannot hide a record.
pub fn read_body(bytes: &[u8], each: &mut dyn FnMut(Piece<'_>)) {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let repaired = repaired_utf8(bytes);
    let text = mend_lone_surrogates(&repaired);
    let marks = Marks {
        invalid_utf8: matches!(repaired, Cow::Owned(_)),
        lone_surrogates: matches!(text, Cow::Owned(_)),
        ..Marks::default()
    };
    if let Some(decoded) = base64_of_json(text.trim()) {
        return read_body(&decoded, each);
    }
    let mut walk = Walk::new(each, marks);
    if text.trim_start_matches(is_gap).is_empty() {
        walk.undecodable(Reason::Empty, Cow::Borrowed(""));
    } else if is_unreadable(bytes) {
        walk.undecodable(Reason::Unreadable, Cow::Borrowed(&text));
    } else {
        walk.text(&text, 0);
    }
}

/// The shortest text that is taken for base64; a shorter one cannot hold a record.
const MIN_BASE64_LEN: usize = 64;

/// Returns what a text that is one long word of base64 holds, if that looks like JSON or gzip: some senders encode twice.
pub(crate) fn base64_of_json(text: &str) -> Option<Vec<u8>> {
    if text.len() < MIN_BASE64_LEN || text.starts_with(['{', '[', '"']) {
        return None;
    }
    let decoded = BASE64_STANDARD.decode(text).ok()?;
    matches!(decoded.as_slice(), [b'{' | b'[', ..] | [0x1F, 0x8B, ..] | [0xEF, 0xBB, 0xBF, ..]).then_some(decoded)
}

/// Whether the bytes are gzip, UTF-16 or UTF-32 by their first bytes.
fn is_unreadable(bytes: &[u8]) -> bool {
    let start = bytes.get(..4).unwrap_or(bytes);
    matches!(start, [0x1F, 0x8B, ..] | [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [0, ..] | [_, 0, ..])
}
