//! Rules that cannot run are off alone, and named with file, line and reason.

use serde_json::json;

use super::{POLICY, RULE, answer_to, detector, rules};
use crate::given::{alerts, answer_of, binary_batch, summary};

/// The faults of a rule that stands beside a sound one, which stays on.
fn fault_of(rule: &str) -> String {
    let read = rules(&[rule, RULE]);
    assert_eq!(read.rules().len(), 1, "{:?}", read.faults());
    assert_eq!(read.rules()[0].title, "Access Policy Of A Vault Changed");
    read.faults().iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn each_is_named_with_its_file_its_line_and_the_reason() {
    let cases = [
        ("no YAML", "title: [\nlevel: high\n", "0.yml:3: YAML parse error"),
        ("no rule", "just a text\n", "0.yml:1: Document is not a YAML mapping"),
        (
            "another product",
            &RULE.replace("product: azure", "product: windows"),
            "0.yml:9: reads a log that never comes here",
        ),
        ("another service", &RULE.replace("activitylogs", "mdi"), "0.yml:9: reads a log that never comes here"),
        ("no condition", &RULE.replace("    condition: selection\n", ""), "Missing required field 'condition'"),
        ("an unknown modifier", &RULE.replace("operationName:", "operationName|sounds:"), "Unknown modifier 'sounds'"),
        (
            "an unknown selection",
            &RULE.replace("condition: selection", "condition: election"),
            "0.yml:12: unknown detection identifier: election",
        ),
        (
            "a regular expression",
            &RULE.replace("operationName: Micro", "operationName|re: '(Micro'\n        x: Micro"),
            "0.yml:12: invalid regex",
        ),
        (
            "a placeholder",
            &RULE.replace("operationName:", "operationName|expand:"),
            "0.yml:12: has placeholders (expand)",
        ),
        (
            "a timeframe",
            &RULE.replace("    condition:", "    timeframe: 5m\n    condition:"),
            "0.yml:15: counts over a time",
        ),
        (
            "the id of a built-in rule",
            &RULE.replace("00000000-0000-0000-0000-0000000000e1", "Azure.KeyVault.CertificateDump"),
            "0.yml:2: has an id as the rules of this program have",
        ),
        ("an action", &format!("action: global\n{RULE}"), "0.yml:1: has an action for several rules"),
    ];
    for (what, rule, expected) in cases {
        let fault = fault_of(rule);

        assert!(fault.starts_with("0.yml:") && fault.contains(expected), "{what}: {fault}");
        assert_eq!(fault.lines().count(), 1, "{what}: {fault}");
    }
}

#[test]
fn a_filter_is_refused_by_name() {
    let filter = "title: Not us\nlogsource: {product: azure}\nfilter:\n    rules: [00000000-0000-0000-0000-0000000000e1]\n    selection:\n        callerIpAddress: 192.0.2.7\n    condition: not selection\n";

    assert!(fault_of(filter).starts_with("0.yml:3: is a filter"), "{}", fault_of(filter));
}

#[test]
fn a_file_may_hold_several_rules_and_one_that_is_off_costs_no_other() {
    let second = RULE.replace("0000000000e1", "0000000000e2").replace("Changed", "Changed Again");
    let file = format!("{RULE}---\ntitle: No Rule\nlogsource: {{product: azure}}\n---\n{second}");

    let read = rules(&[&file]);

    let lines: Vec<_> = read.rules().iter().map(|rule| rule.line).collect();
    assert_eq!(lines, [1, 23]);
    assert_eq!(read.faults().len(), 1);
    assert!(read.faults()[0].to_string().starts_with("0.yml:20: "), "{:?}", read.faults());
}

#[test]
fn of_two_rules_with_one_id_the_second_is_off() {
    let read = rules(&[RULE, RULE]);

    assert_eq!(read.faults()[0].to_string(), "1.yml:2: has the id of the rule in 0.yml:1; give it another");
}

#[test]
fn a_file_that_is_no_text_or_too_long_is_named() {
    let too_long = "#".repeat((1 << 20) + 1);

    assert!(fault_of(&too_long).starts_with("0.yml:1: the file is over 1 MiB"));
}

#[test]
fn what_is_off_stands_in_every_summary_line_and_the_rest_runs() {
    let detector = detector(&[], &["no rule", RULE], "");

    for _batch in 0..2 {
        let answer = answer_of(&detector, &binary_batch(&[POLICY]));

        assert_eq!(
            summary(&answer)["sigmaFault"],
            json!("1 Sigma rules are off: 0.yml:1: Document is not a YAML mapping")
        );
        assert_eq!(alerts(&answer).len(), 1);
    }
}

#[test]
fn texts_that_are_too_long_for_a_message_are_cut_and_the_alert_fits() {
    let long = "é\"".repeat(20_000);
    let list = format!("    - '{long}'\n").repeat(2) + &"    - short\n".repeat(1_000);
    let rule = RULE
        .replace("Changed", &format!("Changed{long}").replace('"', "'"))
        .replace("Somebody gave", &format!("Somebody {} gave", "x".repeat(50_000)))
        .replace("    - A deployment by the owners of the vault.\n", &list);

    let answer = answer_to(&rule, POLICY);

    assert_eq!(alerts(&answer).len(), 1);
    assert!(answer["Outputs"]["alerts"][0].as_str().unwrap().len() <= 49_152);
}

#[test]
fn a_rule_with_hidden_characters_shows_them() {
    let rule = RULE.replace("Changed", "Changed\u{202e}");

    let [alert] = alerts(&answer_to(&rule, POLICY)).try_into().unwrap();

    assert_eq!(alert["rule"]["name"], "Access Policy Of A Vault Changed\\u{202e}");
}
