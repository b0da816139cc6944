//! Messages, shared windows and rejected lines of the version before and of the next one.
//!
//! A minor version adds keys. The files named 1.0 are what lies in queues and blobs when this version is deployed, those
//! named 1.1 what it leaves there itself, and those named 1.2 (of rejected lines 1.1) what a later one would leave behind when
//! it is rolled back.

use std::process::Command;

use certificate_accessed::alert::Due;
use certificate_accessed::render::{Card, CardFault, CardOptions};
use certificate_accessed::state_log::{Action, Answer, Limits, StateLog, Wanted};
use certificate_accessed::windows::{Entry, Joins, Verdict};
use serde_json::{Value, json};

use crate::given::{READ, alerts, answer, assert_schema, binary_batch};

const ALERT: [&str; 2] = [include_str!("compatibility/alert-1.0.json"), include_str!("compatibility/alert-1.2.json")];

/// A snapshot of the shared log, and lines after it.
const STATE: [(&str, &str); 2] = [
    (include_str!("compatibility/snapshot-1.0.json"), include_str!("compatibility/log-1.0.ndjson")),
    (include_str!("compatibility/snapshot-1.2.json"), include_str!("compatibility/log-1.2.ndjson")),
];

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
    let [before, next] = ALERT.map(|alert| Card::of(alert, &CardOptions::default()).unwrap());

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

    assert_eq!(Card::of(&major, &CardOptions::default()).unwrap_err(), CardFault::LaterVersion);
}

#[test]
fn an_alert_of_today_has_every_key_that_a_saved_one_has_for_its_readers() {
    let today = alerts(&answer(&binary_batch(&[READ]))).remove(0);
    let saved: Value = serde_json::from_str(include_str!("compatibility/alert-1.1.json")).unwrap();
    assert_schema(&serde_json::from_str(ALERT[0]).unwrap());
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

/// The shared log as an instance finds it: a snapshot, and lines after it.
fn log_of(snapshot: &str, lines: &str) -> StateLog {
    let (mut log, mut wanted) = (StateLog::new(Limits::default()), Wanted::default());
    while let Some(action) = log.next(&mut wanted, "2026-03-02T08:12:00Z".parse().unwrap()) {
        let answer = match &action {
            Action::FindNewest => Answer::Newest(Some(7)),
            Action::GetSnapshot { .. } => Answer::Bytes(vec![snapshot.to_owned().into()]),
            Action::Read { .. } => Answer::Bytes(vec![lines.to_owned().into()]),
            other => panic!("nothing is to be written: {other:?}"),
        };
        log.take(action, answer, &mut wanted).unwrap();
    }
    log
}

/// A match with the digits of its key and record.
fn entry(key: &str, record: u32, value: &str, threshold: usize) -> Entry {
    serde_json::from_value(json!({
        "rule": "rule", "key": key, "identity": "who", "value": value, "record": format!("{record:032x}"),
        "time": "2026-03-02T08:02:00Z", "hub": "2026-03-02T08:11:00Z", "minutes": 60, "threshold": threshold,
    }))
    .unwrap()
}

#[test]
fn a_shared_log_of_either_version_decides_alike() {
    for (snapshot, lines) in [STATE[0], STATE[1]] {
        let mut log = log_of(snapshot, lines);

        assert_eq!(log.take_unread_lines(), u64::from(lines.contains("learnt")), "kinds of later versions");
        let dump = log.fold().verdict(&entry("b373d07025435fb67f600efe714753a6", 5, "kv-web/d", 3));
        let names = ["kv-web/a", "kv-web/b", "kv-web/c", "kv-web/d"].map(Into::into).to_vec();
        let Verdict::Alert { created_at, due: Due { counted, incident: None, .. } } = dump else { panic!("{dump:?}") };
        assert_eq!(created_at.to_string(), "2026-03-02T08:11:00Z");
        assert_eq!((counted.count, counted.names), (4, names));
        let former = log.fold().verdict(&entry("00112233445566778899aabbccddeeff", 1, "", 1));
        let created_at = "2026-03-02T08:05:00Z".parse().unwrap();
        assert_eq!(former, Verdict::Alert { created_at, due: Due::default() });
        let near = log.fold().verdict(&entry("00112233445566778899aabbccddeeff", 6, "", 1));
        assert!(matches!(near, Verdict::Suppressed { .. }));
    }
}

#[test]
fn an_incident_that_a_saved_log_has_open_goes_on() {
    let log = log_of(include_str!("compatibility/snapshot-1.1.json"), include_str!("compatibility/log-1.1.ndjson"));

    let state = log.fold().windows().find_map(|window| window.incident).expect("an incident");
    assert_eq!((state.step, state.names), (1, 5));
    let joins = Joins { key: entry("b373d07025435fb67f600efe714753a6", 1, "", 3).key, may_have_no_card: true };
    let joining = Entry { joins: Some(joins), ..entry("00112233445566778899aabbccddeeff", 6, "", 1) };
    let joined = log.fold().verdict(&joining);
    let Verdict::Alert { due: Due { incident: Some(incident), has_no_card: true, .. }, .. } = joined else {
        panic!("{joined:?}")
    };
    assert_eq!((incident.id, incident.step), (state.id, None));
    let first = log.fold().verdict(&entry("b373d07025435fb67f600efe714753a6", 4, "kv-web/c", 3));
    assert!(
        matches!(first, Verdict::Alert { due: Due { incident: Some(incident), .. }, .. } if incident.step == Some(1)),
        "{first:?}"
    );
}

#[test]
fn a_snapshot_of_today_has_the_keys_and_forms_of_a_saved_one() {
    let saved: Value = serde_json::from_str(STATE[0].0).unwrap();

    let today = serde_json::to_value(log_of(STATE[0].0, "").fold()).unwrap();

    assert_eq!(today, saved["fold"]);
    let saved = include_str!("compatibility/snapshot-1.1.json");
    let today = serde_json::to_value(log_of(saved, "").fold()).unwrap();
    assert_eq!(today, serde_json::from_str::<Value>(saved).unwrap()["fold"]);
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

    // Both files hold the same record, each in an event of its own.
    let alert: Value = serde_json::from_slice(&output.stdout).unwrap();
    let source = &alert["records"][0]["source"];
    assert_eq!(source["sequenceNumber"], 1005, "{source}");
    assert_eq!(source["alsoAt"][0]["sequenceNumber"], 1006, "{source}");
}
