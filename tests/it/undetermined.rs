//! A record of an operation that a rule is about is alerted or rejected, whatever is missing in it; and what only mentions an
//! operation is neither.

use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::Config;
use serde_json::{Value, json};

use crate::forms::{ACTIVITY_ROW, AUDIT_ROW, DIAGNOSTICS_ROW, LISTED};
use crate::given::{READ, alerts, answer_of, binary_batch, detector, rejected, summary};
use certificate_accessed::render::{Card, CardOptions};

const SETTINGS: &[(&str, &str)] = &[
    ("RULES", "CertificateAccessed,AuditedCertificateRead,CertificateDump"),
    ("DEDUP_MINUTES", "0"),
    ("DUMP_THRESHOLD", "1"),
];

/// A read in the audit log in the hub's own form.
const AUDITED: &str = r#"{"time":"2026-03-02T08:14:58Z","category":"AuditEvent","operationName":"CertificateGet","resultType":"Success","callerIpAddress":"192.0.2.7","identity":{"claim":{"oid":"o-1"}},"properties":{"id":"https://kv-web.vault.azure.net/certificates/tls/0123","httpStatusCode":200},"resourceId":"/SUBSCRIPTIONS/S/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.KEYVAULT/VAULTS/KV-WEB","resultSignature":"OK"}"#;

/// The record without these fields, at the top or in `properties`.
fn without(record: &str, fields: &[&str]) -> Value {
    let mut record: Value = serde_json::from_str(record).unwrap();
    for field in fields {
        let properties = record.get_mut("properties").and_then(Value::as_object_mut).and_then(|p| p.remove(*field));
        assert!(properties.is_some() || record.as_object_mut().unwrap().remove(*field).is_some(), "{field}");
    }
    record
}

fn with(mut record: Value, field: &str, value: Value) -> Value {
    record[field] = value;
    record
}

fn answer_to(record: &Value) -> Value {
    answer_of(&detector(SETTINGS), &binary_batch(&[record.to_string()]))
}

#[test]
fn what_does_not_decide_may_be_missing_and_the_read_is_alerted() {
    let cases = [
        ("the category, where the vault is known", without(AUDITED, &["category"])),
        ("the vault, where the category is known", without(AUDITED, &["resourceId", "id"])),
        ("the resource id, where an address names the vault", without(AUDITED, &["resourceId", "category"])),
        ("the status, where its text is there", without(AUDITED, &["httpStatusCode"])),
        ("the hub's name of the resource id", {
            let id = without(AUDITED, &[])["resourceId"].clone();
            with(without(AUDITED, &["resourceId", "time", "resultType"]), "_ResourceId", id)
        }),
    ];
    for (missing, record) in cases {
        let answer = answer_to(&record);

        assert_eq!(alerts(&answer)[0]["rule"]["id"], "Azure.KeyVault.AuditedCertificateRead", "{missing}");
        assert!(alerts(&answer)[0]["alertContext"].get("outcome").is_none(), "{missing}");
        assert_eq!(rejected(&answer).len(), 0, "{missing}");
    }
}

#[test]
fn a_read_whose_outcome_the_record_does_not_say_is_alerted_and_its_card_says_so() {
    let record = without(AUDITED, &["httpStatusCode", "resultSignature"]);

    let alert = alerts(&answer_to(&record))[0].clone();

    assert_eq!(alert["alertContext"]["outcome"], "unknown");
    let card = Card::of(&alert.to_string(), &CardOptions::default()).unwrap();
    assert!(card.request_body().contains("outcome unknown: the record has none"), "{}", card.request_body());
}

#[test]
fn what_decides_is_missing_and_the_event_is_rejected_as_undetermined() {
    let cases = [
        ("the result in the Activity Log", without(READ, &["resultType"])),
        ("a result that is no text", with(without(READ, &[]), "resultType", json!(0))),
        ("the result of what the REST API lists", without(LISTED, &["status"])),
        ("another log's category", with(without(AUDITED, &[]), "category", json!("Other"))),
        ("category and vault", without(AUDITED, &["category", "resourceId", "id"])),
        ("an operation in a field of another name", {
            with(without(AUDITED, &["operationName"]), "action", json!("CertificateGet"))
        }),
        (
            "an empty name beside it",
            with(with(without(AUDITED, &[]), "op", json!("CertificateGet")), "operationName", json!("")),
        ),
        ("blanks around the name", with(without(AUDITED, &[]), "operationName", json!(" CertificateGet "))),
    ];
    for (missing, record) in cases {
        let answer = answer_to(&record);

        assert_eq!(alerts(&answer).len(), 0, "{missing}");
        assert_eq!(rejected(&answer)[0]["reason"], "undetermined", "{missing}");
        assert_eq!(summary(&answer)["undetermined"], 1, "{missing}");
    }
}

#[test]
fn what_azure_writes_of_other_things_only_mentions_an_operation() {
    let operations = ["Microsoft.KeyVault/vaults/certificates/read", "SecretGet"];
    let cases = [
        json!({"properties": {"roleName": "reader", "permissions": [{"actions": operations, "notActions": [], "dataActions": operations}]}, "name": "r", "type": "Microsoft.Authorization/roleDefinitions"}),
        json!({"operationName": "MICROSOFT.AUTHORIZATION/ROLEDEFINITIONS/WRITE", "category": "Administrative", "resultType": "Success", "resourceId": "/subscriptions/s", "properties": {"requestbody": json!({"actions": operations}).to_string()}}),
        json!({"operationName": "Query", "category": "Audit", "resourceId": "/subscriptions/s", "properties": {"queryText": "AzureDiagnostics | where OperationName == 'SecretGet'"}}),
        json!({"Type": "LAQueryLogs", "TimeGenerated": "2026-03-02T08:14:58Z", "QueryText": "AzureDiagnostics | where OperationName in (\"SecretGet\", \"CertificateGet\")"}),
        json!({"category": "Alert", "resourceId": "/subscriptions/s", "properties": {"condition": "more than 5 SecretGet in an hour"}}),
        json!({"operationName": "SecretGetDeleted", "category": "AuditEvent", "resourceId": "/subscriptions/s/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-web"}),
        json!({"operationName": "SecretGet", "category": "AuditEvent", "resourceId": "/subscriptions/s/resourceGroups/rg/providers/Microsoft.KeyVault/managedHSMs/hsm"}),
    ];
    for record in cases {
        let answer = answer_to(&record);

        assert_eq!(answer["Outputs"], json!({}), "{record}");
    }
}

#[test]
fn a_known_wrapper_is_named_in_the_detail() {
    let record: Value = serde_json::from_str(AUDITED).unwrap();
    let cases = [
        ("OpenTelemetry", json!({"body": {"structured": record}, "resource": {}})),
        ("Logstash", json!({"@version": "1", "message": AUDITED})),
        ("Elastic", json!({"event": {"original": AUDITED}, "@timestamp": "2026-03-02T08:15:00Z"})),
        ("a Splunk search", json!({"preview": false, "result": {"_raw": AUDITED}})),
        ("Splunk's Event Hubs input", json!({"body": {"records": [record]}, "x-opt-offset": "1"})),
        ("Splunk's HTTP Event Collector", json!({"event": record, "sourcetype": "azure"})),
        (
            "Azure Monitor's alert webhook",
            json!({"schemaId": "Microsoft.Insights/activityLogs", "data": {"context": {"activityLog": record}}}),
        ),
    ];
    for (name, wrapped) in cases {
        let answer = answer_to(&wrapped);

        assert_eq!(rejected(&answer)[0]["reason"], "wrapper", "{name}");
        assert!(rejected(&answer)[0]["detail"].as_str().unwrap().contains(name), "{}", rejected(&answer)[0]["detail"]);
    }
}

/// A change to a record that leaves the name of its operation in it, and is no verdict of its own.
#[derive(Debug, Clone)]
enum Change {
    Remove(Index),
    Rename(Index, &'static str),
    Retype(Index, usize),
    Wrap(usize),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        3 => any::<Index>().prop_map(Change::Remove),
        3 => (any::<Index>(), select(vec!["2", "_", "Name", ".x"])).prop_map(|(at, end)| Change::Rename(at, end)),
        3 => (any::<Index>(), 0usize..9).prop_map(|(at, kind)| Change::Retype(at, kind)),
        1 => (0usize..8).prop_map(Change::Wrap),
    ]
}

fn changed(mut record: Value, change: &Change) -> Value {
    let key_at = |record: &Value, at: &Index| {
        let keys: Vec<String> = record.as_object().map(|fields| fields.keys().cloned().collect()).unwrap_or_default();
        (!keys.is_empty()).then(|| keys[at.index(keys.len())].clone())
    };
    match change {
        Change::Remove(at) => {
            if let Some(key) = key_at(&record, at) {
                record.as_object_mut().unwrap().remove(&key);
            }
        }
        Change::Rename(at, end) => {
            if let Some(key) = key_at(&record, at) {
                let value = record.as_object_mut().unwrap().remove(&key).unwrap();
                record[key + end] = value;
            }
        }
        Change::Retype(at, kind) => {
            if let Some(key) = key_at(&record, at) {
                let old = record[&key].clone();
                record[&key] = match kind {
                    0 => json!([old]),
                    1 => json!({"value": old}),
                    2 => json!(old.to_string()),
                    3 => Value::Null,
                    4 => json!(7),
                    5 => json!(true),
                    6 => json!("{'cut': "),
                    7 => json!([{"Key": "a", "Value": old}]),
                    _ => json!(""),
                };
            }
        }
        Change::Wrap(kind) => {
            record = match kind {
                0 => json!({"item": record}),
                1 => json!([record]),
                2 => json!(record.to_string()),
                3 => json!({"message": record.to_string()}),
                4 => json!({"records": [record]}),
                5 => json!({"tables": [{"columns": ["a"], "rows": [[record]]}]}),
                6 => json!({"tables": [{"columns": [{"name": "a"}], "rows": []}], "more": record}),
                _ => json!({"a": {"b": [record]}, "category": "Forwarded", "resourceId": "/subscriptions/s"}),
            }
        }
    }
    record
}

proptest! {
    #![proptest_config(Config { cases: 4096, ..Config::default() })]

    #[test]
    fn a_matching_record_however_changed_is_alerted_or_rejected(
        record in select(vec![AUDITED, READ, AUDIT_ROW, DIAGNOSTICS_ROW, LISTED, ACTIVITY_ROW]),
        changes in prop::collection::vec(change(), 1..4),
    ) {
        let record = changes.iter().fold(serde_json::from_str(record).unwrap(), changed);
        let text = record.to_string().to_uppercase();
        let is_named = text.contains("CERTIFICATEGET") || text.contains("MICROSOFT.KEYVAULT/VAULTS/CERTIFICATES/READ");
        // Nobody can find what is not there any more.
        if !is_named {
            return Ok(());
        }

        let answer = answer_to(&record);

        prop_assert!(!alerts(&answer).is_empty() || !rejected(&answer).is_empty(), "{}", record);
    }
}
