//! A record that matches is alerted or rejected, however it is broken.

use proptest::prelude::*;
use proptest::test_runner::Config;
use serde_json::json;

use super::{POLICY, RULE, answer_to, rules, with};
use crate::given::{alerts, answer_of, binary_batch, rejected};

/// A rule of these lines below `detection:`.
fn rule_of(detection: &str) -> String {
    let start = RULE.split("    selection:").next().unwrap();
    format!("{start}{detection}\nlevel: high\n")
}

/// The texts without which it cannot match.
fn literals(detection: &str) -> Option<Vec<String>> {
    let read = rules(&[&rule_of(detection)]);
    assert_eq!(read.faults(), [], "{detection}");
    read.rules()[0].literals.clone()
}

#[test]
fn what_a_rule_needs_follows_from_its_conditions() {
    let needs = |texts: &[&str]| Some(texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>());
    let a = "    a:\n        operationName: alpha/write\n";
    let b = "    b:\n        resultType: ok\n";
    let cases = [
        (format!("{a}    condition: a"), needs(&["alpha/write"])),
        (format!("{a}{b}    condition: a and b"), needs(&["alpha/write"])),
        (format!("{a}{b}    condition: a or b"), needs(&["alpha/write", "ok"])),
        (format!("{a}{b}    condition: a and not b"), needs(&["alpha/write"])),
        (format!("{a}    condition: not a"), None),
        (format!("{a}{b}    condition: all of them"), needs(&["alpha/write"])),
        ("    a:\n        operationName|re: 'al.*'\n    condition: a".to_owned(), None),
        ("    a:\n        operationName|exists: true\n    condition: a".to_owned(), None),
        ("    a:\n        durationMs|gt: 5\n    condition: a".to_owned(), None),
        (
            "    a:\n        - alpha/read\n        - beta/read\n    condition: a".to_owned(),
            needs(&["alpha/read", "beta/read"]),
        ),
        (
            "    a:\n        operationName|contains|all: [alpha, beta-long]\n    condition: a".to_owned(),
            needs(&["beta-long"]),
        ),
    ];
    for (detection, expected) in cases {
        assert_eq!(literals(&detection), expected, "{detection}");
    }
}

#[test]
fn broken_text_is_rejected_if_what_the_rule_needs_may_be_in_it_and_passed_over_else() {
    let broken = format!("{{'broken': {}", POLICY.trim_end_matches('}'));
    let other = broken.replace("ACCESSPOLICIES", "ELSEWHERE");

    assert_eq!(rejected(&answer_to(RULE, &broken)).len(), 1);
    assert_eq!(rejected(&answer_to(RULE, &other)).len(), 0);
}

#[test]
fn for_a_rule_that_needs_no_text_every_broken_record_counts() {
    let open = rule_of("    a:\n        callerIpAddress|cidr: 192.0.2.0/24\n    condition: a");

    assert_eq!(rejected(&answer_to(&open, "{'broken': ")).len(), 1);
    assert_eq!(rejected(&answer_to(RULE, "{'broken': ")).len(), 0);
}

#[test]
fn a_rule_that_needs_no_text_is_named() {
    let open = rule_of("    a:\n        callerIpAddress|cidr: 192.0.2.0/24\n    condition: a");

    let told = rules(&[&open]).open().unwrap();

    assert!(told.ends_with("1 Sigma rules need no text: Access Policy Of A Vault Changed"), "{told}");
    assert_eq!(rules(&[RULE]).open(), None);
}

#[test]
fn a_record_in_a_wrapper_is_rejected() {
    let wrapped = json!({"event": serde_json::from_str::<serde_json::Value>(POLICY).unwrap(), "sourcetype": "azure", "host": "h"});

    let [line] = rejected(&answer_to(RULE, wrapped.to_string())).try_into().unwrap();

    assert_eq!(line["reason"], "wrapper");
}

#[test]
fn a_field_that_cannot_be_opened_makes_the_record_undetermined() {
    let rule = rule_of(
        "    a:\n        operationName: Microsoft.KeyVault/vaults/accessPolicies/write\n        properties.entity: x\n    condition: a",
    );

    let [line] = rejected(&answer_to(&rule, with(POLICY, "properties", json!("{'entity':'x'}")))).try_into().unwrap();

    assert_eq!(line["reason"], "undetermined");
}

#[test]
fn what_was_read_and_does_not_match_is_clean() {
    let rule = rule_of(
        "    a:\n        operationName: Microsoft.KeyVault/vaults/accessPolicies/write\n        resultType: Failure\n    condition: a",
    );

    let answer = answer_to(&rule, POLICY);

    assert_eq!((alerts(&answer).len(), rejected(&answer).len()), (0, 0));
}

/// A rule whose matches are only counted, and one about a field of the same record.
const COUNTED: &[&str] = &[
    "title: A Secret Read\nid: 00000000-0000-0000-0000-0000000000d1\nname: secret_read\nlogsource: {product: azure, service: keyvault}\ndetection:\n    selection: {operationName: SecretGet}\n    condition: selection\n",
    "title: Many\nid: 00000000-0000-0000-0000-0000000000d2\ncorrelation:\n    type: event_count\n    rules: [secret_read]\n    group-by: [accessed.identity]\n    timespan: 10m\n    condition: {gte: 9}\n",
    "title: A Tool\nid: 00000000-0000-0000-0000-0000000000d3\nlogsource: {product: azure, service: keyvault}\ndetection:\n    selection: {operationName: SecretGet, properties.clientInfo|contains: stealer}\n    condition: selection\n",
];

#[test]
fn a_rule_that_only_counts_hides_nothing_that_another_could_not_decide() {
    let read = r#"{"time":"2026-03-02T08:14:58Z","category":"AuditEvent","operationName":"SecretGet","resultType":"Success","callerIpAddress":"192.0.2.7","identity":{"claim":{"oid":"o-1"}},"properties":{"id":"https://kv-web.vault.azure.net/secrets/a/0","httpStatusCode":200,"clientInfo":"ste\u00ffaler"},"resourceId":"/SUBSCRIPTIONS/S/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.KEYVAULT/VAULTS/KV-WEB"}"#;
    let no_text: Vec<u8> =
        read.replace("\\u00ff", "\u{1}").bytes().map(|byte| if byte == 1 { 0xff } else { byte }).collect();
    let unreadable = read.replace(r#""properties":{"id""#, r#""more":"{\"broken\": ","properties":{"id""#);
    for record in [no_text, unreadable.into_bytes()] {
        let detector = super::detector(&[("RULES", "CertificateAccessed")], COUNTED, "");

        let answer = answer_of(&detector, &binary_batch(&[&record]));

        assert_eq!(rejected(&answer).len(), 1, "{}", String::from_utf8_lossy(&record));
    }
}

#[test]
fn a_wrapper_that_says_of_what_type_it_is_is_rejected_like_any_other() {
    let text = serde_json::to_string(POLICY).unwrap();
    let logstash = format!(r#"{{"@version":"1","type":"azure_event_hub","message":{text}}}"#);
    let event_grid = format!(r#"{{"specversion":"1.0","type":"com.example.log","data":{POLICY}}}"#);
    for wrapper in [logstash, event_grid] {
        assert_eq!(rejected(&answer_to(RULE, &wrapper)).len(), 1, "{wrapper}");
    }
}

#[test]
fn what_stands_in_no_broken_record_is_none_of_the_texts_that_a_rule_needs() {
    let needs = |detection: &str| literals(&format!("    a: {{{detection}}}\n    condition: a"));

    assert_eq!(needs("accessed.object: prod-vault/signing-key, operationName: Sign"), Some(vec!["sign".to_owned()]));
    assert_eq!(needs("category: AuditEvent, operationName: KeyGet"), Some(vec!["keyget".to_owned()]));
    assert_eq!(needs("category: AuditEvent"), None);
}

proptest! {
    #![proptest_config(Config { cases: 200, ..Config::default() })]

    #[test]
    fn a_match_with_bytes_changed_is_alerted_or_rejected_or_no_match_to_any_reader(
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let mut bytes = POLICY.as_bytes().to_vec();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let answer = answer_to(RULE, &bytes);
        let is_kept = !alerts(&answer).is_empty() || !rejected(&answer).is_empty();
        // The operation itself may have been changed, or the category, by which the log is told.
        let read = serde_json::from_slice::<serde_json::Value>(&bytes);
        let is_other = read.is_ok_and(|record| {
            let is = |field: &str, text: &str| record[field].as_str().is_some_and(|value| value.eq_ignore_ascii_case(text));
            !is("operationName", "Microsoft.KeyVault/vaults/accessPolicies/write") || !is("category", "Administrative")
        });
        let is_in_name = POLICY.find("MICROSOFT.KEYVAULT/VAULTS/ACCESS").is_some_and(|start| (start..start + 46).contains(&at));
        prop_assert!(is_kept || is_other || is_in_name, "{}", String::from_utf8_lossy(&bytes));
    }
}
