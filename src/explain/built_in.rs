//! The conditions of the rules of this program, as far as one record tells them.

use crate::decode::RecordKind;
use crate::facts::Facts;
use crate::json::Value;
use crate::rules::{Parameters, Rule, audited_certificate_read, unfamiliar_reader};
use crate::sigma::Condition;

/// What a rule asks of a record, in the order in which it asks; the rule itself has the last word.
pub(super) fn conditions(rule: &Rule, facts: &Facts<'_>, parameters: &Parameters) -> Vec<Condition> {
    let logic = rule.logic;
    let kind = RecordKind::of(&facts.record);
    let logs = logic.reads.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or ");
    let mut conditions = vec![of(logic.reads.contains(&kind), format!("the record is of {logs}; it is of {kind}"))];
    let operation = facts.get("operationName").and_then(Value::as_str).unwrap_or_default();
    let is_one = logic.operations.iter().any(|known| known.eq_ignore_ascii_case(&operation));
    let named = if operation.is_empty() { "none".to_owned() } else { operation.to_string() };
    conditions.push(of(is_one, format!("operationName is one of {}; it is {named}", logic.operations.join(", "))));
    conditions.push(outcome(facts, kind));
    let is_secret = operation.to_ascii_lowercase().starts_with("secret");
    if logic.name == audited_certificate_read::LOGIC.name && is_secret {
        let name = facts.access().object_name().unwrap_or("unknown");
        let holds = parameters.is_certificate(facts.access());
        conditions.push(of(holds, format!("CERTIFICATE_SECRETS names the secret; it is {name}")));
    }
    if logic.name == unfamiliar_reader::LOGIC.name {
        conditions.push(of(facts.identity().is_named(), "the record names an identity".to_owned()));
    }
    conditions
}

fn of(holds: bool, text: String) -> Condition {
    Condition { depth: 0, holds, text }
}

/// Whether the call was done, as the log has it.
fn outcome(facts: &Facts<'_>, kind: RecordKind) -> Condition {
    let word = |name: &str| facts.word(name).map_or_else(|| "missing".to_owned(), |word| word.into_owned());
    if kind == RecordKind::ActivityLog {
        let result = word("resultType");
        return of(
            matches!(result.as_str(), "Success" | "Succeeded"),
            format!("resultType is Success or Succeeded; it is {result}"),
        );
    }
    match facts.access().http_status.as_deref() {
        Some(status) => {
            let number: Option<u16> = status.trim_matches('"').trim().parse().ok();
            let holds = number.is_some_and(|number| (200..300).contains(&number));
            of(holds, format!("properties.httpStatusCode is 200 to 299; it is {status}"))
        }
        None => {
            let signature = word("resultSignature");
            let holds = matches!(signature.to_ascii_lowercase().as_str(), "ok" | "missing");
            of(holds, format!("there is no httpStatusCode, and resultSignature is OK or missing; it is {signature}"))
        }
    }
}
