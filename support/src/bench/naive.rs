//! The baseline: what one writes first. `serde_json::Value` at every level, and the rules' conditions over it.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;

/// The rules that are on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleSet {
    /// All four, as the documents recommend.
    All,
    /// `CertificateAccessed` alone.
    First,
}

const OPERATION: &str = "MICROSOFT.KEYVAULT/VAULTS/CERTIFICATES/READ";
const CERTIFICATE_READS: [&str; 3] = ["CertificateGet", "CertificateBackup", "CertificateGetDeleted"];
const SECRET_READS: [&str; 2] = ["SecretGet", "SecretBackup"];

impl RuleSet {
    /// Both, the recommended one first.
    pub const EACH: [Self; 2] = [Self::All, Self::First];

    /// The words of a table.
    pub fn name(self) -> &'static str {
        match self {
            Self::All => "all rules",
            Self::First => "first rule",
        }
    }

    /// The setting `RULES`.
    pub fn setting(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::First => "CertificateAccessed",
        }
    }

    fn matches(self, record: &Value) -> usize {
        let is_first = is_certificate_accessed(record);
        match self {
            Self::First => usize::from(is_first),
            Self::All => {
                let audited = audited_read(record);
                let is_dump = is_first || audited.is_some();
                let is_of_reader = audited.is_some() && is_named(record);
                [is_first, audited == Some(true), is_dump, is_of_reader]
                    .into_iter()
                    .filter(|is_match| *is_match)
                    .count()
            }
        }
    }
}

/// How many matches the rules have in an invocation's body.
///
/// # Errors
/// When anything in the body is not what it should be.
pub fn matches(body: &[u8], rules: RuleSet) -> Result<usize, serde_json::Error> {
    let invocation: Value = serde_json::from_slice(body)?;
    let events: Value = serde_json::from_str(text(invocation.pointer("/Data/events")))?;
    let mut count = 0;
    for event in events.as_array().into_iter().flatten() {
        count += matches_in(&parsed(text(Some(event)))?, rules);
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

fn matches_in(event: &Value, rules: RuleSet) -> usize {
    match event.get("records").and_then(Value::as_array) {
        Some(records) => records.iter().map(|record| rules.matches(record)).sum(),
        None => rules.matches(event),
    }
}

fn is_certificate_accessed(record: &Value) -> bool {
    text(record.get("operationName")).to_uppercase() == OPERATION
        && matches!(text(record.get("resultType")), "Success" | "Succeeded")
}

/// Whether the record names an identity, and not just an address.
fn is_named(record: &Value) -> bool {
    ["/identity/claim/oid", "/identity/claim/appid"].iter().any(|claim| !text(record.pointer(claim)).trim().is_empty())
}

/// Whether a vault gave out a certificate, or else a secret; `None` where it gave out neither.
fn audited_read(record: &Value) -> Option<bool> {
    let operation = text(record.get("operationName"));
    let is = |names: &[&str]| names.iter().any(|name| name.eq_ignore_ascii_case(operation));
    let is_certificate = is(&CERTIFICATE_READS);
    let is_read = (is_certificate || is(&SECRET_READS))
        && text(record.get("category")) == "AuditEvent"
        && text(record.get("resourceId")).to_uppercase().contains("/MICROSOFT.KEYVAULT/VAULTS/")
        && record.pointer("/properties/httpStatusCode").and_then(Value::as_i64).is_some_and(|s| s / 100 == 2);
    is_read.then_some(is_certificate)
}

fn text(value: Option<&Value>) -> &str {
    value.and_then(Value::as_str).unwrap_or_default()
}
