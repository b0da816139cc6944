//! The two rules over Key Vault's audit log: which records they are true for, and what they say of them.

mod dump;
mod hostile;
mod messages;
mod naming;
mod shapes;
mod telling;

use certificate_accessed::config::Settings;
use certificate_accessed::decode::Record;
use certificate_accessed::facts::Facts;
use certificate_accessed::rules::panther::{self, Grouping};
use certificate_accessed::rules::{Rule, RuleError, by_name};
use serde_json::{Value, json};

/// The two rules, with windows and thresholds out of the way: each match is an alert.
const EACH_READ: &[(&str, &str)] =
    &[("RULES", "AuditedCertificateRead,CertificateDump"), ("DEDUP_MINUTES", "0"), ("DUMP_THRESHOLD", "1")];

/// A successful read as a vault logs it.
fn audit(operation: &str, path: &str) -> Value {
    json!({
        "time": "2026-03-02T02:14:11.6756268Z",
        "category": "AuditEvent",
        "operationName": operation,
        "resultType": "Success",
        "correlationId": "00000000-0000-0000-0000-00000000000c",
        "callerIpAddress": "192.0.2.7",
        "identity": {"claim": {
            "oid": "00000000-0000-0000-0000-0000000000b1",
            "appid": "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
            "upn": "ada@example.com",
        }},
        "properties": {
            "id": format!("https://kv-web.vault.azure.net/{path}"),
            "clientInfo": "AZURECLI/2.70.0",
            "httpStatusCode": 200,
            "requestUri": format!("https://kv-web.vault.azure.net/{path}?api-version=7.5"),
        },
        "resourceId": "/SUBSCRIPTIONS/00000000-0000-0000-0000-000000000001/RESOURCEGROUPS/RG-WEB/PROVIDERS/MICROSOFT.KEYVAULT/VAULTS/KV-WEB",
        "operationVersion": "7.5",
        "resultSignature": "OK",
        "durationMs": "42",
    })
}

/// A record with one field set, named by its JSON pointer; `null` takes it away.
fn with(mut record: Value, pointer: &str, value: Value) -> Value {
    let (parent, field) = pointer.rsplit_once('/').expect("a pointer");
    let fields = record.pointer_mut(parent).and_then(Value::as_object_mut).expect("an object");
    if value.is_null() {
        fields.remove(field);
    } else {
        fields.insert(field.to_owned(), value);
    }
    record
}

/// What Panther would have of a record that a rule matches.
#[derive(Debug, PartialEq)]
struct Detection {
    title: String,
    dedup: String,
    unique: Option<String>,
    context: String,
}

/// What a rule says of one record, by its text.
fn run_text(rule: &str, secrets: &str, record: &str) -> Result<Option<Detection>, RuleError> {
    let rule = Rule::load(by_name(rule).expect("a rule")).expect("usable metadata");
    let lookup = |name: &str| (name == "CERTIFICATE_SECRETS").then(|| secrets.to_owned());
    let parameters = Settings::read(&lookup).expect("usable settings").parameters;
    let facts = Facts::of(Record::parse(record).expect("a record"));
    let grouping = panther::run(&rule, &parameters, &facts)?;
    Ok(grouping.map(|Grouping { dedup, unique }| Detection {
        title: panther::title(&rule, &facts),
        dedup,
        unique: unique.map(|unique| unique.name.to_string()),
        context: panther::context(&rule, &facts),
    }))
}

/// What a rule says of one record.
fn run(rule: &str, secrets: &str, record: &Value) -> Result<Option<Detection>, RuleError> {
    run_text(rule, secrets, &record.to_string())
}

/// Whether a record is a read for `AuditedCertificateRead` and for `CertificateDump`.
fn verdicts(secrets: &str, record: &Value) -> (bool, bool) {
    ["AuditedCertificateRead", "CertificateDump"]
        .map(|rule| run(rule, secrets, record).is_ok_and(|detection| detection.is_some()))
        .into()
}

/// What a rule says of a record that it is true for.
fn detection(rule: &str, record: &Value) -> Detection {
    run(rule, "*", record).expect("a verdict").expect("a match")
}
