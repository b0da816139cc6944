//! Why a rule matches a record, or why not, condition by condition.

use super::{LogSource, SigmaRules};
use crate::decode::{Record, RecordKind};

/// A condition, and whether it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// How many conditions it is a part of.
    pub depth: usize,
    /// Whether it holds.
    pub holds: bool,
    /// The condition, and what the record has.
    pub text: String,
}

/// Why a rule matches a record, or why not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// Whether the rule reads the log that the record is of.
    pub is_asked: bool,
    /// The conditions, each before its parts.
    pub reasons: Vec<Reason>,
}

impl SigmaRules {
    /// Explains what the rule with this number says of a record.
    #[must_use]
    pub fn explain(&self, number: usize, record: &Record<'_>, kind: RecordKind) -> Option<Explanation> {
        let rule = self.rules.get(number)?;
        let origin = LogSource::of(record, kind);
        let is_asked = rule.sources.iter().any(|source| origin.is_one_of(*source));
        let sources = rule.sources.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let mut reasons = vec![Reason { depth: 0, holds: is_asked, text: format!("the record is of the {sources}") }];
        reasons.extend(self.engines.explain(&self.rules, rule, record));
        Some(Explanation { is_asked, reasons })
    }
}
