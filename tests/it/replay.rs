//! The command line over saved logs.

/// Entries of a folder that are no logs, and lines without an end.
#[cfg(unix)]
pub(crate) mod inputs;

/// Ctrl-C in the middle.
#[cfg(target_os = "linux")]
mod interrupt;

/// Which alerts are printed, and as what.
mod shown;

/// Alerts as a table.
#[cfg(target_os = "linux")]
mod table;

/// Several threads, and what is read again.
#[cfg(unix)]
mod threads;

/// Text of others on a terminal.
#[cfg(target_os = "linux")]
mod terminal;

use std::collections::BTreeSet;
use std::io::{ErrorKind, Write as _};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::given::{READ, REFUSED, WRITE, alerts, answer, assert_schema, binary_batch, read_of, rejected};

pub(crate) fn replay(arguments: &[&str], input: &[u8]) -> Output {
    replay_with(arguments, input, &[])
}

pub(crate) fn replay_with(arguments: &[&str], input: &[u8], settings: &[(&str, &str)]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_certificate-accessed"))
        .args(arguments)
        .envs(settings.iter().copied())
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary");
    let written = child.stdin.take().expect("stdin").write_all(input);
    // A command that refuses its input may have ended by then.
    assert!(written.is_ok() || written.is_err_and(|error| error.kind() == ErrorKind::BrokenPipe));
    child.wait_with_output().expect("an end")
}

pub(crate) fn messages(output: &Output) -> Vec<Value> {
    let lines = String::from_utf8(output.stdout.clone()).expect("UTF-8");
    let messages: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    messages.iter().for_each(assert_schema);
    messages
}

fn ids(messages: &[Value]) -> BTreeSet<String> {
    messages.iter().map(|message| message["alertId"].as_str().expect("an id").to_owned()).collect()
}

#[test]
fn the_activity_log_of_a_day_shows_the_reads_of_four_callers() {
    let output = replay(&["replay", "samples/", "--rules", "CertificateAccessed"], b"");

    let messages = messages(&output);
    let callers: BTreeSet<_> =
        messages.iter().map(|message| message["alertContext"]["caller_ip"].to_string()).collect();
    assert_eq!(callers.len(), 4, "{callers:?}");
    let summary = String::from_utf8_lossy(&output.stderr);
    assert!(summary.contains("52 files, 750 records"), "{summary}");
    assert!(summary.contains("12 matches"), "{summary}");
    assert!(summary.contains("0 rejected"), "{summary}");
    assert!(output.status.success());
}

#[test]
fn replay_and_serve_give_the_same_alerts_with_the_same_ids() {
    let events = [READ.to_owned(), WRITE.to_owned(), read_of("kv-b", "192.0.2.8"), REFUSED.to_owned()];

    let served = alerts(&answer(&binary_batch(&events)));
    let replayed = messages(&replay(&["replay", "-"], events.join("\n").as_bytes()));

    assert_eq!(served.len(), 2);
    assert_eq!(ids(&served), ids(&replayed));
}

#[test]
fn every_record_of_a_file_is_known_by_its_line() {
    let input = format!("{WRITE}\n\n{READ}\n{{\"records\":[\n  {}\n]}}\n", read_of("kv-b", "192.0.2.8"));

    let messages = messages(&replay(&["replay", "-"], input.as_bytes()));

    let lines: Vec<_> = messages.iter().map(|message| message["records"][0]["source"]["line"].as_u64()).collect();
    assert_eq!(lines, [Some(4), Some(3)], "in the order of the records' times");
    assert_eq!(messages[0]["records"][0]["source"]["file"], "-");
}

#[test]
fn a_rejected_file_is_read_back_with_the_place_of_each_event() {
    let broken = READ.replace("\"resultType\"", "'resultType'");
    let answer = answer(&binary_batch(&[broken.as_str()]));
    assert_eq!(rejected(&answer).len(), 1);
    let mended = answer["Outputs"]["rejected"].as_str().unwrap().replace(&base64_of(&broken), &base64_of(READ));

    let messages = messages(&replay(&["replay", "-"], mended.as_bytes()));

    assert_eq!(messages.len(), 1);
    assert_eq!(messages[0]["records"][0]["source"]["sequenceNumber"], 90_210);
}

fn base64_of(text: &str) -> String {
    use base64::Engine as _;
    base64::prelude::BASE64_STANDARD.encode(text)
}

#[test]
fn an_input_that_cannot_be_read_is_named_and_the_others_are_read() {
    let output = replay(&["replay", "no-such-file.json", "samples/event-hub"], b"");

    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("cannot read no-such-file.json"));
    assert!(!messages(&output).is_empty());
}

#[test]
fn a_gzip_that_breaks_off_gives_up_what_is_in_it_and_fails() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("log.json.gz");
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
    encoder.write_all(format!("{READ}\n{}", WRITE.repeat(2000)).as_bytes()).expect("packed");
    let packed = encoder.finish().expect("packed");
    std::fs::write(&path, &packed[..packed.len() / 2]).expect("written");

    let output = replay(&["replay", path.to_str().expect("UTF-8")], b"");

    assert_eq!(output.status.code(), Some(1));
    assert_eq!(messages(&output).len(), 1);
}

#[test]
fn what_was_not_read_is_summed_up_at_the_end_with_the_reasons() {
    let folder = tempfile::tempdir().expect("a folder");
    let files: [(&str, &[u8]); 6] = [
        ("reads.json", READ.as_bytes()),
        ("broken.json", b"{\"time\":\"2026-03-02T08:14:58Z\",\n"),
        ("table.parquet", b"PAR1"),
        ("more.parquet", b"PAR1"),
        ("cut.gz", b"\x1f\x8b\x08"),
        (".hidden", b"{}"),
    ];
    files.iter().for_each(|(name, bytes)| std::fs::write(folder.path().join(name), bytes).expect("written"));

    let output = replay(&["replay", folder.path().to_str().expect("UTF-8"), "no-such-file.json"], b"");

    let said = String::from_utf8_lossy(&output.stderr);
    let unread: Vec<_> = said.lines().filter(|line| line.starts_with("not read: ")).collect();
    assert_eq!(
        unread,
        [
            "not read: 5 inputs or parts of them, named above: 1 not to be opened, 1 not to be read or unpacked, \
             2 of a form that is not read, 1 without a record",
            "not read: what is no record, 1 malformed",
            "not read: 1 hidden entries of folders, 0 links to folders; name them to read them",
        ],
        "{said}"
    );
    assert_eq!((messages(&output).len(), output.status.code()), (1, Some(1)));
}

#[test]
fn without_a_command_it_prints_how_to_use_it_and_exits_2() {
    let output = replay(&[], b"");

    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("Usage: certificate-accessed"));
}

#[test]
fn a_table_is_for_people() {
    let output = replay(&["replay", "--format", "table", "samples/ndjson"], b"");

    assert_eq!(String::from_utf8_lossy(&output.stdout), "No alerts.\n");
    assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/ndjson").is_dir());
}

#[test]
fn the_same_record_in_two_files_is_one_and_keeps_both_places() {
    let folder = tempfile::tempdir().unwrap();
    let spaced = READ.replace("\":", "\": ").replacen('{', "{\n ", 1);
    std::fs::write(folder.path().join("first.json"), READ).unwrap();
    std::fs::write(folder.path().join("second.json"), format!("{spaced}\n{}\n", read_of("kv-b", "192.0.2.8"))).unwrap();

    let output = replay(&["replay", folder.path().to_str().unwrap()], b"");

    let messages = messages(&output);
    assert_eq!(messages.len(), 2);
    assert_eq!(messages[1]["window"]["matchCount"], 1);
    let source = &messages[1]["records"][0]["source"];
    assert!(source["file"].as_str().unwrap().ends_with("first.json"), "{source}");
    assert!(source["alsoAt"][0]["file"].as_str().unwrap().ends_with("second.json"), "{source}");
    let summary = String::from_utf8_lossy(&output.stderr);
    assert!(summary.contains("4 matches, 2 alerts"), "of two rules, one of which only counts: {summary}");
    assert!(summary.contains("1 copies of matching records are left out"), "{summary}");
}

#[test]
fn reads_without_a_time_that_can_be_read_share_no_window() {
    let read = |name: usize, time: &str| {
        format!(
            r#"{{"time":{time},"category":"AuditEvent","operationName":"CertificateGet","identity":{{"claim":{{"oid":"o-1"}}}},"properties":{{"id":"https://kv-web.vault.azure.net/certificates/c{name}","httpStatusCode":200}},"resourceId":"/SUBSCRIPTIONS/S/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.KEYVAULT/VAULTS/KV-WEB"}}"#
        )
    };
    let days: Vec<_> =
        (0..30).map(|day| read(day, &(1_772_439_298_000_u64 + day as u64 * 86_400_000).to_string())).collect();
    let unreadable: Vec<_> = (0..30).map(|day| read(day, &format!("\"some time on day {day}\""))).collect();
    for (lines, timeless) in [(days, false), (unreadable, true)] {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), lines.join("\n")).unwrap();

        let output = Command::new(env!("CARGO_BIN_EXE_certificate-accessed"))
            .args(["replay", file.path().to_str().unwrap()])
            .env("RULES", "AuditedCertificateRead,CertificateDump")
            .output()
            .unwrap();

        let messages = messages(&output);
        assert_eq!(messages.len(), 30, "each read is an alert, and no dump");
        assert!(messages.iter().all(|message| message["severity"] == "MEDIUM"));
        let summary = String::from_utf8_lossy(&output.stderr);
        assert_eq!(summary.contains("60 matches have no time that can be read"), timeless, "{summary}");
    }
}

#[test]
fn rules_are_named_in_any_case_and_what_is_below_a_severity_is_not_printed() {
    let run = |arguments: &[&str]| {
        let output = replay(&[&["replay", "samples", "--format", "jsonl"], arguments].concat(), b"");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        messages(&output).iter().map(|alert| alert["severity"].as_str().unwrap().to_owned()).collect::<BTreeSet<_>>()
    };

    assert_eq!(run(&["--rules", "certificatedump"]), BTreeSet::from(["HIGH".to_owned()]));
    assert!(run(&["--rules", "ALL"]).contains("INFO"));
    assert_eq!(run(&["--rules", "all", "--min-severity", "high"]), BTreeSet::from(["HIGH".to_owned()]));

    let unknown = replay(&["replay", "samples", "--rules", "Nothing"], b"");
    assert_eq!(unknown.status.code(), Some(1));
    let severity = replay(&["replay", "samples", "--min-severity", "loud"], b"");
    assert_eq!(severity.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&severity.stderr).contains("info, low, medium, high or critical"));
}
