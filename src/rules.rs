//! The detections: one `.yml` with Panther's metadata and tests, one `.rs` with the logic beside it.
//!
//! A rule is a function of one record's [`Facts`]. What Panther's engine does around a rule (fallbacks, limits) is in
//! [`panther`]; what one learns of a rule from its YAML is in [`metadata`].

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod audit_read;
pub mod audited_certificate_read;
pub mod certificate_accessed;
pub mod certificate_dump;
pub mod metadata;
mod mitre;
mod named_reads;
pub mod panther;
pub mod sigma_rule;
pub mod unfamiliar_reader;

use std::sync::Arc;

use crate::counted::{Counted, NamedRead};
use crate::decode::RecordKind;
use crate::facts::{Facts, VaultAccess};
use crate::json::Kind;
use crate::name_pattern::NamePattern;
use metadata::{Metadata, MetadataError};
use panther::ContextEntry;

/// A detection, ready to run.
#[derive(Debug)]
pub struct Rule {
    /// What the rule's YAML says.
    pub metadata: Metadata,
    /// What the rule's Rust file says.
    pub logic: &'static Logic,
}

/// The functions of one detection, as a Panther rule has them.
#[derive(Debug)]
pub struct Logic {
    /// The name in the `RULES` setting.
    pub name: &'static str,
    /// The text of the `.yml` beside the rule.
    pub yaml: &'static str,
    /// The kinds of log that the rule can match in.
    pub reads: &'static [RecordKind],
    /// Upper-case names of operations, one of which every matching record has: a broken record is kept if one may be in it.
    pub operations: &'static [&'static str],
    /// Panther's `rule()`.
    pub matches: fn(&Facts<'_>, &Parameters) -> Result<bool, RuleError>,
    /// Panther's `title()`, for a rule of which this is known.
    pub title: fn(&Metadata, &Facts<'_>) -> Result<String, RuleError>,
    /// Panther's `dedup()`; a rule without one groups by its title.
    pub dedup: Option<fn(&Facts<'_>) -> String>,
    /// Panther's `unique()`: the value that a window counts, each distinct value once.
    pub unique: Option<fn(&Facts<'_>, &Parameters) -> NamedRead>,
    /// The vault and the object that an alert of the rule names; expected access goes by them.
    pub access: fn(&Facts<'_>) -> Arc<VaultAccess>,
    /// Panther's `Threshold`: how many matches, or distinct values, a window must have before it alerts.
    pub threshold: fn(&Parameters) -> usize,
    /// Panther's `alert_context()`.
    pub context: for<'a> fn(&Facts<'a>) -> Result<Vec<ContextEntry<'a>>, RuleError>,
    /// What the context of an alert says about the distinct values that its window has counted.
    pub describe: Option<Describe>,
    /// What becomes of its alerts where an identity's reads are an incident.
    pub incidents: Incidents,
    /// Whether the windows learn what is usual from its matches, and alert on what is not.
    pub learns: bool,
}

/// Makes context entries of what an alert counts, which the hub took so many seconds after the last read.
pub type Describe = fn(&Counted, Option<i64>) -> Description;

/// What the context of an alert says about what it counts.
#[derive(Debug, Default)]
pub struct Description {
    /// Its entries.
    pub entries: Vec<ContextEntry<'static>>,
    /// The keys of those that do not have everything, because it would not fit into a message.
    pub cut: Vec<&'static str>,
}

/// What a rule has to do with incidents.
#[derive(Debug, Clone, Copy)]
pub enum Incidents {
    /// Its alerts open them; such a rule counts distinct values. The function says whether a record that does not match is a
    /// read that was refused.
    Open(fn(&Facts<'_>) -> bool),
    /// Its alerts join an open one, whose card stands for theirs.
    Join,
    /// Its alerts stand for themselves.
    None,
}

/// What the settings say to the rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameters {
    /// Names of secrets that count as certificates.
    pub certificate_secrets: Vec<NamePattern>,
    /// From how many distinct names on reading them is a dump.
    pub dump_threshold: usize,
    /// For how many days reads only teach what is usual.
    pub learn_days: u32,
}

impl Parameters {
    /// Whether a secret counts as a certificate by its name. Only the pattern `*` matches one without a name.
    #[must_use]
    pub fn is_certificate(&self, access: &VaultAccess) -> bool {
        let name = access.object_name().unwrap_or_default();
        self.certificate_secrets.iter().any(|pattern| pattern.matches(name))
    }
}

impl Default for Parameters {
    fn default() -> Self {
        Self { certificate_secrets: Vec::new(), dump_threshold: 25, learn_days: 14 }
    }
}

/// All detections that there are, in the order of the documents.
pub const ALL: &[&Logic] = &[
    &certificate_accessed::LOGIC,
    &audited_certificate_read::LOGIC,
    &certificate_dump::LOGIC,
    &unfamiliar_reader::LOGIC,
];

/// Why a rule has no verdict on a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// What Python would raise: an attribute asked of a value that does not have it.
    #[error("'{python_type}' object has no attribute '{attribute}'")]
    NoAttribute {
        /// The value's type as the rule sees it in Panther.
        python_type: &'static str,
        /// The attribute, such as `upper`.
        attribute: &'static str,
    },
    /// The record is of an operation that the rule is about, and does not say what decides. In Panther it is no match.
    #[error("whether the record is a match is not known, because {because}")]
    Undetermined {
        /// What is missing or says nothing.
        because: &'static str,
    },
}

impl RuleError {
    /// The error of asking a value of this kind for a method of strings.
    #[must_use]
    pub fn not_a_string(kind: Kind, attribute: &'static str) -> Self {
        let python_type = match kind {
            Kind::Null => "NoneType",
            Kind::Bool => "bool",
            Kind::Int => "int",
            Kind::Float => "float",
            Kind::String => "str",
            Kind::Array => "ImmutableList",
            Kind::Object => "ImmutableCaseInsensitiveDict",
        };
        Self::NoAttribute { python_type, attribute }
    }
}

impl Rule {
    /// Loads the metadata of a detection, which was read at build for those in this program.
    ///
    /// # Errors
    /// When its YAML is not of Panther's form.
    pub fn load(logic: &'static Logic) -> Result<Self, MetadataError> {
        let metadata = Metadata::at_build(logic.name).map_or_else(|| Metadata::parse(logic.yaml), Ok)?;
        Ok(Self { metadata, logic })
    }

    /// The name by which settings and expected access know it: that in `RULES`, or a Sigma rule's id.
    #[must_use]
    pub fn name(&self) -> &str {
        if self.is_sigma() { &self.metadata.id } else { self.logic.name }
    }

    /// Whether this is its name, or a Sigma rule's title, in any case.
    #[must_use]
    pub fn is_named(&self, name: &str) -> bool {
        self.name().eq_ignore_ascii_case(name)
            || (self.is_sigma() && self.metadata.about.name.eq_ignore_ascii_case(name))
    }

    /// Whether others wrote it, in Sigma.
    #[must_use]
    pub fn is_sigma(&self) -> bool {
        self.logic.name == sigma_rule::LOGIC.name
    }
}

/// Finds a detection by its name in the `RULES` setting, in any case.
#[must_use]
pub fn by_name(name: &str) -> Option<&'static Logic> {
    ALL.iter().copied().find(|logic| logic.name.eq_ignore_ascii_case(name))
}
