//! The theft of the invented month: 638 names, and nothing else.

use std::collections::BTreeSet;

use support::invented_logs::month::Day;

use super::{Desk, stderr};

/// The stolen identity and the thief's address.
const STOLEN: &str = "9e868a44-7191-41ed-9194-af235c67590c";
const THIEF: &str = "203.0.113.66";

/// The names that the theft reads, out of the lines themselves.
fn stolen_names(lines: &[String]) -> BTreeSet<String> {
    let object = |line: &String| {
        let record: serde_json::Value = serde_json::from_str(line).unwrap();
        let is_read = record["operationName"].as_str()?.ends_with("Get") && record["callerIpAddress"] == THIEF;
        let id = record["properties"]["id"].as_str().filter(|_| is_read)?;
        let mut parts = id.trim_start_matches("https://").split('/');
        let vault = parts.next()?.split('.').next()?.to_owned();
        Some(format!("{vault}/{}", parts.nth(1)?.to_lowercase()))
    };
    lines.iter().filter_map(object).collect()
}

#[test]
fn the_rotation_list_of_the_theft_has_its_638_names_and_no_other() {
    let lines: Vec<String> = Day::new(19).records().into_iter().map(|record| record.line).collect();
    let desk = Desk::with(&lines);

    let output = desk.investigate(&["--address", THIEF]);

    assert!(output.status.success(), "{}", stderr(&output));
    let (vaults, names) = (desk.column("rotate.csv", "vault"), desk.column("rotate.csv", "name"));
    let listed: Vec<_> =
        vaults.iter().zip(&names).map(|(vault, name)| format!("{vault}/{}", name.to_lowercase())).collect();
    assert_eq!(listed.len(), 638);
    assert_eq!(listed.into_iter().collect::<BTreeSet<_>>(), stolen_names(&lines));
    // Those whose private key has likely left come first.
    let keys = desk.column("rotate.csv", "private_key");
    assert_eq!(keys.iter().filter(|key| *key == "likely").count(), 150);
    assert!(keys[..150].iter().all(|key| key == "likely"));
    // The sign-in log names whom the audit log knows by ids.
    assert_eq!(desk.json()["identities"][0]["name"], "hollin-reporting");
    assert_eq!(desk.json()["identities"][0]["objectId"], STOLEN);
}

#[test]
fn without_a_name_the_alerts_lead_to_the_same_identity_and_to_all_of_the_same_names() {
    let lines: Vec<String> = Day::new(19).records().into_iter().map(|record| record.line).collect();
    let desk = Desk::with(&lines);

    let output = desk.investigate(&[]);

    assert!(output.status.success(), "{}", stderr(&output));
    let (vaults, names) = (desk.column("rotate.csv", "vault"), desk.column("rotate.csv", "name"));
    let listed: BTreeSet<_> =
        vaults.iter().zip(&names).map(|(vault, name)| format!("{vault}/{}", name.to_lowercase())).collect();
    let stolen = stolen_names(&lines);
    assert_eq!(listed.difference(&stolen).collect::<Vec<_>>(), Vec::<&String>::new());
    assert_eq!(listed.len(), 638);
}
