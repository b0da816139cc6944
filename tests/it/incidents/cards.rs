//! Whose cards an incident's own card stands for, and whose never.

use serde_json::{Value, json};

use crate::given::{alerts, answer_of, binary_batch_from, detector, summary};

const RULES: &str = "CertificateAccessed,AuditedCertificateRead,CertificateDump";
const HOOK: (&str, &str) = ("TEAMS_WEBHOOK_URL", "https://example.com/hook");

/// A certificate read by an identity in a vault, as the audit log has it.
fn read(identity: &Value, vault: &str, name: &str) -> String {
    json!({
        "time": "2026-03-02T08:14:58Z",
        "resourceId": format!("/subscriptions/s/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/{vault}"),
        "operationName": "CertificateGet",
        "category": "AuditEvent",
        "callerIpAddress": "192.0.2.7",
        "identity": identity,
        "properties": {"id": format!("https://{vault}.vault.azure.net/certificates/{name}"), "httpStatusCode": 200},
    })
    .to_string()
}

fn object(id: &str) -> Value {
    json!({"claim": {"oid": id}})
}

/// A theft of thirty names in one vault, then a read in another vault.
fn theft_then_read(identity: &Value) -> Vec<String> {
    let theft = (0..30).map(|number| read(identity, "kv-one", &number.to_string()));
    theft.chain([read(identity, "kv-two", "tls")]).collect()
}

/// The severities of the cards that a theft and a read after it raise, and the answer to the read.
fn cards(settings: &[(&str, &str)], identity: &Value, last: &Value) -> (Vec<String>, Value) {
    let detector = detector(&[settings, &[HOOK]].concat());
    let mut cards = Vec::new();
    let mut answer = Value::Null;
    let reads = theft_then_read(identity);
    let (theft, _) = reads.split_at(30);
    let next = [read(last, "kv-two", "tls")];
    for (number, batch) in [theft, &next].into_iter().enumerate() {
        answer = answer_of(&detector, &binary_batch_from(number * 100, batch));
        let messages = answer["Outputs"]["teams"].as_array().cloned().unwrap_or_default();
        cards.extend(messages.iter().map(|message| {
            let card: Value = serde_json::from_str(message.as_str().unwrap()).unwrap();
            card["severity"].as_str().unwrap().to_owned()
        }));
    }
    (cards, answer)
}

#[test]
fn while_an_incident_is_open_its_card_stands_for_those_of_the_same_identity() {
    let thief = object("thief");

    let (cards, answer) = cards(&[("RULES", RULES)], &thief, &thief);

    assert_eq!(cards, ["HIGH"]);
    let joined = &alerts(&answer)[0];
    assert_eq!(joined["rule"]["id"], "Azure.KeyVault.AuditedCertificateRead");
    assert!(joined["incident"]["id"].is_string() && joined["incident"]["step"].is_null(), "{joined}");
    assert_eq!(summary(&answer)["withoutCard"], 1);
}

#[test]
fn nobody_else_loses_a_card() {
    for other in [object("somebody"), json!({"claim": {"appid": "thief"}}), json!(null)] {
        let (cards, answer) = cards(&[("RULES", RULES)], &object("thief"), &other);

        assert_eq!(cards, ["HIGH", "MEDIUM"], "{other}");
        assert_eq!(alerts(&answer)[0]["incident"], Value::Null, "{other}");
    }
}

#[test]
fn an_address_alone_is_nobody_whose_card_another_could_stand_for() {
    let (cards, _) = cards(&[("RULES", RULES)], &Value::Null, &Value::Null);

    assert_eq!(cards, ["MEDIUM", "HIGH", "MEDIUM"]);
}

#[test]
fn where_the_incidents_own_card_is_not_due_the_others_come() {
    let thief = object("thief");
    for settings in [
        [("RULES", RULES), ("RULE_SEVERITY", "CertificateDump=LOW"), ("TEAMS_MIN_SEVERITY", "MEDIUM")],
        [("RULES", RULES), ("RULE_SEVERITY", "AuditedCertificateRead=CRITICAL"), ("TEAMS_MIN_SEVERITY", "CRITICAL")],
        [("RULES", "CertificateAccessed,AuditedCertificateRead"), ("RULE_SEVERITY", ""), ("TEAMS_MIN_SEVERITY", "")],
    ] {
        let (cards, _) = cards(&settings, &thief, &thief);

        assert_eq!(cards.len(), 2, "{settings:?}: one for each vault, and none of the theft: {cards:?}");
        assert!(!cards.contains(&"HIGH".to_owned()), "{cards:?}");
    }
}

#[test]
fn an_alert_of_higher_severity_keeps_its_card() {
    let thief = object("thief");
    let (cards, answer) =
        cards(&[("RULES", RULES), ("RULE_SEVERITY", "AuditedCertificateRead=CRITICAL")], &thief, &thief);

    assert_eq!(cards, ["CRITICAL", "HIGH", "CRITICAL"]);
    assert!(alerts(&answer)[0]["incident"]["id"].is_string(), "it joins all the same");
}

#[test]
fn where_the_theft_is_expected_and_the_single_read_is_not_the_read_has_its_card() {
    let thief = object("thief");
    let detector = detector(&[("RULES", RULES), HOOK]);
    let list = "expected:\n  - rules: [CertificateDump]\n    objectIds: [thief]\n    reason: the nightly job\n";
    detector.expect(certificate_accessed::expected::ExpectedAccess::parse(list).unwrap());

    let answer = answer_of(&detector, &binary_batch_from(0, &theft_then_read(&thief)));

    assert_eq!(answer["Outputs"]["teams"].as_array().unwrap().len(), 2);
    assert_eq!(alerts(&answer)[0]["incident"], Value::Null);
}

/// A certificate read by an identity behind one address, as the Activity Log has it.
fn activity(identity: &Value, vault: &str) -> String {
    json!({
        "time": "2026-03-02T08:14:59Z",
        "resourceId": format!("/subscriptions/s/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/{vault}/certificates/tls"),
        "operationName": "MICROSOFT.KEYVAULT/VAULTS/CERTIFICATES/READ",
        "resultType": "Success",
        "callerIpAddress": "192.0.2.7",
        "identity": {"claims": {"oid": identity["claim"]["oid"]}},
    })
    .to_string()
}

#[test]
fn an_alert_without_a_card_covers_nobody_else_at_its_address() {
    let (thief, somebody) = (object("thief"), object("somebody"));
    let detector = detector(&[("RULES", RULES), HOOK]);
    let theft: Vec<_> = theft_then_read(&thief).into_iter().chain([activity(&thief, "kv-nat")]).collect();
    answer_of(&detector, &binary_batch_from(0, &theft));

    let own = answer_of(&detector, &binary_batch_from(100, &[activity(&thief, "kv-nat")]));
    let others = answer_of(&detector, &binary_batch_from(200, &[activity(&somebody, "kv-nat")]));

    assert_eq!(summary(&own)["suppressed"], 2, "the same identity is covered: {own}");
    assert_eq!(others["Outputs"]["teams"].as_array().map(Vec::len), Some(1), "{others}");
}

#[test]
fn where_the_theft_is_expected_by_the_next_attempt_no_card_is_kept_back_for_it() {
    let thief = object("thief");
    let detector = detector(&[("RULES", RULES), HOOK]);
    let batch = binary_batch_from(0, &theft_then_read(&thief));
    let first = answer_of(&detector, &batch);
    let list = "expected:\n  - rules: [CertificateDump]\n    objectIds: [thief]\n    reason: the nightly job\n";
    detector.expect(certificate_accessed::expected::ExpectedAccess::parse(list).unwrap());

    let again = answer_of(&detector, &batch);

    assert_eq!(first["Outputs"]["teams"].as_array().map(Vec::len), Some(1));
    assert_eq!(again["Outputs"]["teams"].as_array().map(Vec::len), Some(2), "one for each vault");
}
