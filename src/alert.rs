//! The alert: what a match becomes, and the one message that leaves the product.
//!
//! Its form is fixed by `schema/alert.schema.json`; a message never changes once it is sent.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod due;
mod entities;
mod evidence;
mod matched;
mod subject;
mod summary;

pub use due::Due;
pub use entities::Entities;
pub use evidence::Evidence;
pub use matched::{Match, MatchedRecord, alert_id};
pub use subject::Subject;
pub use summary::Summary;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::value::RawValue;

use crate::counted::Names;
use crate::digest::Digest;
use crate::incident::Incident;
use crate::rules::metadata::About;
use crate::severity::Severity;
use crate::source::Source;

/// The version of the message's form: a minor adds keys, a major breaks.
pub const SCHEMA_VERSION: &str = "1.1";

/// An alert message, its keys in the order of the contract.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Alert<'a> {
    schema_version: &'static str,
    /// The same on any instance, on any retry and in `replay`.
    pub alert_id: Digest,
    created_at: Timestamp,
    /// The rule's severity, or what `RULE_SEVERITY` says.
    pub severity: Severity,
    risk_score: u8,
    /// True if all its matches are from a drill; left out otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drill: Option<bool>,
    /// Panther's title.
    pub title: &'a str,
    dedup: &'a str,
    /// What the rule's YAML says.
    pub rule: &'a About,
    /// The dedup period and the alert's matches.
    pub window: Window<'a>,
    /// How often each value of the summary attributes occurs.
    pub summary: &'a Summary,
    /// Panther's alert context of the first match.
    pub alert_context: &'a RawValue,
    /// Who and what the matches are about.
    pub entities: &'a Entities,
    /// The first matches.
    pub records: Vec<RecordEntry<'a>>,
    /// The incident that the alert belongs to.
    pub incident: Option<Incident>,
    /// JSON pointers of what was cut to fit.
    pub truncated: Vec<String>,
    /// The names that its own matches read; not part of the message.
    #[serde(skip)]
    pub names: &'a Names,
}

/// The dedup period of an alert.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Window<'a> {
    minutes: u32,
    /// How many matches the alert has.
    pub match_count: u64,
    /// The earliest time among the matches, as the record gives it.
    pub first_record_time: Option<&'a str>,
    last_record_time: Option<&'a str>,
}

/// One record as evidence, with where it came from.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct RecordEntry<'a> {
    /// Where the record came from.
    pub source: &'a Source,
    /// The record as it came, but for white space between its tokens.
    pub record: &'a RawValue,
}

impl<'a> Alert<'a> {
    /// Makes the alert of one window from its matches.
    #[must_use]
    pub fn new(
        minutes: u32,
        created_at: Timestamp,
        incident: Option<Incident>,
        severity: Severity,
        evidence: &'a Evidence,
    ) -> Self {
        let rule = &evidence.rule.metadata;
        Self {
            schema_version: SCHEMA_VERSION,
            alert_id: evidence.alert_id,
            created_at,
            severity,
            risk_score: severity.risk_score(),
            drill: evidence.is_drill.then_some(true),
            title: &evidence.title,
            dedup: &evidence.dedup,
            rule: &rule.about,
            window: Window {
                minutes,
                match_count: evidence.match_count,
                first_record_time: evidence.first_time.as_ref().map(|time| time.given.as_str()),
                last_record_time: evidence.last_time.as_ref().map(|time| time.given.as_str()),
            },
            summary: &evidence.summary,
            alert_context: &evidence.context,
            entities: &evidence.entities,
            records: evidence
                .records
                .iter()
                .map(|record| RecordEntry { source: &record.source, record: record.squeezed() })
                .collect(),
            incident,
            truncated: evidence.truncated.clone(),
            names: &evidence.names,
        }
    }
}
