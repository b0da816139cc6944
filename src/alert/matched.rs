//! A match: a record that a rule is true for, with all that an alert will say of it.

use serde_json::value::RawValue;

use super::drill::is_drill;
use super::{AlertId, Entities, RecordTime, Source, Summary, context_text};
use crate::decode::Record;
use crate::identity::Identity;
use crate::rules::Rule;
use crate::rules::panther::Detection;

/// One match, free of the bytes that it was read from.
#[derive(Debug, Clone)]
pub struct Match {
    /// The rule's number among the active ones.
    pub rule: usize,
    /// What an alert that begins with this match is called.
    pub alert_id: AlertId,
    /// Panther's title.
    pub title: String,
    /// Panther's dedup string.
    pub dedup: String,
    /// The value of which the rule's window counts the distinct ones.
    pub unique: Option<String>,
    /// Panther's alert context.
    pub context: Box<RawValue>,
    /// Where the record came from.
    pub source: Source,
    /// The record exactly as it came, but for white space between its tokens.
    pub record: Box<RawValue>,
    /// The record's time, where it can be read.
    pub time: Option<RecordTime>,
    /// The summary attributes of this record.
    pub summary: Summary,
    /// The entities of this record.
    pub entities: Entities,
    /// Who made the call.
    pub identity: Identity,
    /// Whether the record is of a drill.
    pub is_drill: bool,
}

impl Match {
    /// Makes a match of what the rule found; `None` where a text is not JSON, which serde has ruled out before.
    #[must_use]
    pub fn new(rule: &Rule, index: usize, detection: Detection, record: &Record<'_>, source: Source) -> Option<Self> {
        let identity = Identity::of(record);
        let text = record.value().squeezed();
        Some(Self {
            rule: index,
            alert_id: AlertId::new(&rule.metadata.id, &detection.dedup, &text),
            title: detection.title,
            dedup: detection.dedup,
            unique: detection.unique,
            context: RawValue::from_string(detection.context).ok()?,
            source,
            record: RawValue::from_string(text.into_owned()).ok()?,
            time: RecordTime::of(record),
            summary: Summary::of(record, &rule.metadata.summary_attributes),
            entities: Entities::of(record, &identity),
            is_drill: is_drill(record, &identity),
            identity,
        })
    }

    /// The vault, as the alert context names it.
    #[must_use]
    pub fn vault(&self) -> Option<String> {
        context_text(&self.context, "keyvault_name")
    }

    /// The certificate or secret, as the alert context names it.
    #[must_use]
    pub fn object_name(&self) -> Option<String> {
        ["certificate_name", "object_name"].iter().find_map(|name| context_text(&self.context, name))
    }
}
