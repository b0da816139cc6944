//! Whether a record that no rule matches names its operation where rules look for it.

use super::wrappers;
use crate::decode::{OperationNames, Reason, Record};

/// Where a record names its operation.
const OPERATION_NAME: &str = "operationName";

/// Why a record is rejected although no rule is true for it: its operation is not named where it should be, and may be one
/// that a rule is about. A record that only mentions an operation, as the definition of a role does, is clean. In Azure's own
/// records, which have a resource or a category, a longer text with an operation in it is a mention, too.
pub(super) fn fault(record: &Record<'_>, operations: &OperationNames) -> Option<(Reason, String)> {
    let named = record.get(OPERATION_NAME).and_then(|name| Some((name.as_str()?, name.raw())));
    let named = named.filter(|(text, _)| !text.trim().is_empty()).map(|(text, raw)| (is_whole(&text), text, raw));
    let hides = || operations.may_occur_in(record.raw());
    match named {
        Some((true, text, _)) if !has_other_name(record, &text, operations) => None,
        Some((is_whole, text, raw)) if is_whole || is_named_otherwise(&text, raw, operations) => {
            let detail = "names its operation twice, or with other characters in or around the name";
            Some((Reason::Undetermined, detail.to_owned()))
        }
        // A name in some language, perhaps, beside what was asked for; other logs have names with blanks, too.
        Some(_) if record.get("authorization").is_none() || !hides() => None,
        Some(_) => Some((Reason::Undetermined, wrappers::fault(record.raw(), operations, true)?.1)),
        None if hides() || wrappers::hides_in_base64(record.raw(), operations) => {
            wrappers::fault(record.raw(), operations, is_azures(record))
        }
        None => None,
    }
}

/// Whether a record has what Azure's own have, in a hub or in a table.
fn is_azures(record: &Record<'_>) -> bool {
    let has = |names: &[&str]| names.iter().any(|name| record.get(name).is_some());
    has(&["resourceId", "category", "_ResourceId"]) || (has(&["Type"]) && has(&["TimeGenerated"]))
}

/// Whether a record names one of the operations beside another name, in other letters.
fn has_other_name(record: &Record<'_>, text: &str, operations: &OperationNames) -> bool {
    let is_other = |other: &str| other != text && operations.is_one(other);
    record.any_named(OPERATION_NAME, |other| other.as_str().is_some_and(|other| is_other(&other)))
}

/// Whether a record names an operation in a way that rules do not know: with something in or around it, such as escapes that
/// were meant as something else or JSON in a string.
fn is_named_otherwise(text: &str, raw: &str, operations: &OperationNames) -> bool {
    let is_json = text.starts_with(['{', '[', '"']) && operations.may_occur_in(text);
    let raw = raw.trim_matches('"');
    is_json || operations.is_one(text) || (raw != text && operations.is_one(raw))
}

/// Whether a name has nothing in or around it for which rules would not know it.
fn is_whole(name: &str) -> bool {
    name.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '/'))
}
