//! A whole new rule, at work without being in the product: `cargo run --example new_rule`.
//!
//! The files beside this one are copied as they stand (docs/operations.md). What is imported here stands in for the
//! crate and the room `rules` that they find around them then.

use std::time::Duration;

use certificate_accessed::detector::Detector;
use certificate_accessed::expected::ExpectedAccess;
use certificate_accessed::pipeline::Pipeline;
use certificate_accessed::rules::{Incidents, Logic, Parameters, Rule, RuleError, metadata, panther};
use certificate_accessed::{decode, facts, json, resource_id};

#[expect(unreachable_pub, reason = "in the product it is reachable")]
mod vault_deleted;

/// The log lines of the answer to the host for these events, and the messages for its queue.
fn answer(events: &[impl AsRef<str>]) -> Result<(Vec<String>, Vec<String>), Box<dyn std::error::Error>> {
    let pipeline = Pipeline::new(vec![Rule::load(&vault_deleted::LOGIC)?], Parameters::default());
    let detector = Detector::new(pipeline, None, ExpectedAccess::default());
    let events: Vec<_> = events.iter().map(AsRef::as_ref).collect();
    let body = serde_json::json!({"Data": {"events": events}, "Metadata": {}}).to_string();
    let answer = detector.answer(body.as_bytes(), "2026-03-02T08:15:31Z".parse()?, &|| Duration::from_millis(1))?;
    Ok((answer.logs, answer.outputs.alerts))
}

#[expect(clippy::print_stdout, reason = "an example shows what it does")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let deleted = r#"{"time":"2026-03-02T08:14:58Z","resourceId":"/subscriptions/s/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-web","operationName":"Microsoft.KeyVault/vaults/delete","resultType":"Success"}"#;
    let (logs, alerts) = answer(&[deleted])?;
    println!("{}\n{}", logs.join("\n"), alerts.join("\n"));
    Ok(())
}

/// What the tests of the product are given, for this rule.
#[cfg(test)]
mod given {
    use serde_json::Value;

    pub(crate) fn alerts_of(_rule: &str, events: &[impl AsRef<str>]) -> Vec<Value> {
        let (_, alerts) = super::answer(events).unwrap();
        alerts.iter().map(|message| serde_json::from_str(message).unwrap()).collect()
    }
}

#[cfg(test)]
mod vault_deleted_test;

#[cfg(test)]
mod tests {
    use super::vault_deleted;
    use support::complete_rule;

    #[test]
    fn the_example_is_as_complete_as_a_rule_of_the_product() {
        complete_rule::assert_every_rule(&vault_deleted::LOGIC);
        complete_rule::assert_own_rule(&vault_deleted::LOGIC);
    }
}
