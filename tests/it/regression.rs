//! Faults that were found in review, each as a test.

use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use crate::given::{READ, alerts, answer, answer_at, batch_at, binary_batch, detector, read_of, rejected, summary};

#[test]
fn a_caller_nested_half_a_million_deep_costs_linear_time() {
    let nested = format!("{}{}", "[".repeat(500_000), "]".repeat(500_000));
    let event = READ.replace("\"192.0.2.7\"", &nested);
    let begun = Instant::now();

    let answer = answer(&binary_batch(&[event]));

    assert_eq!(alerts(&answer).len(), 1);
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
}

#[test]
fn a_match_wrapped_in_a_foreign_list_is_read_or_rejected() {
    let listed = format!(r#"{{"value":[{READ}]}}"#);
    let with_category = format!(r#"{{"category":"x","items":[{READ}]}}"#);

    assert_eq!(alerts(&answer(&binary_batch(&[listed]))).len(), 1, "the REST API's own list");
    assert_eq!(rejected(&answer(&binary_batch(&[with_category]))).len(), 1);
}

#[test]
fn a_record_without_an_operation_name_whose_properties_have_one_is_rejected() {
    let record = r#"{"resourceId":"/x","properties":{"operationName":"MICROSOFT.KEYVAULT/VAULTS/CERTIFICATES/READ"}}"#;

    let answer = answer(&binary_batch(&[record]));

    assert_eq!(rejected(&answer).len(), 1);
    assert_eq!(summary(&answer)["records"], 1);
}

#[test]
fn an_alert_sent_again_takes_in_no_match_of_another_window() {
    let detector = detector(&[]);
    let [early, late] = ["08:14:58", "09:24:58"].map(|time| read_of("kv-a", "192.0.2.7").replace("08:14:58", time));
    let batch = |first, events: &[&String]| batch_at(first, "2026-03-02T09:30:00", events);
    let first = answer_at(&detector, &batch(1, &[&early]), "2026-03-02T09:31:00Z");
    answer_at(&detector, &batch(2, &[&late]), "2026-03-02T09:31:00Z");

    let again = answer_at(&detector, &batch(1, &[&early, &late, &late]), "2026-03-02T09:31:00Z");

    let alert = &alerts(&again)[0];
    assert_eq!(alert["alertId"], alerts(&first)[0]["alertId"]);
    assert_eq!(alert["window"]["matchCount"], 1);
    assert_eq!(alerts(&again)[1]["window"]["matchCount"], 2, "the present window's alert comes again, too");
}

#[test]
fn equal_records_without_a_place_are_one_alert() {
    let events = serde_json::json!(vec![READ; 50]).to_string();
    let body = serde_json::json!({"Data": {"events": events}, "Metadata": {}}).to_string();

    let answer = answer_at(&detector(&[]), body.as_bytes(), "2026-03-02T08:00:00Z");

    assert_eq!(alerts(&answer).len(), 1);
    assert_eq!(alerts(&answer)[0]["window"]["matchCount"], 50);
}

#[test]
fn a_rule_named_twice_is_on_once() {
    let detector = detector(&[("RULES", "CertificateAccessed, CertificateAccessed,"), ("DEDUP_MINUTES", "0")]);

    assert_eq!(alerts(&answer_at(&detector, &binary_batch(&[READ]), "2026-03-02T08:00:00Z")).len(), 1);
}

#[test]
fn an_event_that_was_encoded_twice_is_read() {
    let twice = BASE64_STANDARD.encode(READ);

    assert_eq!(alerts(&answer(&binary_batch(&[twice]))).len(), 1);
}
