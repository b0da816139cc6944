//! `doctor` over apps that are whole, and over apps that are broken in one way each.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};
use tempfile::TempDir;

/// The head of a static program for Linux on x86-64.
fn elf() -> Vec<u8> {
    let mut head = vec![0; 64];
    head[..6].copy_from_slice(b"\x7fELF\x02\x01");
    head[16] = 2;
    head[18] = 62;
    head
}

/// An app folder that is whole but for what a test breaks in it.
struct AppFolder(TempDir);

const SETTINGS: &str = "local.settings.json";
const HOST: &str = "host.json";
const DETECTOR: &str = "CertificateAccessed/function.json";
const NOTIFIER: &str = "NotifyTeams/function.json";
const BINARY: &str = "bin/certificate-accessed";

impl AppFolder {
    fn whole() -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        for file in [SETTINGS, HOST, DETECTOR, NOTIFIER] {
            let text = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
            folder.write(file, &text);
        }
        folder.write(BINARY, &elf());
        folder.set_mode(0o755);
        folder
    }

    fn write(&self, file: &str, bytes: &[u8]) {
        let path = self.0.path().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    /// Changes one value of a JSON file; `Value::Null` takes it away.
    fn change(&self, file: &str, pointer: &str, value: Value) {
        let mut json: Value = serde_json::from_slice(&std::fs::read(self.0.path().join(file)).unwrap()).unwrap();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        match json.pointer_mut(parent).unwrap() {
            Value::Object(object) if value.is_null() => drop(object.remove(name)),
            Value::Object(object) => drop(object.insert(name.to_owned(), value)),
            Value::Array(array) => drop(array.remove(name.parse().unwrap())),
            other => panic!("{other}"),
        }
        self.write(file, json.to_string().as_bytes());
    }

    fn set(&self, name: &str, value: &str) {
        self.change(SETTINGS, &format!("/Values/{name}"), json!(value));
    }

    fn set_mode(&self, _mode: u32) {
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::Permissions::from_mode(_mode);
            std::fs::set_permissions(self.0.path().join(BINARY), mode).unwrap();
        }
    }

    fn examined(&self) -> (String, Option<i32>) {
        told(&doctor(self.0.path(), &[]))
    }
}

fn doctor(app: &Path, settings: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_certificate-accessed"));
    command.arg("doctor").arg(app).envs(settings.iter().copied()).output().unwrap()
}

fn told(output: &Output) -> (String, Option<i32>) {
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    (String::from_utf8(output.stdout.clone()).unwrap(), output.status.code())
}

/// Asserts that the app has exactly one fault, told in these words.
fn assert_fault(broken: impl FnOnce(&AppFolder), words: &str) {
    let app = AppFolder::whole();
    broken(&app);

    let (lines, code) = app.examined();

    let faults: Vec<_> = lines.lines().filter(|line| line.starts_with("FAULT")).collect();
    assert!(faults.len() == 1 && faults[0].contains(words), "{words} in {lines}");
    assert!(faults[0].matches(": ").count() >= 1, "how to mend it: {lines}");
    assert_eq!(code, Some(1), "{lines}");
}

#[test]
fn a_whole_app_has_no_fault_and_a_line_for_each_check() {
    let (lines, code) = AppFolder::whole().examined();

    assert_eq!(code, Some(0), "{lines}");
    assert!(!lines.contains("FAULT"), "{lines}");
    for words in ["host.json starts", BINARY, DETECTOR, NOTIFIER, "largest body", "for a day", "fit together"] {
        assert!(lines.lines().any(|line| line.starts_with("ok ") && line.contains(words)), "{words} in {lines}");
    }
    assert!(lines.contains("note   only silent rules are on"), "{lines}");
}

#[test]
fn the_repository_lacks_nothing_but_the_binary() {
    assert_fault(
        |app| std::fs::remove_file(app.0.path().join(BINARY)).unwrap(),
        "bin/certificate-accessed of host.json is missing",
    );
}

#[test]
fn what_is_wrong_in_host_json_is_named() {
    assert_fault(|app| app.change(HOST, "/customHandler/description/arguments", json!([])), "with serve");
    assert_fault(
        |app| app.change(HOST, "/customHandler/description/defaultExecutablePath", json!("")),
        "no executable",
    );
    assert_fault(|app| app.change(HOST, "/extensionBundle", Value::Null), "extensionBundle");
    assert_fault(|app| app.change(HOST, "/version", Value::Null), "version 2.0");
    assert_fault(|app| app.change(HOST, "/extensions/eventHubs/maxEventBatchSize", json!(1000)), "limit of 256 MiB");
    assert_fault(|app| app.change(HOST, "/extensions/queues/maxDequeueCount", Value::Null), "maxDequeueCount");
    assert_fault(|app| app.write(HOST, b"{\n  \"canary\": }"), "host.json is not JSON: mend line 2");
    assert_fault(|app| std::fs::remove_file(app.0.path().join(HOST)).unwrap(), "host.json is missing");
}

#[test]
fn what_is_wrong_in_a_function_json_is_named() {
    assert_fault(|app| app.change(DETECTOR, "/bindings/0/name", json!("event")), "no binding events");
    assert_fault(|app| app.change(DETECTOR, "/bindings/1/name", json!("Alerts")), "every alert would be lost");
    assert_fault(|app| app.change(DETECTOR, "/bindings/3", Value::Null), "no binding rejected");
    assert_fault(|app| app.change(DETECTOR, "/bindings/1/type", json!("blob")), "another type than queue");
    assert_fault(|app| app.change(DETECTOR, "/bindings/2/direction", json!("in")), "another direction than out");
    assert_fault(|app| app.change(DETECTOR, "/bindings/0/cardinality", json!("several")), "cardinality");
    assert_fault(|app| app.change(DETECTOR, "/bindings/0/dataType", json!("stream")), "dataType");
    assert_fault(|app| app.change(DETECTOR, "/retry", Value::Null), "no retry policy");
    assert_fault(|app| app.change(DETECTOR, "/retry/maxRetryCount", json!(5)), "gives a batch up");
    assert_fault(|app| app.change(NOTIFIER, "/bindings/0/name", json!("message")), "no binding alert");
    assert_fault(|app| app.change(NOTIFIER, "/bindings/0/queueName", json!("other")), "the queueName of output teams");
    assert_fault(|app| app.write("Other/function.json", b"{}"), "no function Other");
}

#[test]
fn what_is_wrong_with_the_executable_is_named() {
    assert_fault(|app| app.write(BINARY, b"#!/bin/sh\n"), "no program that a machine can run");
    #[cfg(unix)]
    assert_fault(|app| app.set_mode(0o644), "no executable bit");
    for (head, words) in [(b"\xcf\xfa\xed\xfe", "a macOS program"), (b"MZ\x90\0", "a Windows program")] {
        let app = AppFolder::whole();
        app.write(BINARY, head);
        let (lines, code) = app.examined();
        assert!(lines.lines().any(|line| line.starts_with("note") && line.contains(words)), "{lines}");
        assert_eq!(code, Some(0), "{lines}");
    }
}

#[test]
fn settings_that_are_missing_or_contradict_each_other_are_named() {
    for name in ["EVENT_HUB_NAME", "EVENT_HUB_CONSUMER_GROUP", "EventHubConnection", "AzureWebJobsStorage"] {
        assert_fault(|app| app.change(SETTINGS, &format!("/Values/{name}"), Value::Null), name);
    }
    assert_fault(|app| app.set("RULES", "CertificateAccessed,CertificateDump"), "CertificateDump counts in memory");
    assert_fault(|app| app.set("TEAMS_WEBHOOK_URL", "https://hooks.example.com/x"), "NotifyTeams is turned off");
    assert_fault(|app| app.set("FUNCTIONS_WORKER_RUNTIME", "node"), "FUNCTIONS_WORKER_RUNTIME");
    assert_fault(|app| app.set("AzureWebJobs.CertificateAccessed.Disabled", "true"), "the detection is turned off");
    assert_fault(|app| app.set("DUMP_THRESHOLD", "none"), "DUMP_THRESHOLD is not usable");
    assert_fault(
        |app| {
            app.set("DEDUP_STORE", "blob");
            app.set("AzureWebJobsStorage", "AccountName=st");
        },
        "DEDUP_STORE is blob without",
    );
}

#[test]
fn teams_that_is_off_while_its_function_is_on_is_a_note() {
    let app = AppFolder::whole();
    app.set("AzureWebJobs.NotifyTeams.Disabled", "false");

    let (lines, code) = app.examined();

    assert!(lines.contains("note   NotifyTeams is on and TEAMS_WEBHOOK_URL is not set"), "{lines}");
    assert_eq!(code, Some(0));
}

#[test]
fn the_expected_access_file_is_read_and_named_with_its_line() {
    assert_fault(|app| app.set("EXPECTED_ACCESS", "expected.yml"), "EXPECTED_ACCESS names is missing");
    assert_fault(
        |app| {
            app.set("EXPECTED_ACCESS", "expected.yml");
            app.write(
                "expected.yml",
                b"expected:\n  - rules: [NoSuchRule]\n    upns: [ada@example.com]\n    reason: x\n",
            );
        },
        "line 2 column 13",
    );
}

#[test]
fn the_environment_stands_above_the_file_and_no_value_is_ever_printed() {
    let app = AppFolder::whole();
    app.set("EVENT_HUB_NAME", "");
    app.set("LOG_LEVEL", "canary");
    let reference = "@Microsoft.KeyVault(SecretUri=https://canary.vault.azure.net/secrets/x)";
    let settings = [
        ("EVENT_HUB_NAME", "canary-hub"),
        ("EventHubConnection", reference),
        ("TEAMS_WEBHOOK_URL", reference),
        ("RULES", "canary"),
        ("AzureWebJobsStorage", "AccountName=canary;AccountKey=canary"),
    ];

    let (lines, code) = told(&doctor(app.0.path(), &settings));

    assert_eq!(code, Some(1));
    assert!(!lines.contains("canary") && !lines.contains("EVENT_HUB_NAME"), "{lines}");
    for words in ["EventHubConnection is a Key Vault reference", "TEAMS_WEBHOOK_URL is a Key Vault reference", "RULES"]
    {
        assert!(lines.contains(words), "{words} in {lines}");
    }
}

/// Packs an app as a deployment would, its executable with this mode.
fn package(app: &AppFolder, binary: &[u8], mode: u32) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut zip = zip::ZipWriter::new(std::fs::File::create(folder.path().join("app.zip")).unwrap());
    for file in [HOST, DETECTOR, NOTIFIER] {
        zip.start_file(file, zip::write::SimpleFileOptions::default().unix_permissions(0o644)).unwrap();
        zip.write_all(&std::fs::read(app.0.path().join(file)).unwrap()).unwrap();
    }
    zip.start_file(BINARY, zip::write::SimpleFileOptions::default().unix_permissions(mode)).unwrap();
    zip.write_all(binary).unwrap();
    zip.finish().unwrap();
    folder
}

#[test]
fn a_package_is_examined_like_a_folder_and_has_no_settings_of_its_own() {
    let app = AppFolder::whole();
    let examine = |binary: &[u8], mode, settings: &[(&str, &str)]| {
        let folder = package(&app, binary, mode);
        told(&doctor(&folder.path().join("app.zip"), settings))
    };

    let (lines, code) = examine(&elf(), 0o755, &[]);
    assert_eq!(code, Some(0), "{lines}");
    assert!(lines.contains("a package holds no settings"), "{lines}");

    let (lines, code) = examine(&elf(), 0o755, &[("EVENT_HUB_NAME", "azure-logs")]);
    assert_eq!((code, lines.contains("EventHubConnection is missing")), (Some(1), true), "{lines}");

    for (binary, mode, words) in
        [(elf(), 0o644, "no executable bit"), (b"MZ".to_vec(), 0o755, "Azure runs Linux on x86-64")]
    {
        let (lines, code) = examine(&binary, mode, &[]);
        assert_eq!((code, lines.contains(words)), (Some(1), true), "{lines}");
    }
}

#[test]
fn what_is_no_app_is_told_on_stderr() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("no.zip"), b"no zip").unwrap();

    for (name, words) in [("none", "cannot read"), ("no.zip", "no usable zip")] {
        let output = doctor(&folder.path().join(name), &[]);
        assert_eq!(output.status.code(), Some(1));
        assert!(String::from_utf8_lossy(&output.stderr).contains(words), "{output:?}");
    }
}
