//! Rules that others wrote, in Sigma: read by `rsigma-parser`, compiled and evaluated by `rsigma-eval`.
//!
//! What is ours: which records a rule is asked about ([`LogSource`]), how a record shows itself to a rule (`event`), what a
//! broken record could hide from it (`literals`), and that a rule which cannot run is switched off alone, with a [`Fault`].

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

#[cfg_attr(not(feature = "sigma"), path = "sigma/no_engine.rs")]
mod engine;
mod explanation;
mod fault;
mod log_source;
mod rule;

use std::collections::BTreeSet;
use std::fmt;

use crate::decode::{OperationNames, Record, RecordKind};
use engine::Engines;
pub use explanation::Condition;
pub use fault::Fault;
pub use log_source::LogSource;
pub use rule::{Count, SigmaRule};

/// The longest file that is read.
pub const MAX_RULE_BYTES: usize = 1 << 20;
/// How many faults a summary line names.
const MAX_SHOWN: usize = 10;

/// The Sigma rules that are on, and why others are not.
pub struct SigmaRules {
    rules: Vec<SigmaRule>,
    faults: Vec<Fault>,
    /// Why there is nothing to read rules from.
    broken: Option<String>,
    engines: Engines,
    literals: OperationNames,
}

/// A file with rules.
#[derive(Debug, Clone, Copy)]
pub struct RuleText<'t> {
    /// Its name, for faults.
    pub file: &'t str,
    /// Its bytes.
    pub bytes: &'t [u8],
}

/// The rules that match a record, and what correlations count of it.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The numbers of the rules that match, those too that are only counted.
    pub matching: Vec<usize>,
    /// What correlations count.
    pub counted: Vec<CountedRecord>,
    /// Why rules that do not match may be wrong about the record.
    pub doubt: Option<&'static str>,
}

/// What a correlation counts of one record.
#[derive(Debug, PartialEq, Eq)]
pub struct CountedRecord {
    /// The correlation's number.
    pub number: usize,
    /// The values by which it parts what it counts, each in brackets; `none` for a field that the record does not have.
    pub group: String,
    /// The value that it counts, each distinct one once; `None` where it counts matches.
    pub value: Option<String>,
}

/// What the rules say of one record.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// The rules that match, and what is counted.
    pub found: Found,
    /// Why the others could not decide, if they could not.
    pub undetermined: Option<&'static str>,
    /// The log that the record is of, if a rule reads it.
    pub source: Option<LogSource>,
    /// Whether some rule was asked, and had a record to decide on.
    pub was_asked: bool,
}

impl SigmaRules {
    /// Reads the texts of files. What cannot run becomes a fault, and costs no other rule.
    #[must_use]
    pub fn read<'t>(texts: impl IntoIterator<Item = RuleText<'t>>) -> Self {
        let (rules, faults) = engine::read(texts);
        let open = rules.iter().any(|rule| rule.literals.is_none());
        let literals = rules.iter().filter_map(|rule| rule.literals.as_deref()).flatten().map(String::as_str);
        Self {
            engines: Engines::new(&rules),
            literals: if open { OperationNames::anything() } else { OperationNames::new(literals) },
            rules,
            faults,
            broken: None,
        }
    }

    /// No rules, because where they should be nothing can be read.
    #[must_use]
    pub fn broken(reason: String) -> Self {
        Self { broken: Some(reason), ..Self::read([]) }
    }

    /// The same rules, with further faults.
    #[must_use]
    pub fn with_faults(mut self, faults: impl Iterator<Item = Fault>) -> Self {
        self.faults.extend(faults);
        self
    }

    /// All that is wrong, each in a sentence.
    pub fn sentences(&self) -> impl Iterator<Item = String> {
        self.broken.clone().into_iter().chain(self.faults.iter().map(ToString::to_string))
    }

    /// What is wrong in one sentence for a summary line, if anything is.
    #[must_use]
    pub fn fault(&self) -> Option<String> {
        if let Some(broken) = &self.broken {
            return Some(format!("no Sigma rule is on: {broken}"));
        }
        let count = self.faults.len();
        let shown: Vec<_> = self.sentences().take(MAX_SHOWN).collect();
        let more = count.saturating_sub(MAX_SHOWN);
        let more = if more > 0 { format!("; and {more} more, which the start and doctor name") } else { String::new() };
        (count > 0).then(|| format!("{count} Sigma rules are off: {}{more}", shown.join("; ")))
    }

    /// The rules that need no text, so that every broken record counts, in a sentence.
    #[must_use]
    pub fn open(&self) -> Option<String> {
        let open: Vec<_> =
            self.rules.iter().filter(|rule| rule.literals.is_none()).map(|rule| rule.title.as_str()).collect();
        let shown = open.iter().take(MAX_SHOWN).copied().collect::<Vec<_>>().join(", ");
        let more = open.len().saturating_sub(MAX_SHOWN);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        (!open.is_empty()).then(|| {
            format!("every broken record is rejected, because {} Sigma rules need no text: {shown}{more}", open.len())
        })
    }

    /// The logs that a rule reads and of which none is among these.
    #[must_use]
    pub fn not_fed(&self, fed: &BTreeSet<LogSource>) -> Vec<LogSource> {
        self.sources().filter(|source| !fed.contains(source)).collect()
    }

    /// How many rules read a log.
    #[must_use]
    pub fn count_reading(&self, source: LogSource) -> usize {
        self.rules.iter().filter(|rule| rule.sources.contains(&source)).count()
    }

    /// The rules that are on, by their numbers.
    #[must_use]
    pub fn rules(&self) -> &[SigmaRule] {
        &self.rules
    }

    /// Why rules are off.
    #[must_use]
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// The logs that a rule reads.
    pub fn sources(&self) -> impl Iterator<Item = LogSource> {
        self.engines.sources()
    }

    /// The texts of which one is in whatever matches: a broken record is kept if one may be in it.
    #[must_use]
    pub fn literals(&self) -> &OperationNames {
        &self.literals
    }

    /// Asks all rules that read the log of a record. One that names no log is asked of by all.
    #[must_use]
    pub fn verdict(&self, record: &Record<'_>, kind: RecordKind) -> Verdict {
        let origin = LogSource::of(record, kind);
        if !self.sources().any(|reads| origin.is_one_of(reads)) {
            return Verdict::default();
        }
        let may_match = |_: &&'static str| self.literals.may_occur_in(record.raw());
        match self.engines.matching(origin, record) {
            Ok(found) => {
                let undetermined = found.doubt.filter(|_| !self.is_alerted(&found)).filter(may_match);
                Verdict { found, source: origin.log(), was_asked: true, undetermined }
            }
            Err(doubt) => {
                let undetermined = Some(doubt).filter(may_match);
                Verdict { undetermined, source: origin.log(), ..Verdict::default() }
            }
        }
    }

    /// Whether a record has an alert of some rule, and is not only counted.
    #[must_use]
    pub fn is_alerted(&self, found: &Found) -> bool {
        found.matching.iter().any(|number| self.rules.get(*number).is_some_and(|rule| rule.alerts))
    }
}

impl fmt::Debug for SigmaRules {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("SigmaRules").field("rules", &self.rules).field("faults", &self.faults).finish()
    }
}
