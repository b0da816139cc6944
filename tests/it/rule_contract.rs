//! The rules' YAML and their Rust files tell the same.

use certificate_accessed::rule_tests;
use certificate_accessed::rules::{ALL, Rule, by_name};

#[test]
fn every_test_in_the_yaml_of_every_rule_passes() {
    let mut told = Vec::new();

    let passed = rule_tests::run(&[], &mut told).expect("tests that can be run");

    assert!(passed, "{}", String::from_utf8_lossy(&told));
}

#[test]
fn every_rule_is_tested_for_a_match_and_for_none() {
    for logic in ALL {
        assert!(logic.yaml.contains("ExpectedResult: true"), "{}", logic.name);
        assert!(logic.yaml.contains("ExpectedResult: false"), "{}", logic.name);
    }
}

#[test]
fn the_metadata_of_every_rule_can_be_read_and_names_its_techniques() {
    for logic in ALL {
        let rule = Rule::load(logic).expect("usable metadata");
        let about = serde_json::to_value(&rule.metadata.about).expect("JSON");

        assert!(rule.metadata.id.starts_with("Azure."), "{about}");
        assert_eq!(rule.metadata.dedup_period_minutes, 60, "{about}");
        assert!(about["reference"].as_str().is_some_and(|link| link.starts_with("https://")), "{about}");
        for covered in about["mitre"].as_array().expect("an array") {
            let comment = format!("# {}: {}", covered["tactic"]["name"], covered["technique"]["name"]).replace('"', "");
            assert!(logic.yaml.contains(&comment), "the YAML says otherwise than {comment}");
        }
    }
}

#[test]
fn the_rules_of_our_own_are_as_complete_as_the_first() {
    for logic in ALL.iter().skip(1) {
        let rule = Rule::load(logic).expect("usable metadata");
        let about = serde_json::to_value(&rule.metadata.about).expect("JSON");

        assert!(logic.yaml.matches("ExpectedResult:").count() >= 12, "{}", logic.name);
        assert_eq!(about["mitre"].as_array().map(Vec::len), Some(2), "{}", logic.name);
        assert!(about["tags"].as_array().is_some_and(|tags| tags.len() >= 4), "{}", logic.name);
        assert!(rule.metadata.summary_attributes.len() >= 3, "{}", logic.name);
        let runbook = about["runbook"].as_str().expect("a runbook");
        for (step, line) in runbook.lines().enumerate() {
            assert!(line.starts_with(&format!("{}. ", step + 1)), "{}: {line}", logic.name);
        }
        for word in [" hours ", " days ", "identity.claim.oid", "properties.httpStatusCode", "SecretList"] {
            assert!(runbook.contains(word), "{}: {word}", logic.name);
        }
        assert!(rule.metadata.about.name().chars().count() <= 60, "{about}");
    }
}

#[test]
fn every_rule_has_a_name_an_id_and_needles_of_its_own() {
    let ids: std::collections::BTreeSet<_> = ALL.iter().map(|logic| Rule::load(logic).unwrap().metadata.id).collect();
    assert_eq!(ids.len(), ALL.len());
    for logic in ALL {
        assert!(by_name(logic.name).is_some_and(|found| found.yaml == logic.yaml), "{}", logic.name);
        assert!(!logic.reads.is_empty(), "{}", logic.name);
        for operation in logic.operations {
            assert_eq!(operation.to_uppercase(), *operation, "{}", logic.name);
        }
    }
}

#[test]
fn a_failed_test_is_told_and_fails_the_command() {
    let yaml = ALL[0].yaml.replacen("ExpectedResult: true", "ExpectedResult: false", 1);
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), yaml).expect("written");
    let mut told = Vec::new();

    let passed = rule_tests::run(&[file.path().to_owned()], &mut told).expect("tests that can be run");

    assert!(!passed);
    assert!(
        String::from_utf8_lossy(&told).contains("FAIL CertificateAccessed: Certificate Accessed Successfully (match)")
    );
}
