//! Good records out of text that is not valid JSON as a whole.
//!
//! Producers write single-quoted objects, raw line breaks in strings, placeholders such as `[ 218 B blob data ]`, and
//! cut events off. The text is cut at record boundaries; a piece that parses is read as usual, the rest is passed on
//! as malformed. Only brackets, commas and white space between pieces are skipped, so whatever could hide a match is in
//! some piece.

mod resync;
mod walk;

use serde_json::value::RawValue;

use crate::json::{Kind, Value};
use resync::next_start;
use walk::{Reach, reach};

/// A part of a broken text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part<'a> {
    /// A value that is valid JSON.
    Value(Value<'a>),
    /// Text that is not.
    Malformed(&'a str),
}

/// Splits `text`, whose first value does not parse, into parts; `each` gets them in order, and at least one.
pub(super) fn salvage<'a>(text: &'a str, each: &mut dyn FnMut(Part<'a>)) {
    let mut has_parts = false;
    split(text, &mut |part| {
        has_parts = true;
        each(part);
    });
    if !has_parts {
        each(Part::Malformed(text));
    }
}

fn split<'a>(text: &'a str, each: &mut dyn FnMut(Part<'a>)) {
    let mut budget = Budget::for_text(text);
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(is_filler);
        if rest.is_empty() {
            return;
        }
        if budget.is_spent() {
            return by_lines(rest, each);
        }
        if let Some(value) = object_at(rest, &mut budget) {
            each(Part::Value(value));
            rest = rest.split_at(value.raw().len()).1;
            continue;
        }
        let end = match reach(rest, &mut budget) {
            Reach::Envelope(start) => {
                let (head, inside) = rest.split_at(start);
                if !is_bare_envelope(head) {
                    each(Part::Malformed(head));
                }
                rest = inside;
                continue;
            }
            Reach::Closed(end) => end,
            Reach::Lost(from) => next_start(rest, from, &mut budget),
        };
        let (bad, after) = rest.split_at(end);
        each(Part::Malformed(bad));
        rest = after;
    }
}

/// Characters that may be between two records of a broken envelope.
fn is_filler(character: char) -> bool {
    character.is_ascii_whitespace() || matches!(character, ',' | ']' | '}' | '[' | '\u{feff}' | '\u{1e}' | '\0')
}

/// Whether the head of an envelope is `{"records":[` and nothing else.
fn is_bare_envelope(head: &str) -> bool {
    let inside = head.strip_prefix('{').unwrap_or(head);
    inside.trim_ascii_start().starts_with(['"', '\'']) && inside.matches(['"', '\'']).count() == 2
}

/// The last resort for a text that was scanned too often already: whole records on lines of their own, each looked at once.
fn by_lines<'a>(text: &'a str, each: &mut dyn FnMut(Part<'a>)) {
    for line in
        text.split('\n').map(|line| line.trim_matches(is_filler_outside_brackets)).filter(|line| !line.is_empty())
    {
        match Value::parse(line) {
            Ok(value) if value.kind() == Kind::Object => each(Part::Value(value)),
            Ok(_) | Err(_) => each(Part::Malformed(line)),
        }
    }
}

fn is_filler_outside_brackets(character: char) -> bool {
    is_filler(character) && !matches!(character, ']' | '}' | '[')
}

/// How many times its own length a text may be scanned.
const MAX_SCANS: usize = 16;

/// How much of a broken text may still be scanned, in bytes: a hostile one would make every guess cost its whole length.
#[derive(Debug)]
pub(super) struct Budget(usize);

impl Budget {
    fn for_text(text: &str) -> Self {
        Self(text.len().saturating_mul(MAX_SCANS).saturating_add(4096))
    }

    /// Takes scanned bytes off.
    fn spend(&mut self, bytes: usize) {
        self.0 = self.0.saturating_sub(bytes.max(1));
    }

    /// Whether nothing is left.
    fn is_spent(&self) -> bool {
        self.0 == 0
    }
}

/// The object at the beginning of `text`, if there is a whole one; what was scanned is taken off the budget.
fn object_at<'a>(text: &'a str, budget: &mut Budget) -> Option<Value<'a>> {
    if !text.starts_with('{') || budget.is_spent() {
        return None;
    }
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<&'a RawValue>();
    match values.next()? {
        Ok(raw) => {
            budget.spend(raw.get().len());
            Some(Value::from_raw(raw))
        }
        Err(error) => {
            budget.spend(scanned(text, &error));
            None
        }
    }
}

/// How many bytes serde read before it gave up, from the line and column that it reports.
fn scanned(text: &str, error: &serde_json::Error) -> usize {
    let before: usize = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    (before + error.column()).min(text.len())
}
