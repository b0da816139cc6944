//! Dedup windows: one alert for an hour, and the same one again when its record comes again.

use certificate_accessed::windows::{Candidate, Period, RecordId, Table, Verdict, WindowKey};
use serde_json::Value;

use crate::given::{alerts, answer_at, binary_batch_from, detector, read_of, summary};

fn ids(answer: &Value) -> Vec<String> {
    alerts(answer).iter().map(|alert| alert["alertId"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn matches_with_one_key_in_a_batch_are_one_alert() {
    let detector = detector(&[]);
    let events = [read_of("kv-a", "192.0.2.7"), read_of("kv-b", "192.0.2.7"), read_of("kv-a", "192.0.2.7")];

    let answer = answer_at(&detector, &binary_batch_from(1, &events), "2026-03-02T10:07:00Z");

    let alerts = alerts(&answer);
    assert_eq!(alerts.len(), 2);
    assert_eq!(alerts[0]["window"]["matchCount"], 2);
    assert_eq!(alerts[0]["window"]["minutes"], 60);
    assert_eq!(alerts[0]["records"].as_array().unwrap().len(), 2);
    assert_eq!(alerts[0]["records"][1]["source"]["sequenceNumber"], 3);
    assert_eq!(alerts[0]["summary"]["callerIpAddress"][0]["count"], 2);
    assert_eq!(summary(&answer)["matches"], 3);
    assert_eq!(summary(&answer)["suppressed"], 0);
}

#[test]
fn a_window_is_fixed_and_ends_exactly_after_its_minutes() {
    let detector = detector(&[]);
    let event = [read_of("kv-a", "192.0.2.7")];
    let at = |sequence, time| answer_at(&detector, &binary_batch_from(sequence, &event), time);

    assert_eq!(ids(&at(1, "2026-03-02T10:07:00Z")).len(), 1, "the first match fires");
    assert_eq!(ids(&at(2, "2026-03-02T10:36:00Z")).len(), 0, "a later one is suppressed");
    let last = at(3, "2026-03-02T11:06:59Z");
    assert_eq!(ids(&last).len(), 0, "the window does not slide");
    assert_eq!(summary(&last)["suppressed"], 1);
    assert_eq!(ids(&at(4, "2026-03-02T11:07:00Z")).len(), 1, "the next one fires anew");
}

#[test]
fn a_batch_read_before_the_window_was_opened_elsewhere_falls_into_it() {
    let detector = detector(&[]);
    let event = [read_of("kv-a", "192.0.2.7")];
    let at = |sequence, time| ids(&answer_at(&detector, &binary_batch_from(sequence, &event), time)).len();

    assert_eq!(at(1, "2026-03-02T10:00:00.020Z"), 1);

    assert_eq!(at(2, "2026-03-02T10:00:00.010Z"), 0, "instances' clocks differ a little");
    assert_eq!(at(3, "2026-03-02T08:59:00Z"), 1, "a clock that jumped back is no reason to be silent");
}

#[test]
fn the_record_that_opened_a_window_sends_the_same_alert_again() {
    let detector = detector(&[]);
    let batch = binary_batch_from(1, &[read_of("kv-a", "192.0.2.7"), read_of("kv-a", "192.0.2.7")]);

    let first = answer_at(&detector, &batch, "2026-03-02T10:07:00Z");
    let again = answer_at(&detector, &batch, "2026-03-02T10:07:30Z");

    assert_eq!(first["Outputs"], again["Outputs"], "byte for byte");
}

#[test]
fn a_record_that_opened_an_earlier_window_sends_its_alert_even_in_the_next_one() {
    let detector = detector(&[]);
    let event = [read_of("kv-a", "192.0.2.7")];
    let at = |sequence, time| ids(&answer_at(&detector, &binary_batch_from(sequence, &event), time));

    at(1, "2026-03-02T10:00:00Z");
    at(2, "2026-03-02T11:30:00Z");

    assert_eq!(at(1, "2026-03-02T11:31:00Z").len(), 1, "its write may have failed all the while");
    assert_eq!(at(3, "2026-03-02T11:32:00Z").len(), 0);
}

#[test]
fn without_a_place_a_record_is_known_by_its_content() {
    let detector = detector(&[]);
    let body = |event: &str| {
        let events = serde_json::json!([event]).to_string();
        serde_json::json!({"Data": {"events": events}, "Metadata": {}}).to_string().into_bytes()
    };
    let first = read_of("kv-a", "192.0.2.7");
    let later = first.replace("08:14:58", "08:14:59");

    let opened = ids(&answer_at(&detector, &body(&first), "2026-03-02T10:00:00Z"));

    assert_eq!(ids(&answer_at(&detector, &body(&later), "2026-03-02T10:01:00Z")).len(), 0);
    assert_eq!(ids(&answer_at(&detector, &body(&first), "2026-03-02T10:02:00Z")), opened);
}

#[test]
fn zero_minutes_make_every_match_an_alert_of_its_own() {
    let detector = detector(&[("DEDUP_MINUTES", "0")]);
    let events = [read_of("kv-a", "192.0.2.7"), read_of("kv-a", "192.0.2.7")];

    let alerts = alerts(&answer_at(&detector, &binary_batch_from(1, &events), "2026-03-02T10:00:00Z"));

    assert_eq!(alerts.len(), 2);
    assert_eq!(alerts[0]["window"]["minutes"], 0);
}

#[test]
fn a_severity_from_the_settings_replaces_the_rules_own() {
    let detector = detector(&[("RULE_SEVERITY", "CertificateAccessed=high")]);

    let alerts =
        alerts(&answer_at(&detector, &binary_batch_from(1, &[read_of("kv-a", "192.0.2.7")]), "2026-03-02T10:00:00Z"));

    assert_eq!(alerts[0]["severity"], "HIGH");
    assert_eq!(alerts[0]["riskScore"], 75);
}

#[test]
fn a_full_table_forgets_the_oldest_and_sends() {
    let mut table = Table::default();
    let period = Period { minutes: 60, threshold: 1 };
    let mut number = 0;
    let mut alerts = |key: &str, now: &str| {
        number += 1;
        let candidate = Candidate { record: RecordId::named(&number.to_string()), enqueued_at: None, value: None };
        let (verdicts, _) = table.take(WindowKey::new("rule", key), &[candidate], period, now.parse().unwrap());
        matches!(verdicts[0], Verdict::Alert { .. })
    };
    assert!(alerts("first", "2026-03-02T10:00:00Z"));
    assert!(!alerts("first", "2026-03-02T10:00:01Z"));
    for other in 0..100_000 {
        assert!(alerts(&other.to_string(), "2026-03-02T10:01:00Z"));
    }

    assert!(alerts("first", "2026-03-02T10:02:00Z"), "forgotten, so it is sent");
    assert!(!alerts("99999", "2026-03-02T10:02:00Z"), "remembered");
    assert!(table.len() < 100_000);
}
