//! What a rule must have; docs/operations.md lists it for whoever writes one.

#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "in a test a panic is the message")]

use certificate_accessed::pipeline::{Evaluation, Pipeline};
use certificate_accessed::rule_tests;
use certificate_accessed::rules::{Logic, Parameters, Rule};
use certificate_accessed::source::Place;
use serde_json::Value;

/// Checks what every rule must have, Panther's own included.
pub fn assert_every_rule(logic: &'static Logic) {
    let (name, yaml) = (logic.name, logic.yaml);
    let rule = Rule::load(logic).expect("usable metadata");
    let about = serde_json::to_value(&rule.metadata.about).expect("JSON");
    assert!(rule.metadata.id.starts_with("Azure."), "{name}: RuleID");
    assert!(rule.metadata.about.name.chars().count() <= 60, "{name}: DisplayName is too long for a card");
    assert_eq!(rule.metadata.dedup_period_minutes, 60, "{name}: DedupPeriodMinutes");
    assert!(rule.metadata.about.reference.starts_with("https://"), "{name}: Reference");
    assert!(rule.metadata.summary_attributes.len() >= 3, "{name}: SummaryAttributes");

    let covered = about["mitre"].as_array().expect("an array");
    assert!(!covered.is_empty(), "{name}: MITRE ATT&CK");
    for pair in covered {
        let [tactic, technique] =
            ["tactic", "technique"].map(|part| pair[part]["name"].as_str().expect("a name").to_owned());
        assert!(yaml.contains(&format!("# {tactic}: {technique}")), "{name}: comment {tactic}: {technique}");
        for tag in [tactic, technique] {
            assert!(
                about["tags"].as_array().is_some_and(|tags| tags.contains(&tag.as_str().into())),
                "{name}: tag {tag}"
            );
        }
    }

    let runbook = about["runbook"].as_str().expect("a runbook");
    for (step, line) in runbook.lines().enumerate() {
        assert!(line.starts_with(&format!("{}. ", step + 1)), "{name}: runbook: {line}");
    }
    for word in [" hours ", " days "] {
        assert!(runbook.contains(word), "{name}: runbook without {word}");
    }

    assert!(!logic.reads.is_empty() && !logic.operations.is_empty(), "{name}: reads and operations");
    for operation in logic.operations {
        assert_eq!(operation.to_uppercase(), *operation, "{name}: operations are upper-case");
        let lower = operation.to_lowercase();
        let (first, rest) = lower.split_at(1);
        let escaped = format!("\\u{:04x}{rest}", u32::from(first.as_bytes()[0]));
        for spelled in [*operation, &lower, &escaped, &format!("{first}\n{rest}")] {
            assert_nothing_is_lost(logic, &format!("{{'operationName':'{spelled}','resultType':'Success'"));
        }
        assert_nothing_is_lost(logic, &format!("{{\"operationName\":\"{}", lower.split_at(lower.len() - 1).0));
    }
    let parsed: Value = serde_saphyr::from_str(yaml).expect("YAML");
    for test in parsed["Tests"].as_array().into_iter().flatten().filter(|test| test["ExpectedResult"] == true) {
        let record = test["Log"].to_string();
        assert_nothing_is_lost(logic, record.split_at(record.len() - 1).0);
        assert_nothing_is_lost(logic, &record.replace('"', "'"));
    }
    for expected in ["ExpectedResult: true", "ExpectedResult: false"] {
        assert!(yaml.contains(expected), "{name}: no test with {expected}");
    }
    let mut report = Vec::new();
    let passed = rule_tests::run_rules(&[logic], &mut report).expect("tests that can be run");
    assert!(passed, "{}", String::from_utf8_lossy(&report));
}

/// Asserts that an event which may be a match, and cannot be read as one, is kept.
fn assert_nothing_is_lost(logic: &'static Logic, event: &str) {
    let pipeline = Pipeline::new(vec![Rule::load(logic).expect("usable metadata")], Parameters::default());
    let mut evaluation = Evaluation::default();
    pipeline.evaluate(event.as_bytes(), &Place::default, &mut evaluation);
    let is_kept = !evaluation.matches.is_empty() || !evaluation.rejected.is_empty();
    assert!(is_kept, "{}: `operations` lacks the one of {event}", logic.name);
}

/// Checks what our own rules must have as well; Panther's is kept as it was published.
pub fn assert_own_rule(logic: &Logic) {
    assert!(logic.yaml.matches("ExpectedResult:").count() >= 12, "{}: twelve tests", logic.name);
    assert!(logic.yaml.contains(".rs\n"), "{}: Filename", logic.name);
}
