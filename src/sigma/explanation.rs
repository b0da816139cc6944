//! Why a rule matches a record, or why not, condition by condition.

use super::{LogSource, SigmaRules};
use crate::decode::{Record, RecordKind};

/// A condition, and whether it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// How many conditions it is a part of.
    pub depth: usize,
    /// Whether it holds.
    pub holds: bool,
    /// The condition, and what the record has.
    pub text: String,
}

impl SigmaRules {
    /// The conditions of the rule with this number, each before its parts; the first is of which log a record has to be.
    #[must_use]
    pub fn explain(&self, number: usize, record: &Record<'_>, kind: RecordKind) -> Option<Vec<Condition>> {
        let rule = self.rules.get(number)?;
        let origin = LogSource::of(record, kind);
        let holds = rule.sources.iter().any(|source| origin.is_one_of(*source));
        let sources = rule.sources.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let mut conditions = vec![Condition { depth: 0, holds, text: format!("the record is of the {sources}") }];
        conditions.extend(self.engines.explain(&self.rules, rule, record));
        Some(conditions)
    }
}
