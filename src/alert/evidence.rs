//! The matches of one alert: the first one in full, the others as counts and samples.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::value::RawValue;

use super::{Due, Entities, Match, MatchedRecord, Summary};
use crate::counted::{Counted, NamedRead, Names, Span};
use crate::digest::Digest;
use crate::facts::{Facts, RecordTime, VaultAccess};
use crate::json::{Value, raw_value};
use crate::private_key::Reads;
use crate::resource_id::segment_after;
use crate::rules::{Description, Rule, panther};

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
    /// The first records, as many as are kept.
    pub records: Vec<Arc<MatchedRecord>>,
    kept_bytes: usize,
    /// JSON pointers of what the rule could not say in whole.
    pub truncated: Vec<String>,
    /// The distinct names of its own matches.
    pub names: Names,
}

impl Evidence {
    /// Begins with the match that the alert belongs to.
    #[must_use]
    pub fn new(first: Match) -> Self {
        let alert_id = first.alert_id();
        let Match { rule, dedup, record, unique, access } = first;
        let facts = record.facts();
        let text = record.squeezed().get();
        let mut summary = Summary::new(&rule.metadata.summary_attributes);
        let mut entities = Entities::default();
        summary.add(&facts);
        entities.add(&facts);
        let mut evidence = Self {
            alert_id,
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
            records: vec![Arc::clone(&record)],
            names: Names::default(),
            truncated: Vec::new(),
            rule,
            dedup,
        };
        evidence.add_name(unique.as_ref(), &access);
        evidence
    }

    /// Adds another match with the same key.
    pub fn add(&mut self, found: Match) {
        let more = &found.record;
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
        if self.kept_bytes <= MAX_RECORD_BYTES {
            self.kept_bytes += more.squeezed().get().len();
            // The first that does not fit ends the list.
            self.records.extend((self.kept_bytes <= MAX_RECORD_BYTES).then(|| Arc::clone(more)));
        }
        self.add_name(found.unique.as_ref(), &found.access);
    }

    /// Adds what the rule says of the distinct names that its window has counted, earlier batches included, or else of those
    /// of its own matches.
    pub fn describe(&mut self, due: &Due) {
        if let Some(novelty) = due.novelty {
            self.title = format!("{}: {}", self.title, novelty.words());
        }
        let Some(describe) = self.rule.logic.describe else { return };
        let counted = match &due.counted {
            counted if counted.is_empty() => Counted::of(&self.names, self.span(), 0),
            counted => counted.clone(),
        };
        self.match_count = self.match_count.max(counted.count as u64);
        let hub = self.records.first().and_then(|record| record.source.place.enqueued_time.as_deref()?.parse().ok());
        let delay = hub.zip(counted.last).map(|(hub, last): (Timestamp, _)| hub.duration_since(last).as_secs().max(0));
        let Description { mut entries, cut } = describe(&counted, delay);
        entries.extend(due.entries());
        self.context = raw_value(panther::with_entries(self.context.get(), &entries));
        self.truncated = cut.into_iter().map(|key| format!("/alertContext/{key}")).collect();
    }

    /// Adds what a match read, which a rule that counts nothing names by its vault and object.
    fn add_name(&mut self, unique: Option<&NamedRead>, access: &VaultAccess) {
        match (unique, &access.object) {
            (Some(NamedRead { name, reads }), _) => drop(self.names.add(name, *reads)),
            (None, Some(_)) => drop(self.names.add(&access.name_in_vault, Reads::default())),
            (None, None) => {}
        }
    }

    /// The first and the last time among the matches.
    fn span(&self) -> Option<Span> {
        let first = self.first_time.as_ref()?.moment;
        Some(Span::at(first).with(self.last_time.as_ref()?.moment))
    }
}

/// Whether a record is what a drill leaves in a log: a read that nobody made, of a vault that is not there.
fn is_drill(facts: &Facts<'_>) -> bool {
    let resource_id = facts.get("resourceId").and_then(Value::as_str).unwrap_or_default();
    let is_vault = segment_after(&resource_id, "vaults").is_some_and(|vault| vault.eq_ignore_ascii_case(DRILL_VAULT));
    is_vault && facts.identity().object_id.as_ref().is_some_and(|id| id.starts_with(NOBODY))
}
