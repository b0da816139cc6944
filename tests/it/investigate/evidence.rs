//! What a report needs to be evidence.

use std::fs;

use sha2::{Digest as _, Sha256};

use super::{Desk, call, investigate, stderr};
use crate::replay::replay;

fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn read() -> String {
    call("SecretGet", "o1", "203.0.113.9", "secrets/db", "2026-03-19T02:00:00Z")
}

#[test]
fn the_report_names_each_input_with_its_size_and_hash_and_how_it_was_made() {
    let desk = Desk::with(&[read()]);

    let output = desk.investigate(&["--identity", "o1"]);

    assert!(output.status.success(), "{}", stderr(&output));
    let (report, bytes) = (desk.json(), fs::read(desk.logs()).unwrap());
    let input = &report["inputs"][0];
    assert_eq!(input["path"], desk.logs().to_str().unwrap());
    assert_eq!(input["bytes"], bytes.len());
    assert_eq!(input["sha256"], hash(&bytes));
    assert_eq!((&input["records"], &input["unread"]), (&1.into(), &serde_json::json!([])));
    assert_eq!(report["version"], concat!("certificate-accessed ", env!("CARGO_PKG_VERSION")));
    assert_eq!(report["command"][1], "investigate");
    assert_eq!(report["asked"]["identities"], serde_json::json!(["o1"]));
    assert!(report["started"].as_str().unwrap() <= report["ended"].as_str().unwrap());
    assert!(desk.text("report.html").contains(&hash(&bytes)));
}

#[test]
fn the_sums_verify_all_other_files() {
    let desk = Desk::with(&[read()]);

    desk.investigate(&["--identity", "o1"]);

    let sums = desk.text("SHA256SUMS");
    let named: Vec<_> = sums.lines().map(|line| line.split_once("  ").unwrap()).collect();
    assert_eq!(named.len(), 5);
    for (sum, file) in named {
        assert_eq!(sum, hash(desk.text(file).as_bytes()), "{file}");
    }
}

#[test]
fn the_same_logs_give_the_same_tables_byte_for_byte() {
    let desk = Desk::with(&[read()]);
    let again = desk.folder.path().join("again");

    desk.investigate(&["--identity", "o1"]);
    investigate(&desk.logs(), &again, &["--identity", "o1"]);

    for file in ["rotate.csv", "timeline.csv", "queries.kql"] {
        assert_eq!(desk.text(file), fs::read_to_string(again.join(file)).unwrap(), "{file}");
    }
}

#[test]
fn what_could_not_be_read_is_in_the_report_and_ends_the_command_with_1() {
    let desk = Desk::with(&[read(), "{\"broken\"".to_owned()]);

    let output = desk.investigate(&["--identity", "o1"]);

    assert_eq!(output.status.code(), Some(1));
    assert_eq!(desk.json()["inputs"][0]["unread"], serde_json::json!(["1 not decodable: malformed"]));
    assert_eq!(desk.column("rotate.csv", "name"), ["db"]);
    assert!(stderr(&output).contains("1 not decodable: malformed"), "{}", stderr(&output));
}

#[test]
fn an_input_that_is_not_there_is_named_and_the_others_are_read() {
    let desk = Desk::with(&[read()]);
    let (logs, out) = (desk.logs(), desk.out());

    let arguments =
        ["investigate", logs.to_str().unwrap(), "absent.json", "--out", out.to_str().unwrap(), "--identity", "o1"];
    let output = replay(&arguments, b"");

    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("cannot read absent.json"), "{}", stderr(&output));
    assert_eq!(desk.column("rotate.csv", "name"), ["db"]);
}

#[test]
fn standard_input_is_refused_because_its_hash_would_prove_nothing() {
    let desk = Desk::with(&[]);

    let output =
        replay(&["investigate", "-", "--out", desk.out().to_str().unwrap(), "--identity", "o1"], read().as_bytes());

    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("save it as a file first"), "{}", stderr(&output));
}

#[test]
fn a_folder_that_is_not_empty_is_refused_before_anything_is_written() {
    let desk = Desk::with(&[read()]);
    fs::create_dir(desk.out()).unwrap();
    fs::write(desk.out().join("notes.txt"), "mine").unwrap();

    let output = desk.investigate(&["--identity", "o1"]);

    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("is not empty"), "{}", stderr(&output));
    assert_eq!(fs::read_dir(desk.out()).unwrap().count(), 1);
}
