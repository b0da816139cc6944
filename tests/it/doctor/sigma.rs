//! Sigma rules in an app folder: which are off and why, and what feeds the others.

use super::{AppFolder, assert_fault, assert_note};
use crate::sigma::RULE;

fn with_rules(app: &AppFolder, rules: &[(&str, &str)]) {
    std::fs::create_dir_all(app.0.path().join("rules")).unwrap();
    for (name, text) in rules {
        app.write(&format!("rules/{name}"), text.as_bytes());
    }
    app.set("SIGMA_RULES", "rules");
}

#[test]
fn rules_that_are_on_are_counted_and_what_feeds_them_is_named() {
    let app = AppFolder::whole();
    with_rules(&app, &[("policy.yml", RULE), ("policy.tests.yml", "- Name: no rule")]);

    let (lines, code) = app.examined();

    assert_eq!(code, Some(0), "{lines}");
    assert!(lines.contains("ok     1 Sigma rules are on"), "{lines}");
    assert!(lines.contains("the Activity Log feeds 1 Sigma rules by the subscription's diagnostic setting"), "{lines}");
    assert!(lines.contains("on, not fed"), "{lines}");
}

#[test]
fn a_rule_that_is_off_is_a_fault_with_file_line_and_reason() {
    assert_fault(
        |app| with_rules(app, &[("policy.yml", RULE), ("windows.yml", &RULE.replace("azure", "windows"))]),
        "a Sigma rule is off: rules/windows.yml:9: reads a log that never comes here",
    );
}

#[test]
fn a_folder_that_is_missing_is_a_fault_and_blobs_are_not_examined() {
    assert_fault(|app| app.set("SIGMA_RULES", "rules"), "the folder that SIGMA_RULES names is missing");
    assert_fault(
        |app| app.set("SIGMA_RULES", "blob:rules"),
        "SIGMA_RULES is not usable: set it to the path of a folder",
    );
    assert_note(|app| app.set("SIGMA_RULES", "blob:sigma-rules/"), "SIGMA_RULES names blobs, which were not examined");
}
