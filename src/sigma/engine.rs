//! RSigma's engine: the only place that names its crates.

mod compiled;
mod event;
mod literals;
mod reader;
mod spellings;
mod trace;

use std::collections::HashMap;
use std::sync::Arc;

use rsigma_eval::{Engine, EvaluationResult, explain_rule};
use serde_json::json;

use super::log_source::Origin;
use super::{LogSource, Reason, SigmaRule};
use crate::decode::Record;
pub(super) use compiled::Compiled;
use event::RecordEvent;
pub(super) use reader::read;
use spellings::Spellings;

/// The attribute by which a result of the engine names its rule here: titles and ids may be missing or alike.
const NUMBER: &str = "number";

/// For each log that a rule reads, all rules that read it.
pub(super) struct Engines {
    of_logs: Vec<(LogSource, Engine)>,
    spellings: Spellings,
}

impl Engines {
    pub(super) fn new(rules: &[SigmaRule]) -> Self {
        let spellings = Spellings::of(rules.iter().flat_map(|rule| rule.compiled.fields.iter().cloned()));
        let of_logs = LogSource::ALL.iter().filter_map(|source| Some((*source, engine(rules, *source)?)));
        Self { of_logs: of_logs.collect(), spellings }
    }

    /// The logs that a rule reads.
    pub(super) fn sources(&self) -> impl Iterator<Item = LogSource> {
        self.of_logs.iter().map(|(source, _)| *source)
    }

    /// The numbers of the rules that match a record of this origin.
    ///
    /// # Errors
    /// Why they cannot decide.
    pub(super) fn matching(&self, origin: Origin, record: &Record<'_>) -> Result<Vec<usize>, &'static str> {
        let event = RecordEvent::of(record, &self.spellings).ok_or(UNREADABLE)?;
        let engines = self.of_logs.iter().filter(|(reads, _)| origin.is_one_of(*reads));
        let mut matching: Vec<_> = engines.flat_map(|(_, engine)| engine.evaluate(&event)).filter_map(number).collect();
        matching.sort_unstable();
        matching.dedup();
        let is_opaque = matching.is_empty() && event.is_opaque;
        if is_opaque { Err("one of its fields is a text that looks like JSON and is none") } else { Ok(matching) }
    }

    /// Why a rule matches a record, or why not.
    pub(super) fn explain(&self, rule: &SigmaRule, record: &Record<'_>) -> Vec<Reason> {
        let explained = |event| trace::reasons(&explain_rule(&rule.compiled.rule, &event));
        let unreadable = || vec![Reason { depth: 0, holds: false, text: UNREADABLE.to_owned() }];
        RecordEvent::of(record, &self.spellings).map_or_else(unreadable, explained)
    }
}

/// What a record has that RSigma's values cannot hold.
const UNREADABLE: &str = "it has a number or a nesting that rules cannot be asked about";

/// The engine of all rules that read a log; `None` where no rule does.
fn engine(rules: &[SigmaRule], source: LogSource) -> Option<Engine> {
    let compiled = rules.iter().enumerate().filter(|(_, rule)| rule.sources.contains(&source)).map(|(number, rule)| {
        let mut compiled = rule.compiled.rule.clone();
        compiled.custom_attributes = Arc::new(HashMap::from([(NUMBER.to_owned(), json!(number))]));
        compiled
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
