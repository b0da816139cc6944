//! The rules' YAML and their Rust files tell the same.

use certificate_accessed::decode::RecordKind;
use certificate_accessed::rule_tests;
use certificate_accessed::rules::metadata::Metadata;
use certificate_accessed::rules::{ALL, Rule, by_name};
use support::complete_rule;

#[test]
fn every_rule_is_complete_and_its_own_tests_pass() {
    for logic in ALL {
        complete_rule::assert_every_rule(logic);
    }
    for logic in ALL.iter().skip(1) {
        complete_rule::assert_own_rule(logic);
    }
}

#[test]
fn without_a_file_the_tests_of_every_rule_are_run() {
    let mut told = Vec::new();

    let passed = rule_tests::run(&[], None, &|_| None, &mut told).expect("tests that can be run");

    let told = String::from_utf8_lossy(&told);
    assert!(passed, "{told}");
    assert!(ALL.iter().all(|logic| told.contains(&format!("PASS {}: ", logic.name))), "{told}");
}

#[test]
fn the_runbook_of_an_audit_rule_leads_through_the_audit_log() {
    for logic in ALL.iter().filter(|logic| logic.reads.contains(&RecordKind::KeyVaultAudit)) {
        let rule = Rule::load(logic).expect("usable metadata");
        let about = serde_json::to_value(&rule.metadata.about).expect("JSON");
        for word in ["identity.claim.oid", "properties.httpStatusCode", "SecretList"] {
            assert!(about["runbook"].as_str().is_some_and(|runbook| runbook.contains(word)), "{}: {word}", logic.name);
        }
        assert_eq!(about["mitre"].as_array().map(Vec::len), Some(2), "{}", logic.name);
    }
}

#[test]
fn what_was_read_at_build_is_what_the_yaml_says() {
    for logic in ALL {
        let at_build = Metadata::at_build(logic.name);
        assert_eq!(at_build, Metadata::parse(logic.yaml).ok(), "{}", logic.name);
        assert!(at_build.is_some(), "{}: the file has the name in RULES, with underscores", logic.name);
    }
    assert_eq!(Metadata::at_build("AnotherRule"), None);
}

#[test]
fn every_rule_has_a_name_and_an_id_of_its_own() {
    let ids: std::collections::BTreeSet<_> = ALL.iter().map(|logic| Rule::load(logic).unwrap().metadata.id).collect();
    assert_eq!(ids.len(), ALL.len());
    for logic in ALL {
        assert!(by_name(logic.name).is_some_and(|found| found.yaml == logic.yaml), "{}", logic.name);
    }
}

#[test]
fn a_failed_test_is_told_and_fails_the_command() {
    let yaml = ALL[0].yaml.replacen("ExpectedResult: true", "ExpectedResult: false", 1);
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), yaml).expect("written");
    let mut told = Vec::new();

    let passed = rule_tests::run(&[file.path().to_owned()], None, &|_| None, &mut told).expect("tests that can be run");

    assert!(!passed);
    assert!(
        String::from_utf8_lossy(&told).contains("FAIL CertificateAccessed: Certificate Accessed Successfully (match)")
    );
}
