//! RSigma's trace of a rule and a record, as lines.

use rsigma_eval::{ConditionTrace, DetectionTrace, Event, ItemTrace, MatchReason, RuleExplanation, explain_rule};

use super::compiled::Compiled;
use super::correlation::Counting;
use super::event::RecordEvent;
use crate::sigma::{Condition, SigmaRule};

/// The conditions of a rule, each before its parts.
pub(super) fn conditions(explanation: &RuleExplanation) -> Vec<Condition> {
    let mut conditions = Vec::new();
    explanation.conditions.iter().for_each(|condition| of_condition(condition, 0, &mut conditions));
    conditions
}

/// What a correlation counts of a record, and what it lacks for that.
pub(super) fn of_count(counting: &Counting, rules: &[SigmaRule], event: &RecordEvent<'_>) -> Vec<Condition> {
    let mut conditions = Vec::new();
    for rule in counting.rules.iter().filter_map(|number| rules.get(*number)) {
        let Compiled::Rule { rule: compiled, .. } = &rule.compiled else { continue };
        let explanation = explain_rule(compiled, event);
        let text = format!("it counts the matches of {}", rule.title);
        conditions.push(Condition { depth: 0, holds: explanation.matched, text });
    }
    for field in counting.value.iter().chain(&counting.group_by) {
        let found = event.get_field(field).and_then(|value| value.as_str().map(std::borrow::Cow::into_owned));
        let text = format!("it counts by {field}; the record has {}", found.as_deref().unwrap_or("none"));
        conditions.push(Condition { depth: 0, holds: found.is_some(), text });
    }
    conditions
}

fn of_condition(trace: &ConditionTrace, depth: usize, conditions: &mut Vec<Condition>) {
    let holds = trace.matched();
    let mut push = |text: String| conditions.push(Condition { depth, holds, text });
    match trace {
        ConditionTrace::Selection { name, detection, .. } => {
            push(name.clone());
            of_detection(detection, depth + 1, conditions);
        }
        ConditionTrace::And { children, .. } => {
            push("all of these".to_owned());
            children.iter().for_each(|child| of_condition(child, depth + 1, conditions));
        }
        ConditionTrace::Or { children, .. } => {
            push("one of these".to_owned());
            children.iter().for_each(|child| of_condition(child, depth + 1, conditions));
        }
        ConditionTrace::Not { child, .. } => {
            push("not this".to_owned());
            of_condition(child, depth + 1, conditions);
        }
        ConditionTrace::Quantified { need, got, branches, .. } => {
            push(format!("{need} of these, and {got} do"));
            for branch in branches {
                conditions.push(Condition { depth: depth + 1, holds: branch.matched, text: branch.name.clone() });
                of_detection(&branch.detection, depth + 2, conditions);
            }
        }
    }
}

fn of_detection(trace: &DetectionTrace, depth: usize, conditions: &mut Vec<Condition>) {
    match trace {
        DetectionTrace::AllOf { items, .. } => items.iter().for_each(|item| conditions.push(of_item(item, depth))),
        DetectionTrace::AnyOf { matched, branches } => {
            conditions.push(Condition { depth, holds: *matched, text: "one of these".to_owned() });
            branches.iter().for_each(|branch| of_detection(branch, depth + 1, conditions));
        }
        DetectionTrace::And { branches, .. } => branches.iter().for_each(|each| of_detection(each, depth, conditions)),
        DetectionTrace::Keywords { item, .. } => conditions.push(of_item(item, depth)),
        DetectionTrace::ArrayMatch { field, quantifier, matched, member_count, matched_count, .. } => {
            let text = format!("{quantifier} of the {member_count} members of {field}, and {matched_count} do");
            conditions.push(Condition { depth, holds: *matched, text });
        }
        DetectionTrace::Conditional { condition, .. } => of_condition(condition, depth, conditions),
        DetectionTrace::Other { kind, matched } => {
            conditions.push(Condition { depth, holds: *matched, text: kind.clone() });
        }
    }
}

/// A field with what it should be, and what it is.
fn of_item(item: &ItemTrace, depth: usize) -> Condition {
    let kind = serde_json::to_value(item.matcher).ok();
    let kind = kind.as_ref().and_then(|kind| kind.as_str()).unwrap_or_default().replace('_', " ");
    let asked = match (&item.field, &item.pattern) {
        (Some(field), Some(pattern)) => format!("{field} {kind}: {pattern}"),
        (Some(field), None) => format!("{field} {kind}"),
        (None, pattern) => format!("some value {kind}: {}", pattern.as_deref().unwrap_or_default()),
    };
    let found = match (item.reason, &item.actual) {
        (MatchReason::FieldAbsent, _) => "; the record has no such field".to_owned(),
        (MatchReason::NoKeywordMatch, _) => "; no value of the record is that".to_owned(),
        (MatchReason::CaseMismatch, Some(actual)) => format!("; the record has {actual}, which differs in case"),
        (_, Some(actual)) => format!("; the record has {actual}"),
        (_, None) => String::new(),
    };
    Condition { depth, holds: item.matched, text: asked + &found }
}
