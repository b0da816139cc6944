//! Correlations: what they count of the matches of other rules.

use rsigma_eval::{Event, EventValue};
use rsigma_parser::{ConditionOperator, CorrelationCondition, CorrelationRule, CorrelationType, WindowMode};

use super::compiled::{Compiled, Refusal, refusal};
use super::event::RecordEvent;
use super::said::Said;
use crate::hidden::sanitized;
use crate::sigma::{Count, CountedRecord, SigmaRule};

/// The longest window in minutes: as long as Event Hubs keeps events at the most on its standard tier.
const MAX_MINUTES: u32 = 7 * 24 * 60;
/// The largest threshold that windows hold.
const MAX_THRESHOLD: usize = 10_000;
/// Why the temporal kinds are not carried.
const TEMPORAL: &str = "which rules matched in which order is not in the log that instances share, so several instances would answer \
                        differently";

/// What a correlation counts, and for whom.
#[derive(Debug, Clone)]
pub(in crate::sigma) struct Counting {
    /// The numbers of the rules whose matches it counts.
    pub(super) rules: Vec<usize>,
    /// The fields whose values part what is counted.
    pub(super) group_by: Vec<String>,
    /// The field whose distinct values are counted; `None` where matches are.
    pub(super) value: Option<String>,
}

impl Counting {
    /// What is counted of a record that one of the rules matches; `None` where it lacks the value.
    pub(super) fn counted(&self, number: usize, event: &RecordEvent<'_>) -> Option<CountedRecord> {
        let group: Vec<_> = self.group_by.iter().map(|field| in_brackets(text(event.get_field(field)))).collect();
        let value = match &self.value {
            Some(field) => Some(text(event.get_field(field))?),
            None => None,
        };
        Some(CountedRecord { number, group: group.join(" "), value })
    }
}

/// A value for a title: in brackets, which no value can end, so that two groups never look alike.
fn in_brackets(value: Option<String>) -> String {
    let Some(value) = value else { return "none".to_owned() };
    let escaped = |c: char| matches!(c, '\\' | '[' | ']').then_some('\\').into_iter().chain([c]);
    format!("[{}]", sanitized(&value).chars().flat_map(escaped).collect::<String>())
}

/// A single value as text; nothing for an object or a list.
fn text(value: Option<EventValue<'_>>) -> Option<String> {
    value?.as_str().map(std::borrow::Cow::into_owned)
}

/// Makes a correlation that was read ready to run, over the rules that are on.
pub(super) fn correlation(
    parsed: &CorrelationRule,
    rules: &[SigmaRule],
    file: &str,
    line: usize,
) -> Result<SigmaRule, Refusal> {
    let (count, value) = count(parsed)?;
    let counted = parsed.rules.iter().map(|name| number(rules, name)).collect::<Result<Vec<_>, _>>()?;
    if counted.is_empty() {
        return Err(refusal("correlation", "names no rule whose matches it counts"));
    }
    let read = counted.iter().filter_map(|number| rules.get(*number)).flat_map(|rule| rule.sources.iter().copied());
    let mut sources: Vec<_> = read.collect();
    sources.sort_unstable();
    sources.dedup();
    let said = Said {
        id: parsed.id.as_deref(),
        title: &parsed.title,
        description: parsed.description.as_deref(),
        level: parsed.level,
        tags: &parsed.tags,
        references: &parsed.references,
        false_positives: &parsed.falsepositives,
    };
    let compiled = Compiled::Count(Counting { rules: counted, group_by: parsed.group_by.clone(), value });
    // The texts of the rules that it counts are looked for already.
    let rule = said.rule((file, line), sources, Some(Vec::new()), compiled);
    Ok(SigmaRule { count: Some(count), ..rule })
}

/// The rule that a correlation names by its id or its name.
fn number(rules: &[SigmaRule], name: &str) -> Result<usize, Refusal> {
    let is_named = |rule: &SigmaRule| match &rule.compiled {
        Compiled::Rule { names, .. } => names.iter().any(|known| known.eq_ignore_ascii_case(name)),
        Compiled::Count(_) => false,
    };
    let unknown = || refusal("rules", &format!("counts the matches of {name}, which is no rule that is on"));
    rules.iter().position(is_named).ok_or_else(unknown)
}

/// Over how long, from how many on, and of which field; or why that is not carried.
fn count(parsed: &CorrelationRule) -> Result<(Count, Option<String>), Refusal> {
    let kind = parsed.correlation_type;
    let is_of_values = kind == CorrelationType::ValueCount;
    let is_temporal = matches!(kind, CorrelationType::Temporal | CorrelationType::TemporalOrdered);
    if !is_of_values && kind != CorrelationType::EventCount {
        let why = if is_temporal { TEMPORAL } else { "event_count and value_count are" };
        return Err(refusal(
            "type",
            &format!("is a correlation of type {}, which is not carried: {why}", kind.as_str()),
        ));
    }
    if parsed.window != WindowMode::Sliding {
        return Err(refusal("window", "has a window that does not slide, which is not carried"));
    }
    if !parsed.aliases.is_empty() {
        return Err(refusal("aliases", "has aliases, which are not carried; name fields that all of its rules have"));
    }
    let (threshold, field) = threshold(&parsed.condition)?;
    let seconds = parsed.timespan.seconds;
    let minutes = u32::try_from(seconds / 60).ok().filter(|_| seconds.is_multiple_of(60));
    let minutes = minutes.filter(|minutes| (1..=MAX_MINUTES).contains(minutes));
    let minutes = minutes.ok_or_else(|| refusal("time", "needs a timespan of whole minutes, from 1m to 7d"))?;
    let value = match field {
        [field] if is_of_values => Some(field.clone()),
        _ if is_of_values => return Err(refusal("condition", "counts the values of no field or of several; name one")),
        _ => None,
    };
    Ok((Count { minutes, threshold, is_of_values }, value))
}

/// From how many on a condition holds, and the fields that it names.
fn threshold(condition: &CorrelationCondition) -> Result<(usize, &[String]), Refusal> {
    let CorrelationCondition::Threshold { predicates, field, .. } = condition else {
        return Err(refusal("condition", "has a condition that is no number; write gte or gt"));
    };
    let threshold = match predicates.as_slice() {
        [(ConditionOperator::Gte, least)] => *least,
        [(ConditionOperator::Gt, below)] => below.saturating_add(1),
        _ => return Err(refusal("condition", "has another condition than one gte or gt, which is not carried")),
    };
    let threshold = usize::try_from(threshold).ok().filter(|threshold| (1..=MAX_THRESHOLD).contains(threshold));
    let threshold = threshold.ok_or_else(|| refusal("condition", "counts to more than 10000, or to nothing"))?;
    Ok((threshold, field.as_deref().unwrap_or_default()))
}
