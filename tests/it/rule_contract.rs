//! The rules' YAML and their Rust files tell the same.

use certificate_accessed::rule_tests;
use certificate_accessed::rules::{ALL, Rule};

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
