//! Messages, windows and rejected lines of the version before and of the next one.
//!
//! A minor version adds keys. The files named 1.0 are what lies in queues and blobs when this version is deployed; those
//! named 1.1 are what a later one would leave behind when it is rolled back.

use std::process::Command;

use certificate_accessed::render::{Card, CardFault};
use certificate_accessed::windows::{Candidate, Period, RecordId, State, Verdict};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::given::{READ, alerts, answer, assert_schema, binary_batch};

const ALERT: [&str; 2] = [include_str!("compatibility/alert-1.0.json"), include_str!("compatibility/alert-1.1.json")];
const WINDOW: [&str; 2] =
    [include_str!("compatibility/window-1.0.json"), include_str!("compatibility/window-1.1.json")];

/// All keys with their paths; of an array, those of its first element.
fn keys(value: &Value, path: &str, into: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                into.push(format!("{path}/{name}"));
                keys(value, &format!("{path}/{name}"), into);
            }
        }
        Value::Array(array) => array.iter().take(1).for_each(|value| keys(value, path, into)),
        _ => {}
    }
}

#[test]
fn a_saved_alert_of_either_version_becomes_the_same_card() {
    let [before, next] = ALERT.map(|alert| Card::of(alert).unwrap());

    assert_eq!(before, next);
    assert_eq!(before.alert_id(), "0f1e2d3c4b5a69788796a5b4c3d2e1f0");
    let shown = before.content().to_string();
    for text in ["kv-web", "ada@example.com", "192.0.2.7", "MEDIUM"] {
        assert!(shown.contains(text), "{text} in {shown}");
    }
}

#[test]
fn a_saved_alert_of_another_major_version_waits_in_the_queue() {
    let major = ALERT[0].replace(r#""schemaVersion": "1.0""#, r#""schemaVersion": "2.0""#);

    assert_eq!(Card::of(&major).unwrap_err(), CardFault::LaterVersion);
}

#[test]
fn an_alert_of_today_has_every_key_that_a_saved_one_has_for_its_readers() {
    let today = alerts(&answer(&binary_batch(&[READ]))).remove(0);
    let saved: Value = serde_json::from_str(ALERT[0]).unwrap();
    assert_schema(&saved);

    let (mut before, mut now) = (Vec::new(), Vec::new());
    keys(&saved, "", &mut before);
    keys(&today, "", &mut now);
    // What stands in the context and the records is the rule's and the log's own.
    before.retain(|key| !key.starts_with("/alertContext/") && !key.starts_with("/records/record/"));

    for key in before {
        assert!(now.contains(&key), "{key} is gone: that is a major version");
    }
}

#[test]
fn a_saved_window_of_either_version_decides_alike() {
    let period = Period { minutes: 60, threshold: 1 };
    let candidate = |name: Value| Candidate {
        record: serde_json::from_value::<RecordId>(name).unwrap(),
        enqueued_at: None,
        value: Some("kv-web/tls".to_owned()),
    };
    let owner = candidate(json!("000102030405060708090a0b0c0d0e0f"));
    let former = candidate(json!("f0e0d0c0b0a090807060504030201000"));
    let other = candidate(json!("ffffffffffffffffffffffffffffffff"));
    let time = |text: &str| text.parse::<Timestamp>().unwrap();

    for saved in WINDOW {
        let mut state: State = serde_json::from_str(saved).unwrap();
        let verdicts =
            state.take(&[owner.clone(), former.clone(), other.clone()], period, time("2026-03-02T08:30:00Z"));

        let alert = |at, is_present| Verdict::Alert { created_at: time(at), is_present };
        let expected = [alert("2026-03-02T08:00:00Z", true), alert("2026-03-02T06:00:00Z", false), Verdict::Suppressed];
        assert_eq!(verdicts, expected);
    }
}

#[test]
fn a_window_of_today_is_read_by_the_version_before() {
    let saved: Value = serde_json::from_str(WINDOW[0]).unwrap();
    let state: State = serde_json::from_str(WINDOW[0]).unwrap();

    let written = serde_json::to_value(&state).unwrap();

    assert_eq!(written, saved, "the keys and forms that the version before has written itself");
}

#[test]
fn rejected_lines_of_either_version_are_replayed() {
    let output = Command::new(env!("CARGO_BIN_EXE_certificate-accessed"))
        .args(["replay", "--format", "ndjson"])
        .args(["tests/it/compatibility/rejected-1.0.ndjson", "tests/it/compatibility/rejected-1.1.ndjson"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("DEDUP_MINUTES", "0")
        .output()
        .unwrap();

    let lines = String::from_utf8(output.stdout).unwrap();
    let numbers: Vec<_> = lines
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["records"][0]["source"]["sequenceNumber"].as_u64())
        .collect();
    assert_eq!(numbers, [Some(1005), Some(1006)], "{lines}");
}
