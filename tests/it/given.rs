//! Records, batches and messages that the tests are made of.

use std::sync::LazyLock;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use certificate_accessed::config::{Settings, load_rules};
use certificate_accessed::detector::Detector;
use certificate_accessed::expected::ExpectedAccess;
use certificate_accessed::pipeline::Pipeline;
use serde_json::{Value, json};

/// A successful read of a certificate, as the rule matches it.
pub(crate) const READ: &str = r#"{"time":"2026-03-02T08:14:58.1200000Z","resourceId":"/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-web/providers/Microsoft.KeyVault/vaults/kv-web/certificates/tls","operationName":"MICROSOFT.KEYVAULT/VAULTS/CERTIFICATES/READ","category":"Administrative","resultType":"Success","callerIpAddress":"192.0.2.7","location":"westeurope","correlationId":"00000000-0000-0000-0000-00000000000c","identity":{"claims":{"appid":"00000000-0000-0000-0000-00000000000a"}},"tenantId":"00000000-0000-0000-0000-00000000000f"}"#;

/// A read that was refused: no match.
pub(crate) const REFUSED: &str = r#"{"time":"2026-03-02T08:15:02Z","resourceId":"/subscriptions/s/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-web/certificates/tls","operationName":"MICROSOFT.KEYVAULT/VAULTS/CERTIFICATES/READ","resultType":"Failed","callerIpAddress":"192.0.2.7"}"#;

/// A write to a vault with a name outside of ASCII: no match.
pub(crate) const WRITE: &str = r#"{"time":"2026-03-02T10:15:03.9000000+02:00","resourceId":"/subscriptions/s/resourceGroups/rg-données/providers/Microsoft.KeyVault/vaults/kv-données","operationName":"MICROSOFT.KEYVAULT/VAULTS/WRITE","resultType":"Success","callerIpAddress":"2001:db8::42"}"#;

/// A successful read of the vault and by the caller that are named.
pub(crate) fn read_of(vault: &str, caller: &str) -> String {
    format!(
        r#"{{"time":"2026-03-02T08:14:58Z","resourceId":"/subscriptions/s/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/{vault}/certificates/tls","operationName":"Microsoft.KeyVault/vaults/certificates/read","resultType":"Succeeded","callerIpAddress":"{caller}"}}"#
    )
}

/// A pipeline with the settings that hold where nothing is set.
pub(crate) fn pipeline() -> Pipeline {
    pipeline_of(&Settings::read(&|_| None).expect("usable settings"))
}

fn pipeline_of(settings: &Settings) -> Pipeline {
    Pipeline::new(load_rules(settings).expect("usable rules"), settings.parameters.clone())
}

/// A detector with these settings.
pub(crate) fn detector(settings: &[(&str, &str)]) -> Detector {
    let lookup = |name: &str| settings.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
    let settings = Settings::read(&lookup).expect("usable settings");
    let mut detector = Detector::new(pipeline_of(&settings), settings.dedup_minutes, ExpectedAccess::default());
    detector.teams_from = settings.teams.as_ref().map(|teams| teams.min_severity);
    detector
}

/// The body of an invocation with the events in base64, as `dataType` binary has it.
pub(crate) fn binary_batch(events: &[impl AsRef<[u8]>]) -> Vec<u8> {
    binary_batch_from(90_210, events)
}

/// A batch whose first event has this sequence number in partition 3.
pub(crate) fn binary_batch_from(first: usize, events: &[impl AsRef<[u8]>]) -> Vec<u8> {
    batch_at(first, "2026-03-02T08:15:30.417", events)
}

/// The same of events that the hub took at a time.
pub(crate) fn batch_at(first: usize, hub: &str, events: &[impl AsRef<[u8]>]) -> Vec<u8> {
    let encoded: Vec<_> = events.iter().map(|event| BASE64_STANDARD.encode(event)).collect();
    let sequence: Vec<_> = (0..events.len()).map(|index| first + index).collect();
    let metadata = json!({
        "PartitionContext": {"PartitionId": "3"},
        "SequenceNumberArray": json!(sequence).to_string(),
        "OffsetArray": json!(vec!["4294970112"; events.len()]).to_string(),
        "EnqueuedTimeUtcArray": json!(vec![hub; events.len()]).to_string(),
    });
    json!({"Data": {"events": json!(encoded).to_string()}, "Metadata": metadata}).to_string().into_bytes()
}

/// The body of an invocation with the events as text, as `dataType` string has it.
pub(crate) fn string_batch(events: &[impl AsRef<[u8]>]) -> Vec<u8> {
    let texts: Vec<_> = events.iter().map(|event| String::from_utf8_lossy(event.as_ref())).collect();
    let metadata = json!({"SequenceNumberArray": json!((0..events.len()).collect::<Vec<_>>()).to_string()});
    json!({"Data": {"events": json!(texts).to_string()}, "Metadata": metadata}).to_string().into_bytes()
}

/// The answer of a new detector with the settings as they come.
pub(crate) fn answer(body: &[u8]) -> Value {
    answer_of(&detector(&[]), body)
}

/// A detector's answer as JSON.
pub(crate) fn answer_of(detector: &Detector, body: &[u8]) -> Value {
    answer_at(detector, body, "2026-03-02T08:15:31Z")
}

/// A detector's answer at a time, as JSON.
pub(crate) fn answer_at(detector: &Detector, body: &[u8], now: &str) -> Value {
    let answer = detector.answer(body, now.parse().expect("a time"), &|| Duration::from_millis(1)).expect("an answer");
    let answer: Value = serde_json::from_slice(&answer.to_json()).expect("JSON");
    alerts(&answer).iter().for_each(assert_schema);
    answer
}

/// The alert messages of an answer, parsed.
pub(crate) fn alerts(answer: &Value) -> Vec<Value> {
    let messages = answer["Outputs"]["alerts"].as_array().cloned().unwrap_or_default();
    messages.iter().map(|message| serde_json::from_str(message.as_str().expect("a string")).expect("JSON")).collect()
}

/// The summary line of an answer, parsed.
pub(crate) fn summary(answer: &Value) -> Value {
    serde_json::from_str(answer["Logs"][0].as_str().expect("a summary line")).expect("JSON")
}

/// The alert messages that these rules make of a batch.
pub(crate) fn alerts_of(rules: &str, events: &[impl AsRef<[u8]>]) -> Vec<Value> {
    alerts(&answer_of(&detector(&[("RULES", rules)]), &binary_batch(events)))
}

/// The rejected lines of an answer, parsed.
pub(crate) fn rejected(answer: &Value) -> Vec<Value> {
    let lines = answer["Outputs"]["rejected"].as_str().unwrap_or_default();
    lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

static SCHEMA: LazyLock<jsonschema::Validator> = LazyLock::new(|| {
    let schema = serde_json::from_str(include_str!("../../schema/alert.schema.json")).expect("JSON");
    jsonschema::validator_for(&schema).expect("a schema")
});

/// Checks a message against the published schema.
pub(crate) fn assert_schema(message: &Value) {
    if let Err(error) = SCHEMA.validate(message) {
        panic!("{error} at {} in {message}", error.instance_path());
    }
}
