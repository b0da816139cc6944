//! A drill is marked as one, and nothing else is.

use certificate_accessed::render::{Card, CardOptions};
use serde_json::{Value, json};

use crate::given::{alerts, answer_of, binary_batch, detector, summary};

const RULES: (&str, &str) = ("RULES", "AuditedCertificateRead,CertificateDump");
const NOBODY: &str = "00000000-0000-0000-0000-0000000d2111";
const SOMEBODY: &str = "9e868a44-7191-41ed-9194-af235c67590c";

/// A read of a certificate in a vault by the identity with an object id.
fn read(vault: &str, object_id: &str, number: usize) -> String {
    json!({
        "time": "2026-03-02T08:14:58Z",
        "category": "AuditEvent",
        "operationName": "CertificateGet",
        "resultType": "Success",
        "callerIpAddress": "192.0.2.1",
        "identity": {"claim": {"oid": object_id}},
        "properties": {
            "id": format!("https://{vault}.vault.azure.net/certificates/c-{number}/0"),
            "clientInfo": "certificate-accessed-drill",
            "httpStatusCode": 200,
        },
        "resourceId": format!("/SUBSCRIPTIONS/S/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.KEYVAULT/VAULTS/{}", vault.to_uppercase()),
    })
    .to_string()
}

fn theft(vault: &str, object_id: &str) -> Vec<String> {
    (0..30).map(|number| read(vault, object_id, number)).collect()
}

#[test]
fn an_alert_of_a_drill_says_so_in_message_card_and_log() {
    for nobody in [NOBODY, "00000000-0000-0000-0000-000000000000"] {
        let answer = answer_of(&detector(&[RULES]), &binary_batch(&theft("kv-drill", nobody)));

        let alerts = alerts(&answer);
        assert!(alerts.iter().any(|alert| alert["severity"] == "HIGH"), "{alerts:?}");
        for alert in &alerts {
            assert_eq!((&alert["drill"], &alert["schemaVersion"]), (&json!(true), &json!("1.1")));
            let card = Card::of(&alert.to_string(), &CardOptions::default()).unwrap();
            let first = &card.content()["body"][0]["text"];
            assert_eq!(first, "Drill: an invented theft. Nothing needs doing.");
            assert!(card.content().to_string().contains("This is a drill: nothing needs doing."));
        }
        let lines: Vec<_> = answer["Logs"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        let of_alerts: Vec<_> = lines.iter().filter(|line| line.starts_with("alert ")).collect();
        assert!(!of_alerts.is_empty() && of_alerts.iter().all(|line| line.ends_with(", a drill")), "{lines:?}");
        assert_eq!(summary(&answer)["alertsBySeverity"]["HIGH"], 1, "what wakes somebody is drilled, too");
    }
}

#[test]
fn what_is_not_all_of_a_drill_is_no_drill() {
    let mixed = [theft("kv-drill", NOBODY), vec![read("kv-web", NOBODY, 30)]].concat();
    for events in [theft("kv-drill", SOMEBODY), theft("kv-web", NOBODY), mixed.into_iter().rev().collect()] {
        let answer = answer_of(&detector(&[("RULES", "CertificateDump")]), &binary_batch(&events));

        let alerts = alerts(&answer);
        assert_eq!(alerts.len(), 1);
        assert!(alerts[0].get("drill").is_none(), "{}", alerts[0]);
        let card = Card::of(&alerts[0].to_string(), &CardOptions::default()).unwrap();
        let content = card.content().to_string();
        assert!(!content.contains("Drill:") && !content.contains("is a drill:"), "{content}");
    }
}
