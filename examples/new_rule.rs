//! A whole new rule: a vault was deleted. docs/operations.md takes it as its example; `cargo run --example new_rule`.
//!
//! In the product it is two files in `src/rules/` and a line in `rules::ALL`; here it stands alone, so that everything that a
//! rule needs is in one place.

use std::borrow::Cow;
use std::time::Duration;

use certificate_accessed::decode::{Record, RecordKind};
use certificate_accessed::detector::Detector;
use certificate_accessed::expected::ExpectedAccess;
use certificate_accessed::json::{Value, quoted};
use certificate_accessed::pipeline::Pipeline;
use certificate_accessed::resource_id::segment_after;
use certificate_accessed::rules::panther::ContextEntry;
use certificate_accessed::rules::{Logic, Parameters, Rule, RuleError};

/// The operation, in upper case, as a needle has to be.
const OPERATION: &str = "MICROSOFT.KEYVAULT/VAULTS/DELETE";

/// The rule.
pub static LOGIC: Logic = Logic {
    name: "VaultDeleted",
    yaml: include_str!("new_rule/vault_deleted.yml"),
    reads: &[RecordKind::ActivityLog],
    // What cannot be decoded is rejected only where one of these stands in it: leave none out.
    operations: &[OPERATION],
    matches,
    title,
    dedup: None,
    unique: None,
    threshold: |_| 1,
    context,
    describe: None,
};

fn matches(record: &Record<'_>, _parameters: &Parameters) -> Result<bool, RuleError> {
    let Some(operation) = record.get("operationName") else { return Ok(false) };
    // A type that the rule cannot evaluate is an error, so that the event is rejected and nothing is lost.
    let operation = operation.as_str().ok_or_else(|| RuleError::not_a_string(operation.kind(), "upper"))?;
    let result = record.get("resultType").and_then(Value::as_str).unwrap_or_default();
    Ok(operation.eq_ignore_ascii_case(OPERATION) && matches!(result.as_ref(), "Success" | "Succeeded"))
}

fn vault(record: &Record<'_>) -> String {
    let resource_id = record.get("resourceId").and_then(Value::as_str).unwrap_or_default();
    segment_after(&resource_id, "vaults").unwrap_or("UNKNOWN").to_owned()
}

#[expect(clippy::unnecessary_wraps, reason = "the signature of a rule's function")]
fn title(record: &Record<'_>) -> Result<String, RuleError> {
    Ok(format!("Azure Key Vault deleted: [{}]", vault(record)))
}

#[expect(clippy::unnecessary_wraps, reason = "the signature of a rule's function")]
fn context<'a>(record: &Record<'a>) -> Result<Vec<ContextEntry<'a>>, RuleError> {
    let caller = record.get("callerIpAddress").map_or("null", Value::raw);
    Ok(vec![("keyvault_name", Cow::Owned(quoted(&vault(record)))), ("caller_ip", Cow::Borrowed(caller))])
}

/// The answer to the host for a batch of one event, with this rule alone.
fn answer(event: &str) -> Result<String, Box<dyn std::error::Error>> {
    let pipeline = Pipeline::new(vec![Rule::load(&LOGIC)?], Parameters::default());
    let detector = Detector::new(pipeline, None, ExpectedAccess::default());
    let body = serde_json::json!({"Data": {"events": [event]}, "Metadata": {}}).to_string();
    let now = "2026-03-02T08:15:31Z".parse()?;
    let answer = detector.answer(body.as_bytes(), now, &|| Duration::from_millis(1))?;
    Ok(String::from_utf8(answer.to_json())?)
}

/// A vault is deleted.
const DELETED: &str = r#"{"time":"2026-03-02T08:14:58Z","resourceId":"/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-web/providers/Microsoft.KeyVault/vaults/kv-web","operationName":"Microsoft.KeyVault/vaults/delete","category":"Administrative","resultType":"Success","callerIpAddress":"192.0.2.7"}"#;

#[expect(clippy::print_stdout, reason = "an example shows what it does")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("{}", answer(DELETED)?);
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn alerts(event: &str) -> Vec<Value> {
        let answer: Value = serde_json::from_str(&answer(event).unwrap()).unwrap();
        let messages = answer["Outputs"]["alerts"].as_array().cloned().unwrap_or_default();
        messages.iter().map(|message| serde_json::from_str(message.as_str().unwrap()).unwrap()).collect()
    }

    #[test]
    fn a_deleted_vault_is_alerted_once() {
        let alerts = alerts(DELETED);

        assert_eq!(alerts.len(), 1);
        assert_eq!(alerts[0]["title"], "Azure Key Vault deleted: [kv-web]");
        assert_eq!(alerts[0]["severity"], "MEDIUM");
        assert_eq!(alerts[0]["alertContext"]["caller_ip"], "192.0.2.7");
    }

    #[test]
    fn a_refused_deletion_and_another_operation_are_none() {
        assert!(alerts(&DELETED.replace("Success", "Failure")).is_empty());
        assert!(alerts(&DELETED.replace("vaults/delete", "vaults/write")).is_empty());
    }
}
