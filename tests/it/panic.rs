//! A bug of ours in one event costs that event alone, and tells nothing of what was in it.

use std::process::Command;

use certificate_accessed::decode::Reason;
use certificate_accessed::detector::Detector;
use certificate_accessed::expected::ExpectedAccess;
use certificate_accessed::facts::Facts;
use certificate_accessed::pipeline::{Evaluation, Pipeline};
use certificate_accessed::rules::certificate_accessed::LOGIC;
use certificate_accessed::rules::metadata::Metadata;
use certificate_accessed::rules::{Logic, Parameters, Rule, RuleError};
use certificate_accessed::source::Place;

use crate::given::{self, READ, answer_of, binary_batch, read_of, summary};

/// Says to the child process of the second test that it is one.
const CHILD: &str = "PANIC_TEST_CHILD";

/// The rule with a bug.
static BUGGY: Logic = Logic { matches: buggy, ..LOGIC };

fn buggy(facts: &Facts<'_>, parameters: &Parameters) -> Result<bool, RuleError> {
    let record = facts.record.raw();
    assert!(!record.contains("kv-canary"), "no room for {record}");
    (LOGIC.matches)(facts, parameters)
}

fn evaluate(events: &[String]) -> Evaluation {
    let rule = Rule { metadata: Metadata::parse(LOGIC.yaml).unwrap(), logic: &BUGGY };
    let pipeline = Pipeline::new(vec![rule], Parameters::default());
    let mut evaluation = Evaluation::default();
    for event in events {
        pipeline.evaluate(event.as_bytes(), &Place::default, &mut evaluation);
    }
    evaluation
}

#[test]
fn the_event_is_rejected_and_the_others_go_on() {
    let canary = read_of("kv-canary", "192.0.2.8");
    let evaluation = evaluate(&[READ.to_owned(), format!("[{READ},{canary},{READ}]"), READ.to_owned()]);

    assert_eq!(evaluation.matches.len(), 2);
    assert_eq!(evaluation.rejected.len(), 1);
    assert_eq!(evaluation.rejected[0].reason, Reason::Panic);
    assert_eq!(evaluation.counts.events, 3);
    assert_eq!(evaluation.counts.matches, 2);
}

#[test]
fn a_rule_that_panics_while_an_alert_is_made_costs_that_alert_alone() {
    static BUGGY_TITLE: Logic = Logic {
        dedup: Some(|facts| facts.record.raw().to_owned()),
        title: |metadata, facts| {
            assert!(!facts.record.raw().contains("kv-canary"), "no title");
            (LOGIC.title)(metadata, facts)
        },
        ..LOGIC
    };
    static NO_JSON: Logic = Logic { context: |_| Ok(vec![("who", "canary".into())]), ..LOGIC };
    let canary = read_of("kv-canary", "192.0.2.8");
    for (logic, alerts) in [(&BUGGY_TITLE, 1), (&NO_JSON, 0)] {
        let rule = Rule { metadata: Metadata::parse(LOGIC.yaml).unwrap(), logic };
        let detector = Detector::new(Pipeline::new(vec![rule], Parameters::default()), None, ExpectedAccess::default());

        let answer = answer_of(&detector, &binary_batch(&[canary.as_str(), READ]));

        assert_eq!(given::alerts(&answer).len(), alerts);
        let rejected = given::rejected(&answer);
        assert_eq!(rejected.len(), 2 - alerts);
        assert!(rejected.iter().all(|rejection| rejection["reason"] == "panic"));
        assert_eq!(summary(&answer)["rejected"], 2 - alerts);
    }
}

#[test]
fn the_panic_hook_writes_one_line_without_the_records_text() {
    if std::env::var(CHILD).is_ok() {
        certificate_accessed::process_log::hook_panics(|line| eprintln!("{line}"));
        evaluate(&[read_of("kv-canary", "192.0.2.8")]);
        return;
    }
    let name = "panic::the_panic_hook_writes_one_line_without_the_records_text";

    let output = Command::new(std::env::current_exe().unwrap())
        .args([name, "--exact", "--nocapture"])
        .env(CHILD, "1")
        .output()
        .unwrap();

    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{errors}");
    assert!(errors.starts_with("certificate-accessed: a bug, please report it: panicked at "), "{errors}");
    assert_eq!(errors.lines().count(), 1, "{errors}");
    assert!(!errors.contains("canary"), "{errors}");
}
