//! What the host posts, in each of its encodings, and the answer it gets.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use certificate_accessed::wire::{InvocationId, QueueMessage};
use serde_json::{Value, json};

use crate::given::{READ, REFUSED, WRITE, alerts, answer, binary_batch, read_of, rejected, summary};

/// The body of an invocation whose trigger value is this.
fn body(data: &Value) -> Vec<u8> {
    json!({"Data": {"events": data}, "Metadata": {}}).to_string().into_bytes()
}

#[test]
fn every_encoding_of_the_host_gives_the_same_alert() {
    let parsed: Value = serde_json::from_str(READ).unwrap();
    let encodings = [
        ("many, string", json!(json!([READ, REFUSED, WRITE]).to_string())),
        ("many, binary", json!(json!([READ, REFUSED, WRITE].map(|event| BASE64_STANDARD.encode(event))).to_string())),
        ("many, no dataType", json!(format!("[{READ},{REFUSED},{WRITE}]"))),
        ("one, string", json!(json!(READ).to_string())),
        ("one, binary", json!(BASE64_STANDARD.encode(READ))),
        ("one, as an object", parsed),
        ("many, not in a string", json!([READ, WRITE])),
        ("envelope", json!(json!([format!(r#"{{"records":[{READ},{WRITE}]}}"#)]).to_string())),
    ];

    for (name, data) in encodings {
        let alerts = alerts(&answer(&body(&data)));

        assert_eq!(alerts.len(), 1, "{name}");
        assert_eq!(alerts[0]["title"], "Azure Key Vault certificate accessed from [kv-web] by [192.0.2.7]", "{name}");
        if name != "one, as an object" {
            assert_eq!(alerts[0]["alertId"], "7fc8b78bd652c580a3cea751e58475d4", "{name}");
        }
    }
}

#[test]
fn an_alert_says_what_the_contract_promises() {
    let alerts = alerts(&answer(&binary_batch(&[WRITE, READ])));

    let mut alert = alerts[0].clone();
    let rule = alert.as_object_mut().unwrap().remove("rule").unwrap();
    assert_eq!(rule["id"], "Azure.MonitorActivity.KeyVault.CertificateAccessed");
    assert_eq!(rule["mitre"][0]["technique"], json!({"id": "T1555", "name": "Credentials from Password Stores"}));
    let resource = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-web/providers/Microsoft.KeyVault/vaults/kv-web/certificates/tls";
    assert_eq!(
        alert,
        json!({
            "schemaVersion": "1.1",
            "alertId": alerts[0]["alertId"],
            "createdAt": "2026-03-02T08:15:30.417Z",
            "severity": "INFO",
            "riskScore": 10,
            "title": "Azure Key Vault certificate accessed from [kv-web] by [192.0.2.7]",
            "dedup": "Azure Key Vault certificate accessed from [kv-web] by [192.0.2.7]",
            "window": {
                "minutes": alerts[0]["window"]["minutes"],
                "matchCount": 1,
                "firstRecordTime": "2026-03-02T08:14:58.1200000Z",
                "lastRecordTime": "2026-03-02T08:14:58.1200000Z"
            },
            "summary": {
                "resourceId": [{"value": resource, "count": 1}],
                "callerIpAddress": [{"value": "192.0.2.7", "count": 1}],
                "correlationId": [{"value": "00000000-0000-0000-0000-00000000000c", "count": 1}]
            },
            "alertContext": {
                "resource_id": resource,
                "caller_ip": "192.0.2.7",
                "operation_name": "MICROSOFT.KEYVAULT/VAULTS/CERTIFICATES/READ",
                "result_type": "Success",
                "correlation_id": "00000000-0000-0000-0000-00000000000c",
                "location": "westeurope",
                "tenant_id": "00000000-0000-0000-0000-00000000000f",
                "resource_group": "rg-web",
                "keyvault_name": "kv-web",
                "certificate_name": "tls"
            },
            "entities": {
                "ip": [{"address": "192.0.2.7"}],
                "azureResource": [{"resourceId": resource}],
                "account": [],
                "cloudApplication": [{"appId": "00000000-0000-0000-0000-00000000000a"}]
            },
            "records": [{
                "source": {
                    "partitionId": "3",
                    "sequenceNumber": 90211,
                    "offset": "4294970112",
                    "enqueuedTime": "2026-03-02T08:15:30.417Z",
                    "recordIndex": 0
                },
                "record": serde_json::from_str::<Value>(READ).unwrap()
            }],
            "incident": null,
            "truncated": []
        })
    );
}

#[test]
fn a_batch_without_matches_gets_a_whole_answer_with_its_counts() {
    let answer = answer(&binary_batch(&[WRITE, REFUSED, ""]));

    assert_eq!(answer["Outputs"], json!({}));
    assert_eq!(answer["ReturnValue"], Value::Null);
    let summary = summary(&answer);
    assert_eq!(summary["events"], 3);
    assert_eq!(summary["records"], 2);
    assert_eq!(summary["matches"], 0);
    assert_eq!(summary["alerts"], 0);
    assert_eq!(summary["undecodable"], json!({"empty": 1}));
    assert_eq!(answer["Logs"][1], "skipped what is no record: 1 empty");
    assert!(summary["lagSeconds"].as_f64().is_some_and(|lag| (lag - 0.583).abs() < 0.01), "{summary}");
}

#[test]
fn an_empty_batch_gets_a_whole_answer() {
    let answer = answer(&body(&json!("[]")));

    assert_eq!(answer["Outputs"], json!({}));
    assert_eq!(summary(&answer)["events"], 0);
}

#[test]
fn metadata_is_never_trusted() {
    for metadata in
        [json!(null), json!([]), json!({"SequenceNumberArray": "[", "PartitionContext": 7, "OffsetArray": {}})]
    {
        let body = json!({"Data": {"events": json!([READ]).to_string()}, "Metadata": metadata}).to_string();

        let alerts = alerts(&answer(body.as_bytes()));

        assert_eq!(alerts.len(), 1, "{metadata}");
        assert_eq!(alerts[0]["records"][0]["source"]["sequenceNumber"], Value::Null);
    }
}

#[test]
fn an_offset_is_what_the_service_wrote_however_the_host_hands_it_on() {
    let texts = json!(["0:1:661107", "0:1:661163"]);
    let properties = json!([{"Offset": -1, "x-opt-offset": texts[0]}, {"Offset": -1, "x-opt-offset": texts[1]}]);
    let of_a_batch = [
        json!({"OffsetArray": "[\"-1\",\"-1\"]", "OffsetStringArray": texts.to_string()}),
        json!({"OffsetArray": "[\"-1\",\"-1\"]", "SystemPropertiesArray": properties.to_string()}),
        json!({"OffsetArray": texts.to_string()}),
    ];
    let of_one_event = [
        json!({"Offset": "\"-1\"", "OffsetString": "\"0:1:661163\""}),
        json!({"Offset": "-1", "SystemProperties": properties[1]}),
        json!({"Offset": "\"0:1:661163\""}),
    ];
    let offset = |events: Value, mut metadata: Value| {
        for (name, value) in
            [("SequenceNumberArray", json!("[1,2]")), ("EnqueuedTimeUtcArray", json!("[\"2026-03-02T08:15:00\"]"))]
        {
            metadata[name] = value;
        }
        metadata["PartitionContext"] = json!({"PartitionId": "3"});
        let body = json!({"Data": {"events": events}, "Metadata": metadata}).to_string();
        alerts(&answer(body.as_bytes()))[0]["records"][0]["source"]["offset"].clone()
    };

    for metadata in of_a_batch {
        assert_eq!(offset(json!(json!([WRITE, READ]).to_string()), metadata.clone()), "0:1:661163", "{metadata}");
    }
    for metadata in of_one_event {
        let second = offset(json!(json!(READ).to_string()), metadata.clone());
        assert_eq!(second, "0:1:661163", "{metadata}");
    }
}

#[test]
fn a_sender_names_no_place_in_the_properties_of_its_event() {
    let body = json!({
        "Data": {"events": READ},
        "Metadata": {
            "Properties": {"SequenceNumberArray": "[666]", "OffsetArray": "[\"666\"]", "EnqueuedTimeUtcArray": "[\"1999-01-01T00:00:00\"]"},
            "PartitionContext": {"PartitionId": "3"},
            "SequenceNumber": 7,
            "Offset": "8",
            "EnqueuedTimeUtc": "2026-03-02T08:15:00Z",
        },
    });

    let answer = answer(body.to_string().as_bytes());

    let source = &alerts(&answer)[0]["records"][0]["source"];
    assert_eq!((&source["sequenceNumber"], &source["offset"]), (&7.into(), &"8".into()));
    assert_eq!(source["enqueuedTime"], "2026-03-02T08:15:00Z");
    assert!(summary(&answer)["lagSeconds"].as_f64().is_some_and(|lag| lag < 60.0));
}

#[test]
fn what_panther_would_call_a_rule_error_is_counted_and_rejected_only_if_it_could_hide_a_match() {
    let null = r#"{"operationName":null,"resultType":"Success"}"#;
    let list = r#"{"operationName":["MICROSOFT.KEYVAULT/VAULTS/CERTIFICATES/READ"],"resultType":"Success"}"#;

    let answer = answer(&binary_batch(&[null, list, READ]));

    assert_eq!(alerts(&answer).len(), 1);
    assert_eq!(summary(&answer)["undecodable"], json!({"ruleError": 2}));
    let rejected = rejected(&answer);
    assert_eq!(rejected.len(), 1);
    assert_eq!(rejected[0]["reason"], "ruleError");
    assert_eq!(rejected[0]["detail"], "CertificateAccessed: 'ImmutableList' object has no attribute 'upper'");
    assert_eq!(BASE64_STANDARD.decode(rejected[0]["payload"].as_str().unwrap()).unwrap(), list.as_bytes());
}

#[test]
fn a_message_travels_as_the_compact_json_of_one_string() {
    let answer = answer(&binary_batch(&[READ.replace(',', ",\n  ")]));

    let message = answer["Outputs"]["alerts"][0].as_str().unwrap();
    assert!(!message.contains('\n'));
    assert!(message.starts_with(r#"{"schemaVersion":"1.1","alertId":""#));
}

#[test]
fn the_logs_hold_nothing_that_a_sender_wrote() {
    let hostile = read_of("kv\\u001b[31m\\nforged", "\\u202e192.0.2.9");

    let answer = answer(&binary_batch(&[hostile]));

    let logs = answer["Logs"].to_string();
    assert!(!logs.contains("forged"), "{logs}");
    assert!(!logs.contains("192.0.2.9"), "{logs}");
}

/// A message of a queue, as an invocation brings it.
fn queue_message(data: &Value, metadata: &Value) -> QueueMessage {
    let body = json!({"Data": {"alert": data}, "Metadata": metadata}).to_string();
    QueueMessage::of_invocation(body.as_bytes()).unwrap()
}

#[test]
fn every_form_in_which_a_host_sends_a_message_gives_its_bytes() {
    let message = r#"{"alertId":"a"}"#;
    let once = json!(message).to_string();
    let cases = [json!(once), json!(message), json!({"alertId": "a"}), json!("eyJhbGVydElkIjoiYSJ9")];
    for data in cases {
        assert_eq!(queue_message(&data, &json!({})).body, message.as_bytes(), "{data}");
    }
}

#[test]
fn odd_metadata_costs_only_the_count() {
    for (count, expected) in [
        (json!("3"), Some(3)),
        (json!("\"3\""), Some(3)),
        (json!(3), Some(3)),
        (json!({}), None),
        (json!("often"), None),
        (json!(null), None),
    ] {
        assert_eq!(queue_message(&json!("\"x\""), &json!({"DequeueCount": count})).dequeue_count, expected, "{count}");
    }
    assert_eq!(queue_message(&json!("\"x\""), &json!([])).dequeue_count, None);
}

#[test]
fn an_invocation_id_that_could_do_harm_in_a_log_is_not_taken() {
    let id = "0a1b2c3d-0000-4000-8000-00000000000f";
    assert_eq!(serde_json::to_value(InvocationId::parse(id)).unwrap(), json!(id));
    for other in ["", "a b", "\"}", "é", &"a".repeat(65)] {
        assert_eq!(InvocationId::parse(other), None, "{other}");
    }
}
