//! What becomes of the matches of Sigma rules: the same for each of them.
//!
//! # What it detects
//! What the rule's author says: which records match is asked of all Sigma rules at once, by [`SigmaRules`].
//!
//! # Why it matters
//! The field writes its detections in Sigma, and a new one needs no release.
//!
//! # Fires on
//! One alert for each rule and identity in a window. It is a card like any other, and no incident's card stands for it.
//!
//! # Known blind spots
//! Those of the rule: a rule that names a field as no record has it never matches.
//!
//! [`SigmaRules`]: crate::sigma::SigmaRules

use std::sync::Arc;

use jiff::Timestamp;

use crate::counted::Counted;
use crate::digest::Digest;
use crate::facts::Facts;
use crate::json::quoted;
use crate::sigma::SigmaRule;

use super::audit_read::{caller, caller_name, field, text};
use super::metadata::Metadata;
use super::panther::ContextEntry;
use super::{Description, Incidents, Logic, Rule, RuleError, named_reads};

/// The longest list of values that stands in a title.
const MAX_GROUP_BYTES: usize = 600;
/// How many bytes the values in an alert may take.
const MAX_VALUE_BYTES: usize = 30_000;

/// What all Sigma rules have in common.
pub const LOGIC: Logic = Logic {
    name: "Sigma",
    yaml: "",
    // Which records a Sigma rule reads, and what broken ones could hide, differs by rule: `sigma` says it.
    reads: &[],
    operations: &[],
    // Nobody asks one Sigma rule: the pipeline asks all of them at once.
    matches: |_, _| Ok(false),
    title,
    dedup: Some(|facts| facts.identity().key()),
    unique: None,
    access: |facts| Arc::clone(facts.access()),
    threshold: |_| 1,
    context,
    describe: None,
    incidents: Incidents::None,
    learns: false,
};

/// What correlations that count matches have in common; the title says for whom, and groups.
const EVENT_COUNT: Logic = Logic { dedup: None, describe: Some(|counted, _| count(counted)), ..LOGIC };

/// The same of those that count distinct values.
const VALUE_COUNT: Logic = Logic { describe: Some(|counted, _| count_and_values(counted)), ..EVENT_COUNT };

impl Rule {
    /// A Sigma rule, as far as its alerts go.
    #[must_use]
    pub fn of_sigma(rule: &SigmaRule) -> Self {
        let logic = match rule.count {
            None => &LOGIC,
            Some(count) if count.is_of_values => &VALUE_COUNT,
            Some(_) => &EVENT_COUNT,
        };
        Self { metadata: Metadata::of_sigma(rule), logic }
    }
}

/// By what the matches of a correlation are grouped, which is its title, too: for whom or what it counts.
#[must_use]
pub fn group(rule: &Rule, values: &str) -> String {
    let name = &rule.metadata.about.name;
    if values.is_empty() {
        return name.clone();
    }
    // A longer text would be cut in the title, and two groups be one.
    let values = if values.len() > MAX_GROUP_BYTES { Digest::of(&[values]).to_string() } else { values.to_owned() };
    format!("{name} for {values}")
}

/// How many matches or values a window has, and when the first and the last was.
fn count(counted: &Counted) -> Description {
    let time = |time: Option<Timestamp>| time.map_or_else(|| "null".to_owned(), |time| quoted(&time.to_string()));
    let entries: Vec<ContextEntry<'static>> = vec![
        ("count", counted.count.to_string().into()),
        ("first_counted_time", time(counted.first).into()),
        ("last_counted_time", time(counted.last).into()),
    ];
    Description { entries, cut: Vec::new() }
}

fn count_and_values(counted: &Counted) -> Description {
    let (values, shown) = named_reads::list(counted.names.iter().map(AsRef::as_ref), MAX_VALUE_BYTES);
    let mut description = count(counted);
    description.entries.push(("values", values.into()));
    description.cut.extend((shown < counted.count).then_some("values"));
    description
}

#[expect(clippy::unnecessary_wraps, reason = "the signature of a rule's function")]
fn title(metadata: &Metadata, facts: &Facts<'_>) -> Result<String, RuleError> {
    Ok(format!("{} by [{}]", metadata.about.name, caller_name(facts.identity())))
}

/// Who did what, where, and how it ended; null where the record does not say.
#[expect(clippy::unnecessary_wraps, reason = "the signature of a rule's function")]
fn context<'a>(facts: &Facts<'a>) -> Result<Vec<ContextEntry<'a>>, RuleError> {
    let identity = facts.identity();
    let mut entries = vec![
        field(facts, "resource_id", "resourceId"),
        text("keyvault_name", facts.access().vault.as_deref()),
        field(facts, "operation_name", "operationName"),
        text("category", Some(&*facts.record.category())),
        field(facts, "result_type", "resultType"),
        field(facts, "result_signature", "resultSignature"),
        field(facts, "result_description", "resultDescription"),
    ];
    entries.extend(caller(identity));
    entries.extend([field(facts, "correlation_id", "correlationId"), text("tenant_id", identity.tenant_id.as_deref())]);
    Ok(entries)
}
