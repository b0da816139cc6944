//! The command `investigate`: from saved logs to a list of what has to be rotated.

mod evidence;
mod hostile;
mod month;
mod three;

use std::path::{Path, PathBuf};
use std::process::Output;

use serde_json::Value;

use crate::replay::{replay, replay_with};

/// A folder with logs in it, and one to write into.
struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    /// With lines of one file, `logs.ndjson`.
    fn with(lines: &[String]) -> Self {
        let desk = Self { folder: tempfile::tempdir().expect("a folder") };
        std::fs::write(desk.logs(), lines.join("\n") + "\n").expect("written");
        desk
    }

    fn logs(&self) -> PathBuf {
        self.folder.path().join("logs.ndjson")
    }

    fn out(&self) -> PathBuf {
        self.folder.path().join("case")
    }

    /// Investigates with these options.
    fn investigate(&self, options: &[&str]) -> Output {
        investigate(&self.logs(), &self.out(), options)
    }

    /// The text of a file that was written.
    fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.out().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.text("report.json")).expect("JSON")
    }

    /// The values of one column.
    fn column(&self, file: &str, head: &str) -> Vec<String> {
        let rows = rows(&self.text(file));
        let place = rows[0].iter().position(|name| name == head).unwrap_or_else(|| panic!("{head} in {:?}", rows[0]));
        rows[1..].iter().map(|row| row[place].clone()).collect()
    }
}

fn investigate(logs: &Path, out: &Path, options: &[&str]) -> Output {
    let (logs, out) = (logs.to_str().expect("a path"), out.to_str().expect("a path"));
    replay(&[&["investigate", logs, "--out", out], options].concat(), b"")
}

/// The rows of a CSV.
fn rows(text: &str) -> Vec<Vec<String>> {
    let mut rows = vec![vec![String::new()]];
    let mut is_quoted = false;
    for character in text.chars() {
        let row = rows.last_mut().expect("a row");
        match character {
            '"' => {
                is_quoted = !is_quoted;
                // A quote in quotes is written twice.
                if is_quoted && row.last().is_some_and(|cell| cell.ends_with('\u{1}')) {
                    row.last_mut().expect("a cell").pop();
                    row.last_mut().expect("a cell").push('"');
                } else if !is_quoted {
                    row.last_mut().expect("a cell").push('\u{1}');
                }
            }
            ',' if !is_quoted => row.push(String::new()),
            '\n' if !is_quoted => rows.push(vec![String::new()]),
            other => row.last_mut().expect("a cell").push(other),
        }
    }
    rows.pop();
    rows.iter_mut().flatten().for_each(|cell| *cell = cell.replace('\u{1}', ""));
    rows
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A read of a secret, a certificate or a backup in Key Vault's audit log.
fn call(operation: &str, object_id: &str, address: &str, object: &str, time: &str) -> String {
    called(operation, object_id, address, object, time, 200)
}

fn called(operation: &str, object_id: &str, address: &str, object: &str, time: &str, status: u16) -> String {
    serde_json::json!({
        "time": time,
        "resourceId": "/SUBSCRIPTIONS/S/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.KEYVAULT/VAULTS/KV-WEB",
        "operationName": operation,
        "category": "AuditEvent",
        "resultType": "Success",
        "callerIpAddress": address,
        "identity": {"claim": {"oid": object_id, "appid": format!("{object_id}-app")}},
        "properties": {
            "id": format!("https://kv-web.vault.azure.net/{object}"),
            "httpStatusCode": status,
            "clientInfo": "azsdk-python-keyvault-secrets/4.7.0",
        },
    })
    .to_string()
}

/// A sign-in of an application.
fn sign_in(object_id: &str, name: &str, address: &str, time: &str) -> String {
    serde_json::json!({
        "time": time,
        "resourceId": "/tenants/t/providers/Microsoft.aadiam",
        "operationName": "Sign-in activity",
        "category": "ServicePrincipalSignInLogs",
        "resultType": "0",
        "callerIpAddress": address,
        "properties": {
            "servicePrincipalId": object_id,
            "servicePrincipalName": name,
            "appId": format!("{object_id}-app"),
            "ipAddress": address,
        },
    })
    .to_string()
}

/// What is new for the first identity.
fn habits_that_are_new(report: &Value) -> Vec<String> {
    let habits = report["identities"][0]["habits"].as_array().expect("a list");
    let new = habits.iter().filter(|habit| habit["isNew"] == true);
    new.map(|habit| habit["value"].as_str().expect("text").to_owned()).collect()
}

#[test]
fn without_anybody_to_look_at_and_without_an_alert_the_report_says_so() {
    let desk = Desk::with(&[call("SecretGet", "o1", "192.0.2.7", "secrets/db", "2026-03-19T02:00:00Z")]);

    let output = desk.investigate(&[]);

    assert!(output.status.success(), "{}", stderr(&output));
    assert!(desk.text("report.html").contains("No alert of severity HIGH or above in these logs"));
    assert_eq!(desk.column("rotate.csv", "name"), Vec::<String>::new());
}

#[test]
fn the_identities_of_high_alerts_are_found_without_being_named_whatever_rules_is_set_to() {
    // Given 25 names listed and read by one application, which is a dump, after a usual read; and one read by another
    let name = |number| format!("secrets/s{number:02}");
    let read = |number: u32| {
        call("SecretGet", "o-thief", "203.0.113.9", &name(number), &format!("2026-03-19T02:00:{number:02}Z"))
    };
    let mut lines = vec![
        call("SecretGet", "o-thief", "192.0.2.1", &name(0), "2026-03-18T02:00:00Z"),
        call("SecretList", "o-thief", "203.0.113.9", "secrets", "2026-03-19T01:59:58Z"),
    ];
    lines.extend((0..25).map(read));
    lines.push(call("SecretGet", "o-honest", "192.0.2.7", "secrets/own", "2026-03-19T02:00:07Z"));
    let desk = Desk::with(&lines);
    let (logs, out) = (desk.logs(), desk.out());

    // When nobody is named
    let arguments = ["investigate", logs.to_str().unwrap(), "--out", out.to_str().unwrap()];
    let output = replay_with(&arguments, b"", &[("RULES", "CertificateAccessed")]);

    // Then the list has what the thief read, and nothing else
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(desk.column("rotate.csv", "name"), (0..25).map(|number| format!("s{number:02}")).collect::<Vec<_>>());
    assert_eq!(desk.json()["identities"][0]["objectId"], "o-thief");
    // And the list that came before the reads is not what was usual
    assert_eq!(habits_that_are_new(&desk.json()), ["203.0.113.0/24"]);
    assert!(stderr(&output).contains("25 names to rotate"), "{}", stderr(&output));
}

#[test]
fn a_period_leaves_out_what_is_earlier_and_later_and_the_earlier_is_what_is_usual() {
    let read = |name: &str, address: &str, time: &str| call("SecretGet", "o1", address, name, time);
    let desk = Desk::with(&[
        read("secrets/before", "192.0.2.7", "2026-03-18T08:00:00Z"),
        read("secrets/during", "203.0.113.9", "2026-03-19T08:00:00Z"),
        read("secrets/after", "192.0.2.7", "2026-03-20T00:00:00Z"),
    ]);

    let output = desk.investigate(&["--identity", "O1", "--since", "2026-03-19", "--until", "2026-03-19"]);

    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(desk.column("rotate.csv", "name"), ["during"]);
    let report = desk.json();
    let habits = report["identities"][0]["habits"].as_array().unwrap();
    let addresses: Vec<_> = habits.iter().filter(|habit| habit["kind"] == "address").collect();
    assert_eq!((&addresses[0]["value"], &addresses[0]["isNew"]), (&"203.0.113.0/24".into(), &true.into()));
    assert_eq!((&addresses[1]["value"], &addresses[1]["isNew"]), (&"192.0.2.0/24".into(), &false.into()));
    assert_eq!(report["recordsOutside"], 2);
    assert!(desk.text("report.html").contains("unlike before</b>: 1 new address"), "{}", desk.text("report.html"));
}

#[test]
fn a_network_finds_all_who_came_from_it_and_a_name_finds_its_user() {
    let mut user = call("SecretGet", "o-user", "192.0.2.7", "secrets/mine", "2026-03-19T03:00:00Z");
    user = user.replace("\"oid\"", "\"upn\":\"Mara@example.com\",\"oid\"");
    let lines = [
        call("SecretGet", "o1", "203.0.113.9", "secrets/a", "2026-03-19T02:00:00Z"),
        call("SecretGet", "o2", "203.0.113.77", "secrets/b", "2026-03-19T02:00:01Z"),
        call("SecretGet", "o3", "198.51.100.1", "secrets/c", "2026-03-19T02:00:02Z"),
        user,
    ];
    let desk = Desk::with(&lines);

    let output = desk.investigate(&["--address", "203.0.113.0/24", "--identity", "mara@EXAMPLE.com"]);

    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(desk.column("rotate.csv", "name"), ["a", "b", "mine"]);
    assert!(desk.text("queries.kql").contains("ipv4_is_in_range(CallerIpAddress, \"203.0.113.0/24\")"));
}

#[test]
fn an_option_that_says_nothing_is_refused_with_what_to_write() {
    let desk = Desk::with(&[]);

    for (options, advice) in [
        (["--address", "example.com"], "write 192.0.2.7, 192.0.2.0/24"),
        (["--since", "yesterday"], "write 2026-03-19T02:41:00Z"),
        (["--identity", ""], "--identity"),
    ] {
        let output = desk.investigate(&options);

        assert_eq!(output.status.code(), Some(2), "{options:?}");
        assert!(stderr(&output).contains(advice), "{}", stderr(&output));
    }
    let output = desk.investigate(&["--since", "2026-03-20", "--until", "2026-03-19"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("--until is not after --since"), "{}", stderr(&output));
    assert!(!desk.out().exists());
}
