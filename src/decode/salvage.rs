//! Good records out of text that is not valid JSON as a whole.
//!
//! Producers write single-quoted objects, raw line breaks in strings, placeholders such as `[ 218 B blob data ]`, and
//! cut events off. The text is cut at record boundaries; a piece that parses is read as ever, the rest is given out
//! as malformed.

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::body::{Reader, Reason};
use crate::json::{Kind, Object, Value};

/// How many times its own length a text may be scanned before the remainder is given up, whole, as malformed.
const MAX_SCANS: usize = 64;

/// Reads what can be read of `text`, whose first value does not parse.
pub(super) fn salvage(text: &str, layer: usize, reader: &mut Reader<'_>) {
    let mut budget = text.len().saturating_mul(MAX_SCANS).saturating_add(4096);
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(is_filler);
        if rest.is_empty() {
            return;
        }
        if budget == 0 {
            return reader.undecodable(Reason::Malformed, Cow::Borrowed(rest));
        }
        if let Some(inside) = enter_envelope(rest) {
            rest = inside;
            continue;
        }
        match object_at(rest, &mut budget) {
            Some(value) => {
                reader.value(value, layer + 1);
                rest = rest.get(value.raw().len()..).unwrap_or_default();
            }
            None => {
                let end = end_of_bad_piece(rest, &mut budget);
                let (bad, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
                reader.undecodable(Reason::Malformed, Cow::Borrowed(bad));
                rest = after;
            }
        }
    }
}

/// What may stand between two records of a broken envelope.
fn is_filler(character: char) -> bool {
    character.is_ascii_whitespace() || matches!(character, ',' | ']' | '}' | '[' | '\u{feff}' | '\0')
}

/// The text behind `{"records":[`, where `rest` begins with an envelope that does not parse.
fn enter_envelope(rest: &str) -> Option<&str> {
    let after_brace = rest.strip_prefix('{')?.trim_start();
    let (key, after_key) = after_brace.strip_prefix('"')?.split_once('"')?;
    if !key.eq_ignore_ascii_case("records") {
        return None;
    }
    let value = after_key.trim_start().strip_prefix(':')?.trim_start();
    Some(value.strip_prefix('[').unwrap_or(value))
}

/// The object that `text` begins with, where it parses; what was scanned is taken off the budget.
fn object_at<'a>(text: &'a str, budget: &mut usize) -> Option<Value<'a>> {
    if !text.starts_with('{') {
        return None;
    }
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<&'a RawValue>();
    match values.next()? {
        Ok(raw) => {
            let value = Value::from_raw(raw);
            *budget = budget.saturating_sub(value.raw().len());
            Some(value)
        }
        Err(error) => {
            *budget = budget.saturating_sub(scanned(text, &error));
            None
        }
    }
}

/// How far serde read before it gave up: serde tells lines and columns.
fn scanned(text: &str, error: &serde_json::Error) -> usize {
    let before: usize = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    (before + error.column()).min(text.len()).max(1)
}

/// Where the bad piece at the start of `text` ends: behind its own closing brace, or where a good record begins before
/// that, because a broken quote makes the closing brace run away.
fn end_of_bad_piece(text: &str, budget: &mut usize) -> usize {
    let (mut depth, mut in_string, mut escaped) = (0usize, false, false);
    for (at, byte) in text.bytes().enumerate() {
        if byte == b'{' && at > 0 && begins_piece(text, at, budget) {
            return at;
        }
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'{' if !in_string => depth += 1,
            b'}' if !in_string && depth == 1 => return at + 1,
            b'}' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    text.len()
}

/// Whether a record or an envelope begins at the brace at `at`.
fn begins_piece(text: &str, at: usize, budget: &mut usize) -> bool {
    let Some((before, after)) = text.split_at_checked(at) else { return false };
    let is_first_brace = before.len() < 4096 && !before.contains('{');
    (is_first_brace || is_boundary(before)) && (enter_envelope(after).is_some() || begins_record(after, budget))
}

/// Whether a record may begin behind `before`: after another's end, at the start of an array or of a line.
fn is_boundary(before: &str) -> bool {
    let trimmed = before.trim_end();
    before.get(trimmed.len()..).is_some_and(|gap| gap.contains('\n'))
        || trimmed.ends_with(['}', '[', ']'])
        || trimmed.strip_suffix(',').is_some_and(|rest| rest.trim_end().ends_with(['}', ']']))
}

/// Whether a whole object stands here that has a field which every Azure record has.
fn begins_record(text: &str, budget: &mut usize) -> bool {
    let Some(value) = object_at(text, budget) else { return false };
    debug_assert_eq!(value.kind(), Kind::Object);
    Object::parse(value.raw()).is_ok_and(|object| {
        ["operationName", "resourceId", "category", "records"].iter().any(|field| object.has(field))
    })
}
