//! A record cut at the boundaries of its fields.

use super::cut::pointer_token;
use crate::json::{Object, Value, quoted};

/// A field that is not longer than this is not worth leaving out.
const SMALL_FIELD_BYTES: usize = 512;

/// The record without its longest fields, as many as make it `excess` bytes shorter, and their pointers; nothing where
/// all of its fields are small.
pub(super) fn without_longest(record: &str, excess: usize) -> Option<(String, Vec<String>)> {
    let object = Object::parse(record).ok()?;
    let mut by_length: Vec<(usize, usize)> =
        object.fields().map(|(key, value)| key.len() + value.raw().len()).enumerate().collect();
    by_length.sort_by_key(|(number, len)| (std::cmp::Reverse(*len), *number));
    let mut saved = 0;
    let mut is_kept = vec![true; by_length.len()];
    for (number, len) in by_length {
        if saved >= excess || len <= SMALL_FIELD_BYTES {
            break;
        }
        if let Some(kept) = is_kept.get_mut(number) {
            *kept = false;
        }
        // The pointer comes in the field's place.
        saved += len.saturating_sub(SMALL_FIELD_BYTES / 2);
    }
    let (kept, gone): (Vec<_>, Vec<_>) = object.fields().zip(is_kept).partition(|(_, is_kept)| *is_kept);
    if gone.is_empty() {
        return None;
    }
    let pointers = gone.iter().map(|((key, _), _)| match pointer_token(key) {
        Some(token) => format!("/records/0/record/{token}"),
        None => "/records/0/record".to_owned(),
    });
    Some((printed(kept.iter().map(|(field, _)| *field)), pointers.collect()))
}

/// The record's first fields, as many as stay within `max_bytes`.
pub(super) fn first_of(record: &str, max_bytes: usize) -> String {
    let object = Object::parse(record).unwrap_or_default();
    let mut len = 2;
    printed(object.fields().take_while(|(key, value)| {
        len += quoted(key).len() + value.raw().len() + 2;
        len <= max_bytes
    }))
}

fn printed<'f>(fields: impl Iterator<Item = (&'f str, Value<'f>)>) -> String {
    let fields: Vec<_> = fields.map(|(key, value)| format!("{}:{}", quoted(key), value.raw())).collect();
    format!("{{{}}}", fields.join(","))
}
