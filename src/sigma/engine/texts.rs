//! The texts of a rule, as an alert can carry them: without hidden characters, and no longer than a message has room for.

use crate::hidden::sanitized;

/// How many bytes of a title, an id and the like an alert has.
pub(super) const MAX_NAME_BYTES: usize = 200;
/// How many bytes of a description.
const MAX_DESCRIPTION_BYTES: usize = 3_000;
/// How many bytes of all references, of all tags and of all false positives.
const MAX_LIST_BYTES: usize = 2_000;

/// A text of one line.
pub(super) fn line(text: &str) -> String {
    cut(&sanitized(text), MAX_NAME_BYTES)
}

/// A text of several lines.
pub(super) fn lines(text: Option<&str>) -> String {
    let lines: Vec<_> = text.unwrap_or_default().lines().map(sanitized).collect();
    cut(&lines.join("\n"), MAX_DESCRIPTION_BYTES)
}

/// The first texts of a list.
pub(super) fn list(texts: &[String]) -> Vec<String> {
    let mut room = MAX_LIST_BYTES;
    let texts = texts.iter().map(|text| sanitized(text)).take_while(|text| {
        let left = room.checked_sub(text.len());
        room = left.unwrap_or_default();
        left.is_some()
    });
    texts.collect()
}

fn cut(text: &str, max_bytes: usize) -> String {
    text.split_at(text.floor_char_boundary(max_bytes)).0.to_owned()
}
