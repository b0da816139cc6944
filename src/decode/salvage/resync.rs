//! Where the next record begins, once the brackets and quotes before it cannot be believed.

use super::{Budget, object_at};
use crate::json::Object;

/// Fields of Azure's records; an object is taken for a record by how many of them it has.
const CORE_FIELDS: &[&str] =
    &["time", "eventTimestamp", "resourceId", "operationName", "category", "resultType", "records"];

/// Finds where the next record or envelope begins after the start of `text`; the end of the text if there is none.
///
/// Before `lost_from` the brackets are known to belong to the broken piece, so that only a record at the very start of
/// a line, or an envelope, may begin there.
pub(super) fn next_start(text: &str, lost_from: usize, budget: &mut Budget) -> usize {
    let mut is_first_brace = !text.starts_with('{');
    for (at, _) in text.match_indices('{').filter(|(at, _)| *at > 0) {
        if budget.is_spent() {
            return text.find('\n').map_or(text.len(), |end| end + 1);
        }
        let (before, after) = text.split_at_checked(at).unwrap_or((text, ""));
        let needs_fields = if before.ends_with('\n') || is_first_brace { 1 } else { 2 };
        let may_begin = before.ends_with('\n') || at >= lost_from;
        is_first_brace = false;
        if begins_envelope(before, after, budget) || (may_begin && begins_record(before, after, needs_fields, budget)) {
            return at;
        }
    }
    text.len()
}

/// Whether an envelope begins here. An envelope that is a member's value is nested, unless nothing of the outer object
/// follows it: then the outer object was cut off, and this envelope was written after the cut.
fn begins_envelope(before: &str, text: &str, budget: &mut Budget) -> bool {
    let records = text.strip_prefix('{').map(str::trim_ascii_start).and_then(|rest| rest.strip_prefix('"'));
    let Some((key, value)) = records.and_then(|rest| Some((rest.get(..7)?, rest.get(7..)?))) else { return false };
    if !key.eq_ignore_ascii_case("records") || !value.starts_with('"') {
        return false;
    }
    if !is_value_of_member(before) {
        return true;
    }
    let envelope = object_at(text, budget);
    let rest = envelope.and_then(|envelope| text.get(envelope.raw().len()..));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['\n', '\r', '{']))
}

/// Whether a whole object begins here that has at least `needs_fields` of the fields of a record.
fn begins_record(before: &str, text: &str, needs_fields: usize, budget: &mut Budget) -> bool {
    if !before.ends_with('\n') && is_value_of_member(before) {
        return false;
    }
    let Some(value) = object_at(text, budget) else { return false };
    // An object in quotes is the text of a string whose inner quotes were not escaped.
    let is_quoted = before.ends_with('"') && text.get(value.raw().len()..).is_some_and(|rest| rest.starts_with('"'));
    !is_quoted
        && Object::parse(value.raw()).is_ok_and(|object| {
            CORE_FIELDS.iter().filter(|field| object.has(field)).take(needs_fields).count() == needs_fields
        })
}

/// Whether `before` ends with a quoted key and a colon, so that what follows is nested in another object.
fn is_value_of_member(before: &str) -> bool {
    let key = before.trim_ascii_end().strip_suffix(':').map(str::trim_ascii_end);
    key.is_some_and(|key| key.ends_with(['"', '\'']))
}
