//! Several threads, and records that are read again for their alerts.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Output};

use support::invented_logs::book::Record;
use support::invented_logs::month::Day;
use support::invented_logs::shelf;

use super::{ids, messages, replay, replay_with};
use crate::given::{READ, read_of};

/// A day with a theft in it, in several kinds of files: out of order, some of it twice, some of it broken.
fn write_day(folder: &Path) {
    let records = Day::new(19).reads();
    let records: Vec<&Record> = records.iter().collect();
    let (early, late) = records.split_at(records.len() / 2);
    let twice: Vec<_> = early.iter().step_by(3).copied().collect();
    std::fs::write(folder.join("a-late.ndjson"), shelf::lines(late)).unwrap();
    std::fs::write(folder.join("b-early.json"), shelf::envelopes(early, 50)).unwrap();
    shelf::write_gzip(&folder.join("c-some-of-it-again.ndjson.gz"), &shelf::lines(&twice)).unwrap();
    let broken = format!("{}\n{}\n", &READ[..READ.len() - 9], read_of("kv-b", "192.0.2.8"));
    std::fs::write(folder.join("d-broken.ndjson"), broken).unwrap();
}

/// What was said, but for how long it took.
fn said(output: &Output) -> String {
    let stderr = String::from_utf8(output.stderr.clone()).unwrap();
    let without_time = |line: &str| match line.rsplit_once(", ") {
        Some((before, seconds)) if seconds.ends_with(" s") => before.to_owned(),
        _ => line.to_owned(),
    };
    stderr.lines().map(without_time).collect::<Vec<_>>().join("\n")
}

#[test]
fn any_number_of_threads_prints_byte_for_byte_what_one_does() {
    let folder = tempfile::tempdir().unwrap();
    write_day(folder.path());
    let path = folder.path().to_str().unwrap();
    let run = |threads: &str| {
        let from_stdin = read_of("kv-stdin", "2001:db8::7");
        let arguments = ["replay", path, "samples", "-", "--threads", threads];
        replay_with(&arguments, from_stdin.as_bytes(), &[("RULES", "all")])
    };

    let one = run("1");

    let thefts = messages(&one).into_iter().filter(|alert| alert["severity"] == "HIGH").count();
    assert!(thefts >= 2, "the day's theft and that of the samples");
    assert!(said(&one).contains("copies of matching records are left out"), "{}", said(&one));
    for threads in ["2", "5"] {
        let several = run(threads);
        assert_eq!(several.stdout, one.stdout, "{threads} threads");
        assert_eq!((said(&several), several.status.code()), (said(&one), one.status.code()), "{threads} threads");
    }
}

#[test]
fn an_alert_shows_its_record_as_it_came_whether_it_is_read_again_or_was_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    // White space within a record stays where a message is made of the file itself, too.
    let record = READ.replacen(',', ", ", 1);
    let envelope = format!("\u{feff}\n{{\"records\": [ {record} , {}]}}\n", read_of("kv-b", "192.0.2.8"));
    std::fs::write(path("plain.json"), &envelope).unwrap();
    shelf::write_gzip(Path::new(&path("packed.json.gz")), &envelope).unwrap();

    let plain = messages(&replay(&["replay", &path("plain.json")], b""));
    let packed = messages(&replay(&["replay", &path("packed.json.gz")], b""));
    let piped = messages(&replay(&["replay", "-"], envelope.as_bytes()));

    assert_eq!(ids(&plain), ids(&packed));
    assert_eq!(ids(&plain), ids(&piped));
    let texts = |alerts: &[serde_json::Value]| {
        alerts.iter().map(|alert| alert["records"][0]["record"].to_string()).collect::<BTreeSet<_>>()
    };
    assert_eq!(texts(&plain), texts(&packed));
    assert_eq!(texts(&plain), texts(&piped));
    let read: serde_json::Value = serde_json::from_str(READ).unwrap();
    assert!(texts(&plain).contains(&read.to_string()));
    assert_eq!(plain[0]["records"][0]["source"]["line"], 2);
}

#[test]
fn a_file_that_changes_before_its_alert_is_made_is_named_and_costs_that_alert_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("changes.json"), READ).unwrap();
    assert!(Command::new("mkfifo").arg(path("waits")).status().unwrap().success());
    let child = Command::new(env!("CARGO_BIN_EXE_certificate-accessed"))
        .args([Path::new("replay"), &path("changes.json"), &path("waits")])
        .env("RULES", "CertificateAccessed")
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();

    // It opens the pipe after it has read the file, and so does this, which waits for it.
    let pipe = std::fs::OpenOptions::new().write(true).open(path("waits")).unwrap();
    std::fs::write(path("changes.json"), READ.replace("2026", "2025")).unwrap();
    std::io::Write::write_all(&mut &pipe, read_of("kv-b", "192.0.2.8").as_bytes()).unwrap();
    drop(pipe);
    let output = child.wait_with_output().unwrap();

    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(messages(&output).len(), 1, "{stderr}");
    assert!(stderr.contains("changes.json:1: it changed while it was read"), "{stderr}");
    assert_eq!(output.status.code(), Some(1), "{stderr}");
}

#[test]
fn copies_without_a_time_count_once_like_any_others() {
    let read = READ.replace("2026-03-02T08:14:58", "some time");
    for copies in 1..=4 {
        let output = replay(&["replay", "-"], format!("{read}\n").repeat(copies).as_bytes());

        let [alert] = messages(&output).try_into().unwrap();
        let source = &alert["records"][0]["source"];
        assert_eq!(source["alsoAt"].as_array().map_or(0, Vec::len), copies - 1, "{source}");
        assert!(said(&output).contains(" 2 matches, 1 alerts"), "of two rules: {}", said(&output));
    }
}

#[test]
fn a_line_that_was_cut_off_leaves_the_lines_after_it_their_own_numbers() {
    let reads: Vec<_> = (0..5).map(|number| read_of(&format!("kv-{number}"), "192.0.2.8")).collect();
    for cut in ["{", "{\"time\"", "{\"time\":", "{\"records\":[", "{\"a\":{\"b\":[1,"] {
        let lines = [&reads[0], cut, &reads[1], &reads[2], &reads[3]].join("\n");

        let output = replay_with(&["replay", "-"], lines.as_bytes(), &[("RULES", "CertificateAccessed")]);

        let lines: Vec<_> =
            messages(&output).iter().map(|alert| alert["records"][0]["source"]["line"].clone()).collect();
        assert_eq!(lines, [1, 3, 4, 5], "{cut}");
    }
}

#[test]
fn an_alert_without_any_time_is_the_same_whenever_it_is_made() {
    let read = READ.replace("2026-03-02T08:14:58", "some time");
    let run = || replay(&["replay", "-"], read.as_bytes()).stdout;

    assert_eq!(run(), run());
}
