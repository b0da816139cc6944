//! The baseline: what one writes first. `serde_json::Value` at every level, and the rule's condition over it.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;

const OPERATION: &str = "MICROSOFT.KEYVAULT/VAULTS/CERTIFICATES/READ";

/// How many records of an invocation's body match the rule `CertificateAccessed`.
///
/// # Errors
/// When anything in the body is not what it should be.
pub fn matches(body: &[u8]) -> Result<usize, serde_json::Error> {
    let invocation: Value = serde_json::from_slice(body)?;
    let events: Value = serde_json::from_str(text(invocation.pointer("/Data/events")))?;
    let mut count = 0;
    for event in events.as_array().into_iter().flatten() {
        count += matches_in(&parsed(text(Some(event)))?);
    }
    Ok(count)
}

fn parsed(event: &str) -> Result<Value, serde_json::Error> {
    // The host was told one `dataType` or the other, and one that writes this knows which.
    if event.starts_with('{') {
        return serde_json::from_str(event);
    }
    serde_json::from_slice(&BASE64_STANDARD.decode(event).unwrap_or_default())
}

fn matches_in(event: &Value) -> usize {
    match event.get("records").and_then(Value::as_array) {
        Some(records) => records.iter().filter(|record| is_match(record)).count(),
        None => usize::from(is_match(event)),
    }
}

fn is_match(record: &Value) -> bool {
    text(record.get("operationName")).to_uppercase() == OPERATION
        && matches!(text(record.get("resultType")), "Success" | "Succeeded")
}

fn text(value: Option<&Value>) -> &str {
    value.and_then(Value::as_str).unwrap_or_default()
}
