//! A baseline as a file: written from saved logs, read by `replay`, and refused with a reason.

use std::fs;

use serde_json::Value;

use super::{JOB, Reader, STRANGE, on, read};
use crate::replay::{messages, replay, replay_with};

/// Fifteen days of the job's reads, as lines.
fn quiet() -> String {
    (1..=15).map(|day| read(JOB, "kv-job", on(day, 0)) + "\n").collect()
}

#[test]
fn a_baseline_of_saved_logs_lets_replay_judge_what_it_has_never_seen() {
    let folder = tempfile::tempdir().unwrap();
    let (logs, baseline) = (folder.path().join("logs.ndjson"), folder.path().join("baseline.json"));
    fs::write(&logs, quiet()).unwrap();
    let theft = read(Reader { address: STRANGE, client: "curl/8", ..JOB }, "kv-job", on(16, 0));
    let unfamiliar = &[("RULES", "UnfamiliarReader")];

    let written = replay(&["baseline", logs.to_str().unwrap(), "--out", baseline.to_str().unwrap()], b"");
    let with = replay_with(&["replay", "--baseline", baseline.to_str().unwrap(), "-"], theft.as_bytes(), unfamiliar);
    let without = replay_with(&["replay", "-"], theft.as_bytes(), unfamiliar);

    assert!(written.status.success(), "{}", String::from_utf8_lossy(&written.stderr));
    let text = fs::read_to_string(&baseline).unwrap();
    assert!(text.contains("192.0.2.0/24") && text.contains("kv-job") && !text.contains("token"), "{text}");
    assert_eq!(messages(&with)[0]["severity"], "HIGH");
    assert!(messages(&without).is_empty());
}

#[test]
fn the_same_logs_give_the_same_baseline_byte_for_byte() {
    let write = || replay(&["baseline", "-", "--out", "-"], quiet().as_bytes()).stdout;

    let first = write();

    assert_eq!(first, write());
    let parsed: Value = serde_json::from_slice(&first).unwrap();
    assert_eq!(parsed["schemaVersion"], "1.0");
    assert_eq!(parsed["since"], "2026-03-01T08:00:00Z");
}

#[test]
fn a_baseline_that_cannot_be_used_says_why() {
    let folder = tempfile::tempdir().unwrap();
    for (content, reason) in [
        ("[]", "it is not what `certificate-accessed baseline` writes"),
        (r#"{"schemaVersion":"2.0","vaults":{},"readers":{}}"#, "it is of a later version (2.0)"),
    ] {
        let file = folder.path().join("baseline.json");
        fs::write(&file, content).unwrap();

        let output = replay(&["replay", "--baseline", file.to_str().unwrap(), "-"], b"");

        assert_eq!(output.status.code(), Some(1));
        assert!(
            String::from_utf8_lossy(&output.stderr).contains(reason),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

proptest::proptest! {
    #[test]
    fn no_bytes_of_a_baseline_can_do_harm(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200), at in 0usize..400) {
        let mut broken = br#"{"schemaVersion":"1.0","since":"2026-03-01T08:00:00Z","vaults":{"kv":{"first":"2026-03-01T08:00:00Z","last":"2026-03-01T08:00:00Z"}},"readers":{}}"#.to_vec();
        let at = at.min(broken.len());
        broken.splice(at..at, bytes.iter().copied());

        for bytes in [bytes, broken] {
            let _read = certificate_accessed::usual::Usual::from_baseline(&bytes);
        }
    }
}
