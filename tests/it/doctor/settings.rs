//! What is wrong with the settings, by themselves and against each other.

use serde_json::{Value, json};

use super::app_folder::{AppFolder, HOST, SETTINGS, assert_fault, assert_note, doctor, told};

const REFERENCE: &str = "@Microsoft.KeyVault(SecretUri=https://canary.vault.azure.net/secrets/x)";

/// Turns one rule on, which needs no more than the memory of a process.
fn alone(app: &AppFolder, rule: &str) {
    app.set("RULES", rule);
    app.set("STATE_STORE", "memory");
}

#[test]
fn settings_that_are_missing_are_named() {
    for name in ["EVENT_HUB_NAME", "EVENT_HUB_CONSUMER_GROUP", "EventHubConnection", "AzureWebJobsStorage"] {
        assert_fault(|app| app.unset(name), name);
        assert_fault(|app| app.set(name, " "), name);
    }
}

#[test]
fn settings_that_contradict_each_other_are_named() {
    assert_fault(|app| alone(app, "CertificateDump"), "CertificateDump counts in memory");
    assert_fault(|app| app.set("TEAMS_WEBHOOK_URL", "https://hooks.example.com/x"), "NotifyTeams is turned off");
    assert_fault(|app| app.set("FUNCTIONS_WORKER_RUNTIME", "node"), "FUNCTIONS_WORKER_RUNTIME");
    assert_fault(|app| app.set("AzureWebJobs.CertificateAccessed.Disabled", "true"), "the detection is turned off");
    assert_fault(|app| app.set("DUMP_THRESHOLD", "none"), "DUMP_THRESHOLD is not usable: set it to a number");
    assert_fault(
        |app| {
            app.set("STATE_STORE", "blob");
            app.set(
                "AzureWebJobsStorage",
                "BlobEndpoint=https://st.example.com;QueueEndpoint=https://q.example.com;SharedAccessSignature=x",
            );
        },
        "STATE_STORE=blob cannot use AzureWebJobsStorage",
    );
    assert_fault(
        |app| {
            app.set("STATE_STORE", "blob");
            app.unset("AzureWebJobsStorage");
        },
        "AzureWebJobsStorage is missing",
    );
}

#[test]
fn a_list_of_expected_access_in_a_blob_is_no_missing_file() {
    assert_note(|app| app.set("EXPECTED_ACCESS", "blob:expected-access.yml"), "EXPECTED_ACCESS names a blob");
    assert_fault(|app| app.set("EXPECTED_ACCESS", "blob:no list"), "EXPECTED_ACCESS is not usable: set it to the path");
    assert_fault(
        |app| {
            alone(app, "CertificateAccessed");
            app.set("EXPECTED_ACCESS", "blob:expected-access.yml");
            app.set(
                "AzureWebJobsStorage",
                "BlobEndpoint=https://st.example.com;QueueEndpoint=https://q.example.com;SharedAccessSignature=x",
            );
        },
        "EXPECTED_ACCESS=blob:… cannot use AzureWebJobsStorage",
    );
}

#[test]
fn a_setting_that_nothing_heeds_is_a_note() {
    let with_one_rule = |name: &'static str, value: &'static str| {
        move |app: &AppFolder| {
            alone(app, "CertificateAccessed");
            app.set(name, value);
        }
    };
    assert_note(with_one_rule("DUMP_THRESHOLD", "5"), "DUMP_THRESHOLD is set and CertificateDump is off");
    assert_note(with_one_rule("RULE_SEVERITY", "CertificateDump=HIGH"), "CertificateDump, which is off");
    assert_note(|app| app.set("TEAMS_MIN_SEVERITY", "HIGH"), "TEAMS_MIN_SEVERITY is set and TEAMS_WEBHOOK_URL is not");
    assert_note(|app| app.set("TEAMS_NAMES", "counts"), "TEAMS_NAMES is set and TEAMS_WEBHOOK_URL is not");
    assert_note(|app| app.set("TEAMS_ALLOW_LOOPBACK", "1"), "TEAMS_ALLOW_LOOPBACK=1 is for tests");
    assert_note(
        |app| {
            app.set("RULES", "CertificateAccessed");
            app.set("DEDUP_MINUTES", "0");
        },
        "DEDUP_MINUTES=0 makes no windows",
    );
    assert_note(
        |app| app.set("AzureWebJobs.NotifyTeams.Disabled", "false"),
        "NotifyTeams is on and TEAMS_WEBHOOK_URL is not set",
    );
}

#[test]
fn a_connection_is_a_string_or_all_its_parts() {
    let parts = |name: &'static str, parts: &'static [(&str, &str)]| {
        move |app: &AppFolder| {
            alone(app, "CertificateAccessed");
            app.unset(name);
            for (part, value) in parts {
                app.set(&format!("{name}__{part}"), value);
            }
        }
    };
    let (hub, storage) = ("EventHubConnection", "AzureWebJobsStorage");
    assert_fault(parts(hub, &[("accountName", "x")]), "EventHubConnection is missing");
    assert_fault(parts(hub, &[("credential", "managedidentity")]), "EventHubConnection is missing");
    assert_fault(parts(hub, &[("fullyQualifiedNamespace", REFERENCE)]), "Namespace is a Key Vault reference");
    assert_fault(parts(storage, &[("blobServiceUri", "https://x.example.com")]), "AzureWebJobsStorage is missing");
    assert_fault(parts(storage, &[("fullyQualifiedNamespace", "x")]), "AzureWebJobsStorage is missing");
    assert_fault(|app| app.set("EventHubConnection__fullyQualifiedNamespace", REFERENCE), "is a Key Vault reference");
    assert_fault(|app| app.set(hub, "hello"), "EventHubConnection is no connection string");
    assert_fault(|app| app.set(hub, "Endpoint=sb://x.example.com"), "EventHubConnection is no connection string");
    for value in ["hello", "AccountName=st"] {
        let wrong = |app: &AppFolder| {
            alone(app, "CertificateAccessed");
            app.set(storage, value);
        };
        assert_fault(wrong, "AzureWebJobsStorage is no connection string");
    }

    for (name, parts_of) in [
        (hub, [("fullyQualifiedNamespace", "x.example.com")].as_slice()),
        (storage, &[("accountName", "st")]),
        (storage, &[("blobServiceUri", "https://b.example.com"), ("queueServiceUri", "https://q.example.com")]),
    ] {
        let app = AppFolder::whole();
        parts(name, parts_of)(&app);
        assert_eq!(app.examined().1, Some(0), "{name}: {}", app.examined().0);
    }
}

#[test]
fn numbers_and_booleans_among_the_values_are_their_text() {
    let app = AppFolder::whole();
    app.change(SETTINGS, "/Values/EVENT_HUB_NAME", json!(7));
    app.change(SETTINGS, "/Values/AzureWebJobs.NotifyTeams.Disabled", json!(true));
    let (lines, code) = app.examined();
    assert!(code == Some(0) && !lines.contains("NotifyTeams is on"), "{lines}");

    assert_fault(|app| app.change(SETTINGS, "/Values/DEDUP_MINUTES", json!(-5)), "DEDUP_MINUTES is not usable");
    assert_fault(|app| app.change(SETTINGS, "/Values/DEDUP_MINUTES", json!([5])), "neither text nor number");
}

#[test]
fn settings_that_cannot_be_read_are_one_line() {
    assert_note(
        |app| {
            app.change(SETTINGS, "/IsEncrypted", json!(true));
            app.unset("EVENT_HUB_NAME");
        },
        "local.settings.json is encrypted",
    );
    let app = AppFolder::whole();
    app.change(SETTINGS, "/IsEncrypted", json!(true));
    assert!(!app.examined().0.contains("fit together"), "{}", app.examined().0);
    assert_fault(|app| app.write(SETTINGS, b"{\"Values\": {\"EVENT_HUB_NAME\": \"canary\""), "is not JSON");
    assert_fault(|app| app.write(SETTINGS, b" \n"), "local.settings.json is empty");
    assert_fault(|app| std::fs::remove_file(app.0.path().join(SETTINGS)).unwrap(), "there is no local.settings.json");
}

#[test]
fn what_the_note_on_silent_rules_recommends_has_no_fault() {
    let app = AppFolder::whole();
    alone(&app, "CertificateAccessed");
    let (lines, _) = app.examined();
    let note = lines.lines().find(|line| line.contains("only silent rules are on")).unwrap();

    for pair in note.split_whitespace().filter_map(|word| word.trim_end_matches(',').split_once('=')) {
        app.set(pair.0, pair.1);
    }

    let (lines, code) = app.examined();
    assert!(code == Some(0) && lines.contains("a rule reads Key Vault's audit log"), "{lines}");
}

#[test]
fn each_log_that_an_active_rule_reads_is_named_with_the_ways_by_which_it_comes() {
    let app = AppFolder::whole();
    app.set("RULES", "AuditedCertificateRead,CertificateDump");

    let (lines, _) = app.examined();

    let note = |log: &str| lines.lines().find(|line| line.starts_with(&format!("note   the {log} feeds"))).unwrap();
    assert!(note("audit log of Key Vault").contains("AuditedCertificateRead, CertificateDump: "), "{lines}");
    for words in ["AuditEvent", "properties.httpStatusCode", "AZKVAuditLogs (HttpStatusCode)", "AzureDiagnostics"] {
        assert!(note("audit log of Key Vault").contains(words), "{words} in {lines}");
    }
    assert!(note("Activity Log").contains("feeds CertificateDump: "), "{lines}");
}

#[test]
fn the_expected_access_file_is_read_and_named_with_its_line() {
    let wrong = b"expected:\n  - rules: [NoSuchRule]\n    upns: [ada@example.com]\n    reason: x\n";
    assert_fault(|app| app.set("EXPECTED_ACCESS", "expected.yml"), "EXPECTED_ACCESS names is missing");
    assert_fault(|app| app.set("EXPECTED_ACCESS", "bin"), "is a folder: put the file in its place");
    assert_fault(
        |app| {
            app.set("EXPECTED_ACCESS", "expected.yml");
            app.write("expected.yml", wrong);
        },
        "line 2 column 13",
    );
    assert_fault(
        |app| {
            app.set("EXPECTED_ACCESS", "expected.yml");
            app.write("expected.yml", b"expected: [\n");
        },
        "as docs/expected-access.yml shows",
    );
}

#[test]
fn the_expected_access_file_is_looked_for_below_the_working_directory() {
    let whole = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/expected-access.yml")).unwrap();
    let app = AppFolder::whole();
    app.change(HOST, "/customHandler/description/workingDirectory", json!("conf"));
    app.set("EXPECTED_ACCESS", "./expected.yml");
    app.write("expected.yml", &whole);
    assert!(app.examined().0.contains("EXPECTED_ACCESS names is missing"), "{}", app.examined().0);

    app.write("conf/expected.yml", &whole);
    assert!(app.examined().0.contains("the expected-access file is usable"), "{}", app.examined().0);
}

#[test]
fn the_environment_stands_above_the_file_and_no_value_is_ever_printed() {
    let app = AppFolder::whole();
    app.change(SETTINGS, "/Values/EVENT_HUB_NAME", Value::Null);
    app.set("LOG_LEVEL", "canary");
    let settings = [
        ("EVENT_HUB_NAME", "canary-hub"),
        ("EventHubConnection", REFERENCE),
        ("TEAMS_WEBHOOK_URL", REFERENCE),
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

#[test]
fn of_a_rule_that_learns_it_is_told_until_when_and_what_it_lacks() {
    assert_fault(|app| alone(app, "UnfamiliarReader"), "UnfamiliarReader is off, because a process forgets");
    assert_note(|app| app.set("STATE_STORE", "blob"), "UnfamiliarReader only learns for 14 days after its first read");
    let without = |app: &AppFolder| {
        app.set("RULES", "CertificateAccessed");
        app.set("LEARN_DAYS", "7");
    };
    assert_note(without, "LEARN_DAYS is set and UnfamiliarReader is off");
    let baseline = |app: &AppFolder, text: &str| {
        app.set("RULES", "UnfamiliarReader");
        app.set("BASELINE", "baseline.json");
        app.write("baseline.json", text.as_bytes());
    };
    assert_fault(
        |app| baseline(app, "{}"),
        "the file of BASELINE is not usable: it is not what `certificate-accessed baseline`",
    );
    let app = AppFolder::whole();
    baseline(&app, r#"{"schemaVersion":"1.0","since":"2026-03-01T08:00:00Z","vaults":{},"readers":{}}"#);
    let lines = app.examined().0;
    assert!(
        lines.contains("the baseline is usable: 0 identities, enough to judge from 2026-03-15T08:00:00Z on"),
        "{lines}"
    );
}
