//! The Sigma rules that are on, with what their matches become.

use std::sync::Arc;

use super::{ActiveRule, Rejected, wrappers};
use crate::counted::NamedRead;
use crate::decode::{OperationNames, Reason, RecordKind};
use crate::facts::Facts;
use crate::json::Value;
use crate::private_key::Reads;
use crate::rules::panther::{self, Grouping};
use crate::rules::{Parameters, Rule, sigma_rule};
use crate::sigma::{Found, LogSource, SigmaRules};

/// What stands for bytes and escapes that are no text.
const REPAIRED: &[&str] = &["\u{fffd}", "\\ufffd"];

/// All Sigma rules, asked at once.
#[derive(Debug)]
pub(super) struct ActiveSigma {
    pub(super) rules: SigmaRules,
    active: Vec<ActiveRule>,
}

/// What the rules say of one record.
pub(super) struct Asked<'r> {
    /// The log that it is of, if a rule reads that.
    pub(super) source: Option<LogSource>,
    /// The rules that match, and how their matches are grouped.
    pub(super) matching: Vec<(&'r ActiveRule, Grouping)>,
    /// Why its event has to be rejected, if it has to.
    pub(super) fault: Option<(Reason, String)>,
}

impl ActiveSigma {
    pub(super) fn new(rules: SigmaRules) -> Self {
        let active = rules.rules().iter().map(|rule| ActiveRule {
            rule: Arc::new(Rule::of_sigma(rule)),
            operations: OperationNames::new([]),
            threshold: rule.count.map_or(1, |count| count.threshold),
        });
        Self { active: active.collect(), rules }
    }

    /// The rules, by their numbers.
    pub(super) fn active(&self) -> impl Iterator<Item = &Arc<Rule>> {
        self.active.iter().map(|active| &active.rule)
    }

    /// Asks all rules about a record of this kind.
    pub(super) fn ask(&self, facts: &Facts<'_>, kind: RecordKind) -> Asked<'_> {
        let verdict = self.rules.verdict(&facts.record, kind);
        let fault = verdict.undetermined.map(|because| {
            (Reason::Undetermined, format!("whether a Sigma rule matches is not known, because {because}"))
        });
        let is_open = !self.rules.is_alerted(&verdict.found);
        let matching = self.matching(&verdict.found, facts);
        let fault = fault.or_else(|| match verdict.was_asked {
            true if is_open => self.damage(facts, verdict.source),
            true => None,
            false => self.wrapped(facts, verdict.source),
        });
        Asked { source: verdict.source, matching, fault }
    }

    /// The rules that alert by themselves, and the correlations that count.
    fn matching(&self, found: &Found, facts: &Facts<'_>) -> Vec<(&ActiveRule, Grouping)> {
        let alerts = |number: &&usize| self.rules.rules().get(**number).is_some_and(|rule| rule.alerts);
        let alone = found.matching.iter().filter(alerts).filter_map(|number| {
            let active = self.active.get(*number)?;
            Some((active, panther::grouping(&active.rule, &Parameters::default(), facts)))
        });
        let counted = found.counted.iter().filter_map(|counted| {
            let active = self.active.get(counted.number)?;
            let unique =
                counted.value.as_ref().map(|value| NamedRead { name: value.as_str().into(), reads: Reads::default() });
            Some((active, Grouping { dedup: sigma_rule::group(&active.rule, &counted.group), unique }))
        });
        alone.chain(counted).collect()
    }

    /// What a record without a match may hide: it was repaired, or it names no operation, and may be wrapped around one.
    fn damage(&self, facts: &Facts<'_>, source: Option<LogSource>) -> Option<(Reason, String)> {
        let (raw, marks) = (facts.record.raw(), facts.record.marks());
        let is_repaired =
            (marks.invalid_utf8 || marks.lone_surrogates) && REPAIRED.iter().any(|mark| raw.contains(mark));
        if is_repaired {
            let detail = "whether a Sigma rule matches is not known, because some of its bytes are no text";
            return Some((Reason::Undetermined, detail.to_owned()));
        }
        self.wrapped(facts, source)
    }

    /// What a record hides that names no operation and may be wrapped around one, whatever it says that it is.
    fn wrapped(&self, facts: &Facts<'_>, source: Option<LogSource>) -> Option<(Reason, String)> {
        let raw = facts.record.raw();
        let has_name = facts.get("operationName").and_then(Value::as_str).is_some_and(|name| !name.trim().is_empty());
        let literals = Some(self.rules.literals()).filter(|_| !has_name)?;
        literals.may_occur_in(raw).then(|| wrappers::fault(raw, literals, source.is_some()))?
    }
}

/// The first of two faults.
pub(super) fn or_sigma(fault: Option<Rejected>, sigma: Option<(Reason, String)>, index: usize) -> Option<Rejected> {
    fault.or_else(|| sigma.map(|(reason, detail)| (reason, detail, Some(index))))
}
