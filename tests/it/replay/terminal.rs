//! What people see: no text that others wrote acts on their terminal.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::replay;
use crate::given::READ;

/// A read whose text holds what a terminal acts on: C0, DEL, C1, direction marks, a tag outside of the first plane.
fn hostile_read() -> String {
    READ.replace("/certificates/tls", "/certificates/\\u001b]0;x\\u0007\u{7f}\u{9b}2J\u{202e}\u{2066}\u{feff}\u{e0041}")
}

/// What of a text a terminal would act on or hide, but for line ends.
fn acting(text: &str) -> String {
    let acts = |character: &char| {
        character.is_control()
            || matches!(character, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{e0041}')
    };
    text.chars().filter(acts).filter(|character| !matches!(character, '\n' | '\r')).collect()
}

fn run(arguments: &[&OsStr]) -> (String, String) {
    let output =
        Command::new(env!("CARGO_BIN_EXE_certificate-accessed")).args(arguments).stdin(Stdio::null()).output().unwrap();
    (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn ndjson_is_byte_exact_in_a_pipe_and_escaped_on_a_terminal() {
    if Command::new("script").arg("--version").output().is_err() {
        assert!(std::env::var_os("CI").is_none(), "CI needs `script`, of util-linux, for a terminal");
        return;
    }
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), hostile_read()).unwrap();
    let path = file.path().to_str().unwrap();

    let piped = replay(&["replay", "--format", "ndjson", path], b"");
    let command = format!("{} replay --format ndjson {path} 2>&-", env!("CARGO_BIN_EXE_certificate-accessed"));
    let on_terminal =
        Command::new("script").args(["-qec", &command, "/dev/null"]).stdin(Stdio::null()).output().unwrap();

    let piped = String::from_utf8(piped.stdout).unwrap();
    let shown = String::from_utf8(on_terminal.stdout).unwrap();
    assert!(piped.contains("\u{9b}2J\u{202e}"), "as it came");
    assert_eq!(acting(&shown), "", "{shown:?}");
    let alert = |text: &str| serde_json::from_str::<Value>(text.trim()).unwrap();
    assert_eq!(alert(&shown), alert(&piped));
}

#[test]
fn the_table_shows_what_a_record_holds_and_does_not_act_on_it() {
    let output = replay(&["replay", "--format", "table", "-"], hostile_read().as_bytes());

    let table = String::from_utf8(output.stdout).unwrap();
    assert_eq!(acting(&table), "", "{table:?}");
    assert!(table.contains("\\u{9b}"), "{table}");
}

#[test]
fn names_of_files_and_tests_and_words_of_the_command_line_are_written_out() {
    let folder = tempfile::tempdir().unwrap();
    let name = "\u{1b}]0;x\u{7}\u{7f}\u{9b}2J\u{202e}\u{2066}";
    let file = folder.path().join(name);
    let rule =
        std::fs::read_to_string(format!("{}/src/rules/certificate_accessed.yml", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let (before, after) =
        rule.split_once("Name: ").map(|(before, rest)| (before, rest.split_once('\n').unwrap().1)).unwrap();
    let written = serde_json::to_string(name).unwrap();
    std::fs::write(&file, format!("{before}Name: {written}\n{after}")).unwrap();
    let missing = folder.path().join(format!("{name}missing"));
    let option = format!("--{name}");
    let (file, missing, option) = (file.as_os_str(), missing.as_os_str(), OsStr::from_bytes(option.as_bytes()));

    let word = OsStr::new;
    for arguments in [
        &[word("test"), file][..],
        &[word("test"), missing],
        &[word("replay"), missing],
        &[word("replay"), word("--format"), word("table"), file],
        &[word("replay"), word("--expected"), missing, word("samples")],
        &[word("replay"), word("--expected"), file, word("samples")],
        &[word("doctor"), missing],
        &[word("notify"), word("--preview"), missing],
        &[word("notify"), word("--preview"), file],
        &[word("replay"), option],
        &[option],
    ] {
        let (stdout, stderr) = run(arguments);

        assert_eq!(acting(&format!("{stdout}{stderr}")), "", "{arguments:?}: {stdout:?} {stderr:?}");
        assert!(!format!("{stdout}{stderr}").is_empty(), "{arguments:?}");
    }
}

#[test]
fn a_reader_of_the_first_line_alone_is_no_fault_of_any_command() {
    let binary = env!("CARGO_BIN_EXE_certificate-accessed");
    let alert = replay(&["replay", "samples", "--rules", "CertificateDump"], b"");
    let saved = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(saved.path(), alert.stdout).unwrap();
    let preview = format!("notify --preview {}", saved.path().display());
    for command in [
        "--help",
        "replay --help",
        "test",
        "replay samples --format ndjson",
        "replay samples --format csv",
        "replay samples --format table",
        "baseline samples --out -",
        &preview,
    ] {
        let line = format!("{binary} {command} 2>&1 >&3 3>&- | cat >&2; exit ${{PIPESTATUS[0]}}");
        let script = format!("exec 3> >(head -c 1 >/dev/null); {line}");

        let output = Command::new("bash")
            .args(["-c", &script])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .stdin(Stdio::null())
            .output()
            .unwrap();

        assert_eq!(output.status.code(), Some(0), "{command}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(!String::from_utf8_lossy(&output.stderr).contains("pipe"), "{command}");
    }
}
