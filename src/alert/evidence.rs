//! The matches of one alert: the first one in full, the others as counts and samples.

use std::sync::Arc;

use serde_json::value::RawValue;

use super::{Entities, Match, MatchedRecord, Summary};
use crate::digest::Digest;
use crate::facts::{Facts, RecordTime};
use crate::json::{Value, raw_value};
use crate::resource_id::segment_after;
use crate::rules::{Rule, panther};
use crate::source::Source;

/// How many bytes of records are kept for an alert; more would not fit into a queue message anyway.
const MAX_RECORD_BYTES: usize = 48 * 1024;
/// The vault of a drill.
const DRILL_VAULT: &str = "kv-drill";
/// How the object id of a drill's identity begins. No identity of a tenant has one: theirs are random. So a vault that bears
/// the name by chance, or by somebody's intent, is still watched.
const NOBODY: &str = "00000000-0000-0000-0000-";

/// What is known of an alert's matches, in memory bounded by the distinct values among them.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// The rule.
    pub rule: Arc<Rule>,
    /// The alert's name: made of the rule, the dedup string and the content of the first record.
    pub alert_id: Digest,
    /// Panther's title of the first match.
    pub title: String,
    /// Panther's dedup string.
    pub dedup: String,
    /// Panther's alert context of the first match.
    pub context: Box<RawValue>,
    /// How many matches there are.
    pub match_count: u64,
    /// The earliest time among the matches.
    pub first_time: Option<RecordTime>,
    /// The latest time among the matches.
    pub last_time: Option<RecordTime>,
    /// How often each value of the summary attributes occurs.
    pub summary: Summary,
    /// Who and what the matches are about.
    pub entities: Entities,
    /// Whether all matches are of a drill.
    pub is_drill: bool,
    /// The first records with their places, as many as are kept; without white space between their tokens.
    pub records: Vec<(Source, Box<RawValue>)>,
    kept_bytes: usize,
}

impl Evidence {
    /// Begins with the match that the alert belongs to.
    #[must_use]
    pub fn new(first: Match) -> Self {
        let Match { rule, dedup, record, .. } = first;
        let facts = record.facts();
        let text = record.squeezed();
        let mut summary = Summary::new(&rule.metadata.summary_attributes);
        let mut entities = Entities::default();
        summary.add(&facts);
        entities.add(&facts);
        Self {
            alert_id: Digest::of(&[&rule.metadata.id, &dedup, &text]),
            // A rule without a dedup string of its own groups by the title.
            title: if rule.logic.dedup.is_none() { dedup.clone() } else { panther::title(&rule, &facts) },
            context: raw_value(panther::context(&rule, &facts)),
            match_count: 1,
            first_time: record.time.clone(),
            last_time: record.time.clone(),
            summary,
            entities,
            is_drill: is_drill(&facts),
            kept_bytes: text.len(),
            records: vec![(record.source.clone(), raw_value(text.into_owned()))],
            rule,
            dedup,
        }
    }

    /// Adds another match with the same key.
    pub fn add(&mut self, more: &MatchedRecord) {
        let facts = more.facts();
        self.match_count += 1;
        self.is_drill &= is_drill(&facts);
        if let Some(time) = &more.time {
            if self.first_time.as_ref().is_none_or(|first| time.moment < first.moment) {
                self.first_time = Some(time.clone());
            }
            if self.last_time.as_ref().is_none_or(|last| time.moment > last.moment) {
                self.last_time = Some(time.clone());
            }
        }
        self.summary.add(&facts);
        self.entities.add(&facts);
        let text = more.squeezed();
        self.kept_bytes = self.kept_bytes.saturating_add(text.len());
        if self.kept_bytes <= MAX_RECORD_BYTES {
            self.records.push((more.source.clone(), raw_value(text.into_owned())));
        }
    }

    /// Adds what the rule says of the distinct values that its window has counted, earlier batches included: how many
    /// there were, and the first of them.
    pub fn describe(&mut self, count: usize, names: &[Arc<str>]) {
        self.match_count = self.match_count.max(count as u64);
        if let Some(describe) = self.rule.logic.describe {
            self.context = raw_value(panther::with_entries(self.context.get(), &describe(count, names)));
        }
    }
}

/// Whether a record is what a drill leaves in a log: a read that nobody made, of a vault that is not there.
fn is_drill(facts: &Facts<'_>) -> bool {
    let resource_id = facts.get("resourceId").and_then(Value::as_str).unwrap_or_default();
    let is_vault = segment_after(&resource_id, "vaults").is_some_and(|vault| vault.eq_ignore_ascii_case(DRILL_VAULT));
    is_vault && facts.identity().object_id.as_ref().is_some_and(|id| id.starts_with(NOBODY))
}
