//! `doctor` over apps that are whole, and over apps that are broken in one way each.

mod app_folder;
mod bindings;
mod damaged;
mod host_json;
mod settings;
mod sigma;

use app_folder::{AARCH64, AppFolder, BINARY, DETECTOR, HOST, NOTIFIER, SETTINGS, X86_64, assert_fault, assert_note};
use app_folder::{doctor, elf, told};
use serde_json::json;
use zip::write::SimpleFileOptions;

#[test]
fn a_whole_app_has_no_fault_and_a_line_for_each_check() {
    let (lines, code) = AppFolder::whole().examined();

    assert_eq!(code, Some(0), "{lines}");
    assert!(!lines.contains("FAULT"), "{lines}");
    for words in ["host.json starts", BINARY, DETECTOR, NOTIFIER, "largest body", "for a day", "fit together"] {
        assert!(lines.lines().any(|line| line.starts_with("ok ") && line.contains(words)), "{words} in {lines}");
    }
    assert!(
        lines.contains("ok     a rule reads Key Vault's audit log"),
        "all rules are on where none is named: {lines}"
    );
}

#[test]
fn the_repository_lacks_nothing_but_the_binary() {
    assert_fault(
        |app| std::fs::remove_file(app.0.path().join(BINARY)).unwrap(),
        "bin/certificate-accessed of host.json is missing",
    );
}

#[test]
fn an_executable_that_this_machine_cannot_run_is_a_fault() {
    assert_fault(|app| app.write(BINARY, b"#!/bin/sh\n"), "no program that a machine can run");
    assert_fault(|app| app.write(BINARY, &elf(X86_64)[..20]), "is cut off");
    assert_fault(|app| app.write(BINARY, &elf(X86_64)[..119]), "is cut off");
    #[cfg(unix)]
    assert_fault(|app| app.set_mode(0o644), "no executable bit");
    let other = if std::env::consts::ARCH == "aarch64" { X86_64 } else { AARCH64 };
    assert_fault(|app| app.write(BINARY, &elf(other)), "and this machine runs");
    if std::env::consts::OS == "linux" {
        assert_fault(|app| app.write(BINARY, b"\xcf\xfa\xed\xfe\x07\0\0\x01"), "is a macOS program");
        assert_fault(|app| app.write(BINARY, b"MZ\x90\0"), "is a Windows program");
    }
}

#[test]
fn a_wrong_path_of_the_executable_is_told_with_the_right_one() {
    let path = "/customHandler/description/defaultExecutablePath";
    for wrong in ["bin/certificate-accessed.exe", "bin\\\\certificate-accessed", "certificate-accessed"] {
        assert_fault(
            |app| app.change(HOST, path, json!(wrong)),
            r#"defaultExecutablePath to "bin/certificate-accessed", which is there"#,
        );
    }
}

#[test]
fn an_executable_gets_one_line() {
    let app = AppFolder::whole();
    let mut dynamic = elf(X86_64);
    dynamic[56] = 2; // another segment: the name of a loader
    dynamic.extend([3, 0, 0, 0].iter().chain(&[0; 52]));
    app.write(BINARY, &dynamic);

    let folder = app.packed("", &dynamic, SimpleFileOptions::default().unix_permissions(0o755));
    let (lines, code) = told(&doctor(&folder.path().join("app.zip"), &[]));

    assert_eq!(lines.lines().filter(|line| line.contains(BINARY)).count(), 1, "{lines}");
    assert!(lines.contains("linked dynamically"), "{lines}");
    assert_eq!(code, Some(0));
}

#[test]
fn a_file_that_cannot_be_read_is_told_with_a_mend() {
    assert_fault(
        |app| {
            std::fs::remove_file(app.0.path().join(HOST)).unwrap();
            app.write("host.json/file", b"");
        },
        "host.json is a folder: put the file in its place",
    );
    let utf16: Vec<u8> = "{}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_fault(|app| app.write(HOST, &[&[0xff, 0xfe], utf16.as_slice()].concat()), "not UTF-8: save it as UTF-8");
}

#[test]
fn comments_are_a_note_because_the_host_takes_them() {
    let commented = |app: &AppFolder, file: &str| {
        let text = String::from_utf8(app.read(file)).unwrap();
        let text = text.replacen('{', "{ // why, \"and\" \\ how\n /*/ löng, */", 1).replace("],", "],\n//\n");
        app.write(file, text.trim_end().trim_end_matches('}').trim_end().as_bytes());
        app.write(file, &[&app.read(file), b", }".as_slice()].concat());
    };
    assert_note(|app| commented(app, HOST), "host.json has comments or trailing commas");
    assert_note(|app| commented(app, NOTIFIER), "NotifyTeams/function.json has comments");
    assert_fault(|app| app.write(HOST, b"// canary\n{ \"version\" }"), "host.json is not JSON: fix line 2 column 13");
}

/// Whatever stands where a name should: it may be a secret, pasted into the wrong place.
#[test]
fn no_value_of_any_file_is_ever_printed() {
    let secret = "Endpoint=sb://canary.example.com;SharedAccessKeyName=a;SharedAccessKey=canary";
    for (binding, key) in [(0, "connection"), (3, "connection"), (0, "eventHubName"), (1, "queueName"), (3, "path")] {
        for value in [secret.to_owned(), format!("%{secret}%"), format!("canary-%{secret}%-x")] {
            let app = AppFolder::whole();
            app.change(DETECTOR, &format!("/bindings/{binding}/{key}"), json!(value));
            let (lines, code) = app.examined();
            assert!(!lines.contains("canary") && code == Some(1), "{key}: {lines}");
        }
    }
    assert_fault(
        |app| app.change(DETECTOR, "/bindings/0/connection", json!(secret)),
        "the connection of binding events of CertificateAccessed is no name of a setting",
    );
    let app = AppFolder::whole();
    app.change(DETECTOR, "/bindings/-", json!({"type": "queue", "direction": "out", "name": secret}));
    app.change(HOST, "/customHandler/description/defaultExecutablePath", json!(secret));
    app.change(HOST, "/extensionBundle/version", json!(secret));
    app.change(SETTINGS, "/Values/canary=canary", json!({"a": "canary"}));
    assert!(!app.examined().0.contains("canary"), "{}", app.examined().0);
}

#[test]
fn a_package_is_examined_like_a_folder_and_has_no_settings_of_its_own() {
    let app = AppFolder::whole();
    let examine = |top: &str, binary: &[u8], options: SimpleFileOptions, settings: &[(&str, &str)]| {
        let folder = app.packed(top, binary, options);
        told(&doctor(&folder.path().join("app.zip"), settings))
    };
    let mode = |mode| SimpleFileOptions::default().unix_permissions(mode);

    let (lines, code) = examine("", &elf(X86_64), mode(0o755), &[]);
    assert_eq!(code, Some(0), "{lines}");
    assert!(lines.contains("a package holds no settings"), "{lines}");
    for words in ["fit together", "silent rules", "a rule reads"] {
        assert!(!lines.contains(words), "nothing is known of the settings: {lines}");
    }

    let (lines, code) = examine("", &elf(X86_64), mode(0o755), &[("EVENT_HUB_NAME", "azure-logs")]);
    assert_eq!((code, lines.contains("EventHubConnection is missing")), (Some(1), true), "{lines}");

    let of_windows = SimpleFileOptions::default().system(zip::System::Dos);
    let (lines, code) = examine("", &elf(X86_64), of_windows, &[]);
    assert_eq!((code, lines.contains("python scripts/package")), (Some(1), true), "{lines}");

    for (binary, mode, words) in [
        (elf(X86_64), mode(0o644), "no executable bit"),
        (b"MZ".to_vec(), mode(0o755), "Azure runs linux on x86_64"),
        (elf(AARCH64), mode(0o755), "Azure runs linux on x86_64"),
    ] {
        let (lines, code) = examine("", &binary, mode, &[]);
        assert_eq!((code, lines.contains(words)), (Some(1), true), "{lines}");
    }
}

#[test]
fn a_package_with_a_folder_at_its_top_is_examined_below_it() {
    for (top, words) in
        [("app/", "pack what is in that folder, not the folder"), ("app\\", "with scripts/package, which writes /")]
    {
        let folder = AppFolder::whole().packed(top, &elf(X86_64), SimpleFileOptions::default().unix_permissions(0o755));
        let (lines, code) = told(&doctor(&folder.path().join("app.zip"), &[]));
        assert_eq!(lines.matches("FAULT").count(), 1, "{lines}");
        assert!(lines.contains(words) && code == Some(1), "{lines}");
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
