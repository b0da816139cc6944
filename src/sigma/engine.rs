//! RSigma's engine: the only place that names its crates.

mod compiled;
mod correlation;
mod event;
mod literals;
mod object_text;
mod reader;
mod said;
mod spellings;
mod trace;

use std::collections::HashMap;
use std::sync::Arc;

use rsigma_eval::{Engine, EvaluationResult, explain_rule};
use serde_json::json;

use super::log_source::Origin;
use super::{Condition, Found, LogSource, SigmaRule};
use crate::decode::Record;
pub(super) use compiled::Compiled;
use correlation::Counting;
use event::RecordEvent;
pub(super) use reader::read;
use spellings::Spellings;

/// The attribute by which a result of the engine names its rule here: titles and ids may be missing or alike.
const NUMBER: &str = "number";

/// For each log that a rule reads, all rules that read it.
pub(super) struct Engines {
    of_logs: Vec<(LogSource, Engine)>,
    /// Correlations, with their numbers.
    counts: Vec<(usize, Counting)>,
    spellings: Spellings,
}

impl Engines {
    pub(super) fn new(rules: &[SigmaRule]) -> Self {
        let counts = rules.iter().enumerate().filter_map(|(number, rule)| match &rule.compiled {
            Compiled::Count(counting) => Some((number, counting.clone())),
            Compiled::Rule { .. } => None,
        });
        let spellings = Spellings::of(rules.iter().flat_map(fields));
        let of_logs = LogSource::ALL.iter().filter_map(|source| Some((*source, engine(rules, *source)?)));
        Self { of_logs: of_logs.collect(), counts: counts.collect(), spellings }
    }

    /// The logs that a rule reads.
    pub(super) fn sources(&self) -> impl Iterator<Item = LogSource> {
        self.of_logs.iter().map(|(source, _)| *source)
    }

    /// The rules that match a record of this origin, and what correlations count of it.
    ///
    /// # Errors
    /// Why they cannot decide.
    pub(super) fn matching(&self, origin: Origin, record: &Record<'_>) -> Result<Found, &'static str> {
        let event = RecordEvent::of(record, &self.spellings).ok_or(UNREADABLE)?;
        let engines = self.of_logs.iter().filter(|(reads, _)| origin.is_one_of(*reads));
        let mut matching: Vec<_> = engines.flat_map(|(_, engine)| engine.evaluate(&event)).filter_map(number).collect();
        matching.sort_unstable();
        matching.dedup();
        let opaque = event.is_opaque.then_some("one of its fields is a text that looks like JSON and is none");
        let doubt = if event.is_unreadable() { Some(UNREADABLE) } else { opaque };
        let is_counted = |counting: &Counting| counting.rules.iter().any(|number| matching.contains(number));
        let counts = self.counts.iter().filter(|(_, counting)| is_counted(counting));
        let counted = counts.filter_map(|(number, counting)| counting.counted(*number, &event)).collect();
        Ok(Found { matching, counted, doubt })
    }

    /// Why a rule matches a record, or why not.
    pub(super) fn explain(&self, rules: &[SigmaRule], rule: &SigmaRule, record: &Record<'_>) -> Vec<Condition> {
        let explained = |event| match &rule.compiled {
            Compiled::Rule { rule, .. } => trace::conditions(&explain_rule(rule, &event)),
            Compiled::Count(counting) => trace::of_count(counting, rules, &event),
        };
        let unreadable = || vec![Condition { depth: 0, holds: false, text: UNREADABLE.to_owned() }];
        RecordEvent::of(record, &self.spellings).map_or_else(unreadable, explained)
    }
}

/// What a record has that RSigma's values cannot hold.
const UNREADABLE: &str = "it has a number or a nesting that rules cannot be asked about";

/// The engine of all rules that read a log; `None` where no rule does.
fn engine(rules: &[SigmaRule], source: LogSource) -> Option<Engine> {
    let reading = rules.iter().enumerate().filter(|(_, rule)| rule.sources.contains(&source));
    let compiled = reading.filter_map(|(number, rule)| match &rule.compiled {
        Compiled::Rule { rule, .. } => {
            let mut compiled = (**rule).clone();
            compiled.custom_attributes = Arc::new(HashMap::from([(NUMBER.to_owned(), json!(number))]));
            Some(compiled)
        }
        Compiled::Count(_) => None,
    });
    let compiled: Vec<_> = compiled.collect();
    let is_read = !compiled.is_empty();
    let mut engine = Engine::new();
    engine.extend_compiled_rules(compiled);
    is_read.then_some(engine)
}

fn number(result: EvaluationResult) -> Option<usize> {
    usize::try_from(result.header.custom_attributes.get(NUMBER)?.as_u64()?).ok()
}

/// The fields that a rule asks for.
fn fields(rule: &SigmaRule) -> Vec<String> {
    match &rule.compiled {
        Compiled::Rule { fields, .. } => fields.clone(),
        Compiled::Count(Counting { group_by, value, .. }) => group_by.iter().chain(value).cloned().collect(),
    }
}
