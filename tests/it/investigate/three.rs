//! A case made by hand: an application that was stolen, a person who helped, and one who has nothing to do with it.

use super::{Desk, call, called, sign_in, stderr};

const STOLEN: &str = "00000000-0000-0000-0000-0000000000a1";
const HELPER: &str = "00000000-0000-0000-0000-0000000000a2";
const INNOCENT: &str = "00000000-0000-0000-0000-0000000000a3";

fn case() -> Desk {
    let at = |time: &str| format!("2026-03-19T{time}Z");
    Desk::with(&[
        sign_in(STOLEN, "batch-orders", "203.0.113.9", &at("02:00:00")),
        call("SecretList", STOLEN, "203.0.113.9", "secrets", &at("02:00:05")),
        // The certificate's secret and its public part: the key has likely left.
        call("CertificateGet", STOLEN, "203.0.113.9", "certificates/tls-web/aa01", &at("02:00:10")),
        call("SecretGet", STOLEN, "203.0.113.9", "secrets/tls-web/aa01", &at("02:00:11")),
        call("CertificateGet", STOLEN, "203.0.113.9", "certificates/tls-shop", &at("02:00:12")),
        called("SecretGet", STOLEN, "203.0.113.9", "secrets/root", &at("02:00:13"), 403),
        call("SecretBackup", HELPER, "198.51.100.4", "secrets/db", &at("02:10:00")),
        call("SecretGet", HELPER, "198.51.100.4", "secrets/db", &at("02:11:00")),
        call("SecretSet", HELPER, "198.51.100.4", "secrets/door", &at("02:12:00")),
        call("SecretDelete", HELPER, "198.51.100.4", "secrets/trace", &at("02:13:00")),
        sign_in(INNOCENT, "web-front", "192.0.2.7", &at("02:00:02")),
        call("SecretGet", INNOCENT, "192.0.2.7", "secrets/tls-web/aa01", &at("02:05:00")),
        call("SecretGet", INNOCENT, "192.0.2.7", "secrets/own", &at("02:05:01")),
    ])
}

#[test]
fn what_two_identities_read_is_listed_the_worst_first_and_the_innocent_one_is_nowhere() {
    let desk = case();

    let output = desk.investigate(&["--identity", STOLEN, "--identity", &format!("{HELPER}-APP")]);

    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(
        desk.text("rotate.csv"),
        "vault,kind,name,versions,first_read,last_read,times,addresses,private_key,identities\n\
         kv-web,certificate,tls-web,aa01,2026-03-19T02:00:10Z,2026-03-19T02:00:11Z,2,203.0.113.9,likely,batch-orders\n\
         kv-web,secret,db,,2026-03-19T02:10:00Z,2026-03-19T02:11:00Z,2,198.51.100.4,wrapped,application 00000000-0000-0000-0000-0000000000a2-app\n\
         kv-web,certificate,tls-shop,,2026-03-19T02:00:12Z,2026-03-19T02:00:12Z,1,203.0.113.9,no,batch-orders\n"
    );
    for file in ["report.html", "timeline.csv", "queries.kql", "report.json"] {
        let text = desk.text(file);
        assert!(!text.contains(INNOCENT) && !text.contains("web-front") && !text.contains("192.0.2.7"), "{file}");
    }
}

#[test]
fn the_timeline_has_each_record_with_its_line_in_the_columns_that_timesketch_requires() {
    let desk = case();

    desk.investigate(&["--identity", STOLEN, "--identity", HELPER]);

    assert!(desk.text("timeline.csv").starts_with("datetime,timestamp_desc,message,file,line,"));
    let steps = desk.column("timeline.csv", "step");
    assert_eq!(steps, ["sign-in", "list", "read", "read", "read", "refused", "read", "read", "written", "deleted"]);
    assert_eq!(desk.column("timeline.csv", "line"), ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"]);
    let messages = desk.column("timeline.csv", "message");
    assert_eq!(messages[5], "refused SecretGet kv-web/root by batch-orders from 203.0.113.9 ended 403");
}

#[test]
fn a_record_that_stands_twice_counts_once_and_names_both_places() {
    let line = call("SecretGet", STOLEN, "203.0.113.9", "secrets/db", "2026-03-19T02:00:00Z");
    let desk = Desk::with(&[line.clone(), line]);

    desk.investigate(&["--identity", STOLEN]);

    assert_eq!(desk.column("rotate.csv", "times"), ["1"]);
    assert!(desk.column("timeline.csv", "also_at")[0].ends_with("logs.ndjson:2"));
}

#[test]
fn hours_and_vaults_without_a_record_of_anybody_are_named() {
    let at = |hour: u8| format!("2026-03-19T{hour:02}:30:00Z");
    let written = serde_json::json!({
        "time": at(3), "category": "Administrative", "resultType": "Success", "callerIpAddress": "203.0.113.9",
        "operationName": "MICROSOFT.KEYVAULT/VAULTS/WRITE", "identity": {"claims": {"oid": STOLEN}},
        "resourceId": "/subscriptions/s/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-unlogged",
    });
    let desk = Desk::with(&[
        call("SecretGet", STOLEN, "203.0.113.9", "secrets/db", &at(1)),
        call("SecretGet", INNOCENT, "192.0.2.7", "secrets/db", &at(2)),
        written.to_string(),
        call("SecretGet", STOLEN, "203.0.113.9", "secrets/db", &at(5)),
    ]);

    desk.investigate(&["--identity", STOLEN]);

    let gaps = &desk.json()["gaps"];
    assert_eq!((&gaps[0]["vault"], &gaps[0]["hoursWith"]), (&"kv-unlogged".into(), &0.into()));
    assert_eq!(
        (&gaps[1]["vault"], &gaps[1]["hoursWith"], &gaps[1]["hoursWithout"]),
        (&"kv-web".into(), &3.into(), &2.into())
    );
    assert_eq!(gaps[1]["stretches"], serde_json::json!([["2026-03-19T03:00:00Z", "2026-03-19T05:00:00Z"]]));
}

#[test]
fn whom_no_record_names_is_told_and_asked_for_in_the_queries() {
    let desk = case();

    desk.investigate(&["--identity", "00000000-0000-0000-0000-0000000000ff"]);

    assert_eq!(desk.json()["notFound"], serde_json::json!(["00000000-0000-0000-0000-0000000000ff"]));
    assert!(desk.text("report.html").contains("No record of <bdi>00000000-0000-0000-0000-0000000000ff</bdi>"));
    assert_eq!(desk.text("queries.kql").matches("00000000-0000-0000-0000-0000000000ff").count(), 6);
}
