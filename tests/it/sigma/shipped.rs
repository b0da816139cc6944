//! The Sigma rules of the repository, and the command that runs their tests.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Output;

use serde_json::Value;

use super::{POLICY, RULE};
use crate::replay::replay;

fn test(folder: &Path) -> (Output, String) {
    let output = replay(&["test", "--sigma", folder.to_str().unwrap()], b"");
    let told = String::from_utf8(output.stdout.clone()).unwrap();
    (output, told)
}

/// A folder with a rule and its tests.
fn folder(rule: &str, tests: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("policy.yml"), rule).unwrap();
    std::fs::write(folder.path().join("policy.tests.yml"), tests).unwrap();
    folder
}

fn tests(expected: bool) -> String {
    format!("Tests:\n  - Name: a policy was changed\n    ExpectedResult: {expected}\n    Log: {POLICY}\n")
}

#[test]
fn all_tests_of_the_rules_that_are_shipped_pass() {
    let (output, told) = test(Path::new("sigma"));

    assert!(output.status.success(), "{told}");
    assert!(told.ends_with(" passed, 0 failed\n"), "{told}");
    assert!(!told.contains("no tests"), "{told}");
}

#[test]
fn each_rule_that_is_shipped_has_a_test_that_matches_and_one_that_does_not() {
    let (_, told) = test(Path::new("sigma"));

    let rules = |end: &str| -> BTreeSet<String> {
        let of_end = told.lines().filter(|line| line.ends_with(end));
        of_end.map(|line| line.split(':').next().unwrap().to_owned()).collect()
    };
    let files = Path::new(env!("CARGO_MANIFEST_DIR")).join("sigma").read_dir().unwrap();
    let files = files.filter(|file| !file.as_ref().unwrap().path().to_string_lossy().ends_with(".tests.yml"));
    assert_eq!(rules("(match)"), rules("(no match)"));
    assert_eq!(rules("(match)").len(), files.count());
}

#[test]
fn a_test_that_fails_is_told_and_fails_the_command() {
    let (output, told) = test(folder(RULE, &tests(false)).path());

    assert_eq!(output.status.code(), Some(1));
    assert!(told.contains("policy.yml: a policy was changed (match)\n0 passed, 1 failed\n"), "{told}");
    assert!(told.starts_with("FAIL "), "{told}");
}

#[test]
fn a_list_of_tests_without_a_key_is_one_too() {
    let (output, told) = test(folder(RULE, tests(true).strip_prefix("Tests:\n").unwrap()).path());

    assert!(output.status.success(), "{told}");
}

#[test]
fn a_rule_that_is_off_fails_the_command() {
    let (output, told) = test(folder(&RULE.replace("azure", "windows"), &tests(false)).path());

    assert_eq!(output.status.code(), Some(1));
    assert!(told.contains("FAIL off: ") && told.contains("policy.yml:9: reads a log that never comes here"), "{told}");
}

#[test]
fn without_a_name_the_built_in_rules_and_those_of_the_setting_are_tested() {
    let output = crate::replay::replay_with(&["test"], b"", &[("SIGMA_RULES", "sigma")]);

    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{told}");
    assert!(told.contains("PASS CertificateDump: ") && told.contains("PASS sigma/log_export_removed.yml: "), "{told}");
}

#[test]
fn a_rule_without_tests_is_named() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("policy.yml"), RULE).unwrap();

    let (output, told) = test(folder.path());

    assert!(output.status.success() && told.starts_with("no tests: "), "{told}");
}

#[test]
fn a_file_of_tests_may_be_named_by_itself() {
    let folder = folder(RULE, &tests(true));

    let output = replay(&["test", folder.path().join("policy.tests.yml").to_str().unwrap()], b"");

    assert_eq!(String::from_utf8_lossy(&output.stdout).lines().last(), Some("1 passed, 0 failed"));
}

#[test]
fn a_correlation_is_tested_with_the_rule_of_another_file_that_it_counts() {
    let folder = folder(&RULE.replace("id: ", "name: policy\nid: "), &tests(true));
    let counts = "title: Many\nid: 00000000-0000-0000-0000-0000000000e9\ncorrelation:\n    type: event_count\n    rules: [policy]\n    group-by: [accessed.identity]\n    timespan: 1h\n    condition: {gte: 3}\n";
    std::fs::write(folder.path().join("many.yml"), counts).unwrap();
    std::fs::write(folder.path().join("many.tests.yml"), tests(true)).unwrap();

    let (output, told) = test(folder.path());
    let alone = replay(&["test", folder.path().join("many.tests.yml").to_str().unwrap()], b"");

    assert!(output.status.success() && told.ends_with("2 passed, 0 failed\n"), "{told}");
    assert_eq!(String::from_utf8_lossy(&alone.stdout).lines().last(), Some("1 passed, 0 failed"));
}

#[test]
fn two_rules_of_one_id_fail_the_command_as_one_of_them_is_off() {
    let folder = folder(RULE, &tests(true));
    std::fs::write(folder.path().join("twin.yml"), RULE).unwrap();

    let (output, told) = test(folder.path());

    assert_eq!(output.status.code(), Some(1));
    assert!(told.contains("has the id of the rule in"), "{told}");
}

#[test]
fn the_rules_that_are_shipped_are_on_by_one_setting() {
    let output = crate::replay::replay_with(&["replay", "-"], POLICY.as_bytes(), &[("SIGMA_RULES", "sigma")]);

    let titles: Vec<Value> =
        crate::replay::messages(&output).iter().map(|alert| alert["rule"]["name"].clone()).collect();
    assert_eq!(titles, ["Access Policy Of A Key Vault Changed"]);
}
