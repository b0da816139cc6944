//! Ctrl-C in the middle: what was found so far is told, as a part.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Child, ChildStderr, ChildStdin, Command, Stdio};

use crate::given::read_of;

/// More than a command can take in without having looked at its beginning: that, a buffer, and what a pipe holds.
const BYTES: usize = 1 << 20;

/// A command with pipes for its standard streams.
fn started(arguments: &[&str]) -> (Child, ChildStdin, BufReader<ChildStderr>) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_certificate-accessed"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (input, stderr) = (child.stdin.take().unwrap(), BufReader::new(child.stderr.take().unwrap()));
    (child, input, stderr)
}

/// A command that has read the beginning of its standard input, and waits for the rest of it.
fn waiting(arguments: &[&str]) -> (Child, ChildStdin, BufReader<ChildStderr>) {
    let (child, mut input, stderr) = started(arguments);
    let read = read_of("kv-web", "192.0.2.8") + "\n";
    input.write_all(read.repeat(BYTES / read.len()).as_bytes()).unwrap();
    (child, input, stderr)
}

fn press_ctrl_c(child: &Child) {
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
}

fn wait_for(words: &str, stderr: &mut BufReader<ChildStderr>) {
    let mut line = String::new();
    while !line.contains(words) {
        line.clear();
        assert!(stderr.read_line(&mut line).unwrap() > 0, "{words} was never said");
    }
}

#[test]
fn ctrl_c_prints_what_was_found_so_far_and_says_that_it_is_partial() {
    let (mut child, input, mut stderr) = waiting(&["replay", "-"]);

    press_ctrl_c(&child);
    wait_for("stopping; Ctrl-C again ends at once", &mut stderr);
    drop(input);

    let (mut alerts, mut said) = (String::new(), String::new());
    child.stdout.take().unwrap().read_to_string(&mut alerts).unwrap();
    stderr.read_to_string(&mut said).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130), "{said}");
    assert!(alerts.lines().next().unwrap().contains("kv-web"), "{alerts}");
    assert!(
        said.contains("PARTIAL: Ctrl-C ended the reading in -; 1 of 1 inputs were not read, or not to their end"),
        "{said}"
    );
    assert!(!said.contains("cannot read"), "what was broken off is no fault of the input: {said}");
}

#[test]
fn a_second_ctrl_c_ends_at_once() {
    let (mut child, _input, mut stderr) = waiting(&["replay", "-"]);

    press_ctrl_c(&child);
    wait_for("stopping", &mut stderr);
    press_ctrl_c(&child);

    assert_eq!(child.wait().unwrap().code(), Some(130));
}

#[test]
fn ctrl_c_leaves_no_half_baseline() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("baseline.json");
    let (mut child, input, mut stderr) = waiting(&["baseline", "-", "--out", out.to_str().unwrap()]);

    press_ctrl_c(&child);
    wait_for("stopping", &mut stderr);
    drop(input);

    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(!out.exists());
}

#[test]
fn ctrl_c_leaves_no_half_case() {
    let folder = tempfile::tempdir().unwrap();
    let (logs, out) = (folder.path().join("logs.ndjson"), folder.path().join("case"));
    std::fs::write(&logs, (read_of("kv-web", "192.0.2.8") + "\n").repeat(200_000)).unwrap();
    let arguments = ["investigate", logs.to_str().unwrap(), "--address", "192.0.2.8", "--out", out.to_str().unwrap()];
    let (mut child, _input, mut stderr) = started(&arguments);

    // It has begun when it has the file open.
    while !is_open(&child, &logs) {
        assert!(child.try_wait().unwrap().is_none(), "it ended before it could be interrupted");
    }
    press_ctrl_c(&child);

    let mut said = String::new();
    stderr.read_to_string(&mut said).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130), "{said}");
    assert!(said.contains("stopped by Ctrl-C: nothing was written"), "{said}");
    assert!(!out.exists());
}

fn is_open(child: &Child, path: &Path) -> bool {
    let files = std::fs::read_dir(format!("/proc/{}/fd", child.id())).into_iter().flatten().flatten();
    files.filter_map(|file| std::fs::read_link(file.path()).ok()).any(|target| target == path)
}
