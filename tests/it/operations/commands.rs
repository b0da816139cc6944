//! The page's own command lines, run as they stand with a stand-in for `az`.

use std::path::Path;
use std::process::Command;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;

use super::{page, repository};
use crate::given::alerts_of;

/// A rejected line whose event holds a sound read of a certificate and a broken one, both of an audit log.
const REJECTED: &str = include_str!("rejected.ndjson");

/// All lines in the blocks of a section.
fn lines_of(section: &str) -> String {
    let page = page();
    let section = page.split(&format!("## {section}\n")).nth(1).expect("the section").split("\n## ").next().unwrap();
    section.split("```").skip(1).step_by(2).map(|block| block.split_once('\n').unwrap().1).collect()
}

/// Runs a section's lines in one shell, and returns the calls of `az`, each as its arguments.
fn az_calls(section: &str, stand_in: &[(&str, &str)]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let link = |to: &Path, name: &str| std::os::unix::fs::symlink(to, folder.path().join(name)).unwrap();
    link(&repository("tests/it/operations/az"), "az");
    link(Path::new(env!("CARGO_BIN_EXE_certificate-accessed")), "certificate-accessed");
    link(&repository("docs"), "docs");
    let path = std::env::var("PATH").unwrap();
    let calls = folder.path().join("calls");

    let ran = Command::new("bash")
        .args(["-c", &lines_of(section)])
        .current_dir(folder.path())
        .env("PATH", format!("{}:{path}", folder.path().display()))
        .envs([("STORAGE", "store"), ("APP", "app"), ("GROUP", "group")])
        .env("AZ_CALLS", &calls)
        .env("AZ_BLOB", repository("tests/it/operations/rejected.ndjson"))
        .envs(stand_in.iter().copied())
        .output()
        .unwrap();

    let called = std::fs::read_to_string(&calls).unwrap_or_else(|_| panic!("{ran:?}"));
    called.lines().map(str::to_owned).collect()
}

fn count(calls: &[String], words: &str) -> usize {
    calls.iter().filter(|call| call.contains(words)).count()
}

#[test]
fn a_rejected_read_of_an_audit_log_is_alerted_by_the_page_s_own_lines() {
    let line: Value = serde_json::from_str(REJECTED).unwrap();
    let event = BASE64_STANDARD.decode(line["payload"].as_str().unwrap()).unwrap();

    let calls = az_calls("Rejected files again", &[]);

    let put: Vec<Value> = calls
        .iter()
        .filter(|call| call.contains("message put") && call.contains("--queue-name certificate-alerts"))
        .map(|call| call.rsplit(' ').next().unwrap())
        .map(|content| serde_json::from_slice(&BASE64_STANDARD.decode(content).unwrap()).unwrap())
        .collect();
    let ids = |alerts: &[Value]| alerts.iter().map(|alert| alert["alertId"].to_string()).collect::<Vec<_>>();
    assert_eq!(ids(&put), ids(&alerts_of("all", &[event])), "{calls:?}");
    assert_eq!(put.len(), 1);
}

#[test]
fn a_poisoned_message_is_put_back_and_then_deleted() {
    let calls = az_calls("The poison queue", &[("AZ_MESSAGE", "e30=")]);

    let (put, deleted) = (calls.iter().position(|call| call.contains("message put")), calls.last().unwrap());
    assert_eq!(put, Some(calls.len() - 2), "{calls:?}");
    assert!(calls[calls.len() - 2].contains("--queue-name certificate-teams --content e30="), "{calls:?}");
    assert!(
        deleted.contains("message delete") && deleted.contains("--queue-name certificate-teams-poison"),
        "{deleted}"
    );
    assert!(deleted.contains("--id id-1") && deleted.contains("--pop-receipt receipt-1"), "{deleted}");
}

#[test]
fn a_poisoned_message_that_cannot_be_put_back_is_not_deleted() {
    let calls = az_calls("The poison queue", &[("AZ_MESSAGE", "e30="), ("AZ_PUT", "1")]);

    assert_eq!((count(&calls, "message put"), count(&calls, "message delete")), (1, 0), "{calls:?}");
}

#[test]
fn of_an_empty_poison_queue_nothing_is_put_back() {
    let calls = az_calls("The poison queue", &[("AZ_MESSAGE", "")]);

    assert_eq!((count(&calls, "message put"), count(&calls, "message delete")), (0, 0), "{calls:?}");
}
