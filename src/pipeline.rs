//! The way of one event: bytes → records → rules → matches. The only room that joins decode and rules.
//!
//! Nothing gets lost on it: a record is evaluated, or counted as harmless, or its event is rejected with all its bytes.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod active_sigma;
mod counts;
mod operation;
mod rejection;
mod wrappers;

pub use counts::Counts;
pub use rejection::Rejection;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::Arc;

use crate::alert::{Match, MatchedRecord};
use crate::decode::{OperationNames, Piece, Reason, Record, RecordKind, read_body};
use crate::facts::{Facts, Memo};
use crate::rules::panther::{self, Grouping};
use crate::rules::{Incidents, Parameters, Rule, RuleError};
use crate::sigma::SigmaRules;
use crate::source::{Place, Source};
use active_sigma::{ActiveSigma, or_sigma};

/// The active rules with what is derived from them.
#[derive(Debug)]
pub struct Pipeline {
    rules: Vec<ActiveRule>,
    parameters: Parameters,
    operations: OperationNames,
    sigma: Option<ActiveSigma>,
}

#[derive(Debug)]
struct ActiveRule {
    rule: Arc<Rule>,
    operations: OperationNames,
    threshold: usize,
}

/// What a batch of events came to.
#[derive(Debug, Default)]
pub struct Evaluation {
    /// How much was seen.
    pub counts: Counts,
    /// The matches, in the order of the events.
    pub matches: Vec<Match>,
    /// Reads that were refused, as matches of the rules that open incidents: they raise no alert, and one tells them.
    pub refused: Vec<Match>,
    /// What was set aside, in the order of the events.
    pub rejected: Vec<Rejection>,
    /// Facts of the records so far.
    pub memo: Rc<Memo>,
    /// How many bytes the alerts of the matches may have, where that is bounded; what cannot be evaluated any more is rejected.
    pub max_alert_bytes: Option<usize>,
    /// How many bytes they would have, about, were each match an alert.
    pub alert_bytes: usize,
}

/// What an alert has besides its record, about: the rule's texts, and what is said twice.
const ALERT_BYTES: usize = 3 << 10;

impl Evaluation {
    fn is_full(&self) -> bool {
        self.max_alert_bytes.is_some_and(|max| self.alert_bytes >= max)
    }

    /// Adds a match of a rule that alerts from so many of them on.
    fn add(&mut self, found: Match, threshold: usize) {
        // Quotes are escaped once on their way into the answer, and the context repeats some of the record. Of the matches
        // of a rule with a threshold one is an alert, and the others are evidence at the most.
        self.alert_bytes += (ALERT_BYTES + 2 * found.record.squeezed_bytes) / threshold.max(1);
        self.matches.push(found);
    }
}

impl ActiveRule {
    fn found(&self, facts: &Facts<'_>, Grouping { dedup, unique }: Grouping, record: Arc<MatchedRecord>) -> Match {
        Match { rule: Arc::clone(&self.rule), dedup, unique, access: (self.rule.logic.access)(facts), record }
    }
}

impl Pipeline {
    /// Makes a pipeline of the active rules.
    #[must_use]
    pub fn new(rules: Vec<Rule>, parameters: Parameters) -> Self {
        let operations = OperationNames::new(rules.iter().flat_map(|rule| rule.logic.operations).copied());
        let active = |rule: Rule| ActiveRule {
            operations: OperationNames::new(rule.logic.operations.iter().copied()),
            threshold: (rule.logic.threshold)(&parameters),
            rule: Arc::new(rule),
        };
        Self { rules: rules.into_iter().map(active).collect(), parameters, operations, sigma: None }
    }

    /// Adds rules that others wrote.
    #[must_use]
    pub fn with_sigma(self, rules: SigmaRules) -> Self {
        Self { sigma: Some(ActiveSigma::new(rules)), ..self }
    }

    /// The rules that others wrote, where there are any.
    #[must_use]
    pub fn sigma(&self) -> Option<&SigmaRules> {
        self.sigma.as_ref().map(|sigma| &sigma.rules)
    }

    /// All rules that are on, those that others wrote last.
    pub fn rules(&self) -> impl Iterator<Item = &Arc<Rule>> {
        let sigma = self.sigma.iter().flat_map(ActiveSigma::active);
        self.rules.iter().map(|active| &active.rule).chain(sigma)
    }

    /// Whether some rule may have a match in a text that could not be read.
    fn may_match_in(&self, text: &str) -> bool {
        let sigma = || self.sigma.as_ref().is_some_and(|sigma| sigma.rules.literals().may_occur_in(text));
        self.operations.may_occur_in(text) || sigma()
    }

    /// Whether an active rule reads logs of a kind.
    #[must_use]
    pub fn reads(&self, kind: RecordKind) -> bool {
        let of_sigma = |sigma: &ActiveSigma| sigma.rules.sources().any(|source| source.kind() == Some(kind));
        self.rules.iter().any(|active| active.rule.logic.reads.contains(&kind)) || self.sigma.iter().any(of_sigma)
    }

    /// What the settings say to the rules.
    #[must_use]
    pub fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// Evaluates one event. A panic in it, which would be a bug of ours, costs that event alone: it is rejected.
    ///
    /// `place` is asked only where there is something to say of the event.
    pub fn evaluate(&self, event: &[u8], place: &dyn Fn() -> Place, evaluation: &mut Evaluation) {
        evaluation.counts.events += 1;
        let (matches_before, refused_before) = (evaluation.matches.len(), evaluation.refused.len());
        let rejected =
            catch_unwind(AssertUnwindSafe(|| self.evaluate_event(event, place, evaluation))).unwrap_or_else(|_| {
                evaluation.matches.truncate(matches_before);
                evaluation.refused.truncate(refused_before);
                evaluation.counts.add_undecodable(Reason::Panic);
                Some((Reason::Panic, "evaluating the event panicked".to_owned(), None))
            });
        if let Some((reason, detail, record_index)) = rejected {
            let source = Source { place: place(), record_index, ..Source::default() };
            evaluation.rejected.push(Rejection::new(reason, detail, source, event));
        }
        evaluation.counts.matches += (evaluation.matches.len() - matches_before) as u64;
    }

    /// Evaluates one event; returns why it has to be rejected, if it has to.
    fn evaluate_event(&self, event: &[u8], place: &dyn Fn() -> Place, evaluation: &mut Evaluation) -> Option<Rejected> {
        let mut rejected = None;
        read_body(event, &mut |piece| {
            let fault = match piece {
                Piece::Record { record, index } => self.evaluate_record(record, index, event, place, evaluation),
                Piece::Undecodable { reason, text, index } => {
                    evaluation.counts.add_undecodable(reason);
                    let may_match = reason == Reason::Unreadable || self.may_match_in(&text);
                    may_match.then(|| (reason, "could not be decoded and may hold a match".to_owned(), Some(index)))
                }
                Piece::EnvelopeMembers { text } => self.may_match_in(&text).then(|| {
                    evaluation.counts.add_undecodable(Reason::Wrapper);
                    (Reason::Wrapper, "may hold a match beside its records".to_owned(), None)
                }),
            };
            if rejected.is_none() {
                rejected = fault;
            }
        });
        rejected
    }

    fn evaluate_record(
        &self,
        record: Record<'_>,
        index: usize,
        event: &[u8],
        place: &dyn Fn() -> Place,
        evaluation: &mut Evaluation,
    ) -> Option<Rejected> {
        evaluation.counts.records += 1;
        let kind = RecordKind::of(&record);
        evaluation.counts.records_by_kind.add(kind);
        if evaluation.is_full() && self.may_match_in(record.raw()) {
            evaluation.counts.add_undecodable(Reason::TooLarge);
            let detail = "may hold a match for which the answer has no room; replay the rejected event".to_owned();
            return Some((Reason::TooLarge, detail, Some(index)));
        }
        let memo = Rc::clone(&evaluation.memo);
        let facts = Facts::among(&memo, record);
        let marks = facts.record.marks();
        let source = || Source { place: place(), record_index: Some(index), marks, ..Source::default() };
        let keep = || Arc::new(MatchedRecord::of(&facts, event, source()));
        let mut matched = None;
        let mut faults = Vec::new();
        for active in &self.rules {
            match panther::run(&active.rule, &self.parameters, &facts) {
                Ok(None) => {
                    if let Incidents::Open(is_refused) = active.rule.logic.incidents
                        && is_refused(&facts)
                    {
                        let grouping = panther::grouping(&active.rule, &self.parameters, &facts);
                        evaluation.refused.push(active.found(&facts, grouping, keep()));
                    }
                }
                Ok(Some(grouping)) => {
                    let record = Arc::clone(matched.get_or_insert_with(keep));
                    evaluation.add(active.found(&facts, grouping, record), active.threshold);
                }
                Err(error) => faults.push((active, error)),
            }
        }
        let by_others = self.ask_others(&facts, kind, matched.clone(), &keep, evaluation);
        // Where one rule has an alert, nothing is lost by what another could not decide.
        faults.retain(|(_, error)| matched.is_none() || !matches!(error, RuleError::Undetermined { .. }));
        if let Some((_, error)) = faults.first() {
            evaluation.counts.add_undecodable(reason_of(*error));
        }
        let may_match = |(active, _): &&(&ActiveRule, RuleError)| active.operations.may_occur_in(facts.record.raw());
        let fault = faults
            .iter()
            .find(may_match)
            .map(|(active, error)| (reason_of(*error), format!("{}: {error}", active.rule.logic.name), Some(index)));
        let fault = fault.or_else(|| {
            let open = Some(&facts.record).filter(|_| matched.is_none());
            let (reason, detail) = operation::fault(open?, &self.operations)?;
            evaluation.counts.add_undecodable(reason);
            Some((reason, detail, Some(index)))
        });
        or_sigma(fault, by_others, index)
    }

    /// Asks the rules that others wrote; returns why the record has to be rejected, if it has to. What they say changes
    /// nothing in what the rules of this program say.
    fn ask_others(
        &self,
        facts: &Facts<'_>,
        kind: RecordKind,
        mut kept: Option<Arc<MatchedRecord>>,
        keep: &dyn Fn() -> Arc<MatchedRecord>,
        evaluation: &mut Evaluation,
    ) -> Option<(Reason, String)> {
        let asked = self.sigma.as_ref()?.ask(facts, kind);
        evaluation.counts.sigma_fed.extend(asked.source);
        for (active, grouping) in asked.matching {
            let record = Arc::clone(kept.get_or_insert_with(keep));
            evaluation.add(active.found(facts, grouping, record), active.threshold);
        }
        if let Some((reason, _)) = &asked.fault {
            evaluation.counts.add_undecodable(*reason);
        }
        asked.fault
    }
}

fn reason_of(error: RuleError) -> Reason {
    match error {
        RuleError::NoAttribute { .. } => Reason::RuleError,
        RuleError::Undetermined { .. } => Reason::Undetermined,
    }
}

/// A reason, its detail, and the number of the piece in the event.
type Rejected = (Reason, String, Option<usize>);
