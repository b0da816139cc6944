//! What stands in for the engine in a program that was built without it: every rule is off, and says why.

use super::log_source::Origin;
use super::{Condition, Fault, Found, LogSource, RuleText, SigmaRule};
use crate::decode::Record;

/// No rule is ever ready to run.
#[derive(Debug, Clone)]
pub(super) enum Compiled {}

/// No engine.
pub(super) struct Engines;

/// Switches every rule off.
pub(super) fn read<'t>(texts: impl IntoIterator<Item = RuleText<'t>>) -> (Vec<SigmaRule>, Vec<Fault>) {
    let reason = "this program was built without Sigma: build it with the feature sigma, which releases have";
    let off = |text: RuleText<'t>| Fault { file: text.file.to_owned(), line: 1, reason: reason.to_owned() };
    (Vec::new(), texts.into_iter().map(off).collect())
}

impl Engines {
    pub(super) fn new(_rules: &[SigmaRule]) -> Self {
        Self
    }

    pub(super) fn sources(&self) -> impl Iterator<Item = LogSource> {
        std::iter::empty()
    }

    pub(super) fn matching(&self, _origin: Origin, _record: &Record<'_>) -> Result<Found, &'static str> {
        Ok(Found::default())
    }

    pub(super) fn explain(&self, _rules: &[SigmaRule], rule: &SigmaRule, _record: &Record<'_>) -> Vec<Condition> {
        match rule.compiled {}
    }
}
