//! Good records out of text that is not valid JSON as a whole.
//!
//! Producers write single-quoted objects, raw line breaks in strings, placeholders such as `[ 218 B blob data ]`, and
//! cut events off. The text is cut at record boundaries; a piece that parses is read as ever, the rest is given out
//! as malformed. Nothing is skipped but brackets, commas and white space between pieces, so whatever could hide a match
//! stands in a piece.

mod budget;
mod resync;
mod walk;

use std::borrow::Cow;

use super::body::{Reader, Reason};
use crate::json::{Kind, Value};
use budget::{Budget, object_at};
use resync::next_start;
use walk::{Reach, reach};

/// Reads what can be read of `text`, whose first value does not parse.
pub(super) fn salvage(text: &str, layer: usize, reader: &mut Reader<'_>) {
    let mut budget = Budget::for_text(text);
    let pieces_before = reader.pieces();
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(is_filler);
        if rest.is_empty() {
            break;
        }
        if budget.is_spent() {
            by_lines(rest, layer, reader);
            break;
        }
        if let Some(value) = object_at(rest, &mut budget) {
            reader.value(value, layer + 1);
            rest = rest.get(value.raw().len()..).unwrap_or_default();
            continue;
        }
        let end = match reach(rest, &mut budget) {
            Reach::Envelope { start } => {
                let (head, inside) = rest.split_at_checked(start).unwrap_or((rest, ""));
                if !is_bare_envelope(head) {
                    reader.undecodable(Reason::Malformed, Cow::Borrowed(head));
                }
                rest = inside;
                continue;
            }
            Reach::Closed { end } => end,
            Reach::Lost { from } => next_start(rest, from, &mut budget),
        };
        let (bad, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        reader.undecodable(Reason::Malformed, Cow::Borrowed(bad));
        rest = after;
    }
    if reader.pieces() == pieces_before {
        reader.undecodable(Reason::Malformed, Cow::Borrowed(text));
    }
}

/// What may stand between two records of a broken envelope.
fn is_filler(character: char) -> bool {
    character.is_ascii_whitespace() || matches!(character, ',' | ']' | '}' | '[' | '\u{feff}' | '\u{1e}' | '\0')
}

/// Whether the head of an envelope is `{"records":[` and nothing else.
fn is_bare_envelope(head: &str) -> bool {
    let inside = head.strip_prefix('{').unwrap_or(head);
    inside.trim_ascii_start().starts_with(['"', '\'']) && inside.matches(['"', '\'']).count() == 2
}

/// The last resort for a text that was scanned too often already: whole records on lines of their own, each looked at once.
fn by_lines(text: &str, layer: usize, reader: &mut Reader<'_>) {
    for line in
        text.split('\n').map(|line| line.trim_matches(is_filler_outside_brackets)).filter(|line| !line.is_empty())
    {
        match Value::parse(line) {
            Ok(value) if value.kind() == Kind::Object => reader.value(value, layer + 1),
            Ok(_) | Err(_) => reader.undecodable(Reason::Malformed, Cow::Borrowed(line)),
        }
    }
}

fn is_filler_outside_brackets(character: char) -> bool {
    is_filler(character) && !matches!(character, ']' | '}' | '[')
}
