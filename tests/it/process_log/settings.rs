//! Settings that no handler may start with.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::process::{Command, Output};

use super::command;

/// A value that is not UTF-8.
fn no_text() -> &'static OsStr {
    OsStr::from_bytes(b"canary\xff")
}

/// Runs a command of the product with these settings.
fn run(arguments: &[&str], names: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_certificate-accessed"));
    command.args(arguments).env("FUNCTIONS_CUSTOMHANDLER_PORT", "1").current_dir(env!("CARGO_MANIFEST_DIR"));
    command.envs(names.iter().map(|name| (name, no_text()))).output().unwrap()
}

#[test]
fn settings_that_are_not_utf_8_are_named_by_every_command_that_reads_them() {
    let names = [
        "RULES",
        "RULE_SEVERITY",
        "DEDUP_MINUTES",
        "EXPECTED_ACCESS",
        "CERTIFICATE_SECRETS",
        "DUMP_THRESHOLD",
        "TEAMS_WEBHOOK_URL",
        "TEAMS_MIN_SEVERITY",
        "TEAMS_ALLOWED_HOSTS",
        "LOG_LEVEL",
    ];
    for arguments in [&["serve"][..], &["replay", "samples/ndjson"], &["notify", "--test"], &["doctor", "."]] {
        let output = run(arguments, &names);

        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {said}");
        for name in names {
            assert!(said.contains(&format!("{name} is not UTF-8 text")), "{arguments:?}, {name}: {said}");
        }
        assert!(!said.contains("canary"), "{said}");
    }
}

#[test]
fn a_port_and_a_storage_account_that_are_not_utf_8_are_named() {
    let output = run(&["serve"], &["FUNCTIONS_CUSTOMHANDLER_PORT"]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("FUNCTIONS_CUSTOMHANDLER_PORT must be"));

    for name in ["AzureWebJobsStorage", "AzureWebJobsStorage__accountName", "AzureWebJobsStorage__blobServiceUri"] {
        let output = command("1").env("STATE_STORE", "blob").env(name, no_text()).output().unwrap();

        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code() == Some(1) && stderr.contains(&format!("{name} is not UTF-8 text")), "{stderr}");
    }
}

#[test]
fn a_connection_string_that_can_lead_nowhere_ends_it_before_the_port_is_open() {
    for (text, told) in [
        ("DefaultEndpointsProtocol=ftp;AccountName=stcanary;AccountKey=a2V5", "https"),
        ("BlobEndpoint=file:///stcanary;AccountName=stcanary;AccountKey=a2V5", "https"),
        ("DefaultEndpointsProtocol=http;AccountName=stcanary;AccountKey=a2V5", "https"),
        ("BlobEndpoint=http://192.0.2.7/stcanary;AccountName=stcanary;AccountKey=a2V5", "https"),
        ("BlobEndpoint=https://example.com/#stcanary;AccountName=stcanary;AccountKey=a2V5", "address"),
        ("AccountName=stcanary;AccountKey=", "AccountKey"),
        ("AccountName=st canary;AccountKey=a2V5", "3 to 24 letters and digits"),
        ("AccountName=st-canary.example.com;AccountKey=a2V5", "3 to 24 letters and digits"),
        ("AccountName=stcanary;AccountKey=a2V5;EndpointSuffix=no suffix", "address"),
    ] {
        let output = command("1").env("STATE_STORE", "blob").env("AzureWebJobsStorage", text).output().unwrap();

        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{text}");
        assert!(stderr.contains("AzureWebJobsStorage") && stderr.contains(told), "{text}: {stderr}");
        assert!(!stderr.contains("canary") && output.stdout.is_empty(), "{stderr}");
    }
}
