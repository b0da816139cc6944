//! In a replay one alert stands for a whole incident.

use std::fmt::Write as _;

use serde_json::{Value, json};
use support::invented_logs::month;

use crate::replay::{messages, replay_with as replay};

const RULES: &str = "CertificateAccessed,AuditedCertificateRead,CertificateDump";

/// Day 19 of the invented month as lines of JSON.
fn day_19() -> String {
    month::Day::new(19).records().iter().fold(String::new(), |mut text, record| {
        writeln!(text, "{}", record.line).unwrap();
        text
    })
}

#[test]
fn a_theft_of_638_names_is_one_alert_with_all_of_them() {
    let output =
        replay(&["replay", "--expected", "docs/expected-access.yml", "-"], day_19().as_bytes(), &[("RULES", RULES)]);

    let alerts = messages(&output);
    let thefts: Vec<_> = alerts.iter().filter(|alert| alert["severity"] == "HIGH").collect();
    let [theft] = thefts.as_slice() else { panic!("{} alerts", thefts.len()) };
    let context = &theft["alertContext"];
    assert_eq!(context["read_count"], 638);
    assert_eq!(context["vault_count"], 50);
    assert_eq!(context["read_objects"].as_array().map(Vec::len), Some(638), "all of them fit");
    assert_eq!(context["private_key"], json!({"likely": 150, "wrapped": 0, "unknown": 488, "no": 0}));
    assert_eq!(context["stopped"], true);
    assert_eq!(theft["truncated"], json!(["/records"]));
    assert_eq!(theft["incident"], json!({"id": theft["alertId"], "step": 1}));
    assert!(
        alerts
            .iter()
            .filter(|alert| alert["incident"]["step"] == Value::Null && alert["incident"]["id"] == theft["alertId"])
            .count()
            > 90
    );
}

#[test]
fn the_table_says_how_many_names_in_how_many_vaults_and_names_few() {
    let day = day_19();
    let theft = replay(&["replay", "--format", "table", "-"], day.as_bytes(), &[("RULES", "CertificateDump")]);
    let reads = replay(&["replay", "--format", "table", "-"], day.as_bytes(), &[("RULES", "AuditedCertificateRead")]);

    assert!(String::from_utf8_lossy(&theft.stdout).contains("638 names, 50 vaults"));
    let reads = String::from_utf8_lossy(&reads.stdout);
    assert!(reads.contains("mtls-web, sign-web, tls-web"), "{reads}");
}
