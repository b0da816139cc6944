//! Whether a record that no rule matches names its operation where rules look for it.

use super::wrappers;
use crate::decode::{OperationNames, Reason, Record};
use crate::json::Value;

/// Where a record names its operation.
const OPERATION_NAME: &str = "operationName";

/// Why a record is rejected although no rule is true for it: its operation is not named where it should be, and may be one
/// that a rule is about. A record that only mentions an operation, as the definition of a role does, is clean. In Azure's own
/// records, which have a resource or a category, a longer text with an operation in it is a mention, too.
pub(super) fn fault(record: &Record<'_>, operations: &OperationNames) -> Option<(Reason, String)> {
    let named = record.get(OPERATION_NAME).filter(|name| name.as_str().is_some_and(|name| !name.trim().is_empty()));
    let hides = || operations.may_occur_in(record.raw());
    match named {
        Some(name) if is_named_otherwise(record, name, operations) => {
            let detail = "names its operation twice, or with other characters in or around the name";
            Some((Reason::Undetermined, detail.to_owned()))
        }
        Some(name) if name.as_str().is_none_or(|name| is_whole(&name)) => None,
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

/// Whether a record names an operation in a way that rules do not know: with something in or around it, such as escapes that
/// were meant as something else or JSON in a string, or beside another name in other letters.
fn is_named_otherwise(record: &Record<'_>, name: Value<'_>, operations: &OperationNames) -> bool {
    let text = name.as_str().unwrap_or_default();
    if is_whole(&text) {
        let is_other = |other: &str| other != text && operations.is_one(other);
        return record.any_named(OPERATION_NAME, |other| other.as_str().is_some_and(|other| is_other(&other)));
    }
    let is_json = text.starts_with(['{', '[', '"']) && operations.may_occur_in(&text);
    is_json || operations.is_one(&text) || operations.is_one(name.raw().trim_matches('"'))
}

/// Whether a name has nothing in or around it for which rules would not know it.
fn is_whole(name: &str) -> bool {
    name.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '/'))
}
