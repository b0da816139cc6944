//! The matches that one alert stands for: the first of them whole, the others as counts and samples.

use std::sync::Arc;

use serde_json::value::RawValue;

use crate::rules::{Rule, panther};

use super::{Entities, Match, RecordTime, Source, Summary};

/// How many bytes of records are kept for an alert; more would not fit into a queue message anyway.
const MAX_RECORD_BYTES: usize = 48 * 1024;

/// What is known of an alert's matches, in memory bounded by the distinct values among them.
#[derive(Debug, Clone)]
pub struct Evidence {
    first: Match,
    more_records: Vec<(Source, Box<RawValue>)>,
    kept_bytes: usize,
    match_count: u64,
    first_time: Option<RecordTime>,
    last_time: Option<RecordTime>,
    summary: Summary,
    entities: Entities,
    is_drill: bool,
}

impl Evidence {
    /// Begins with the match that the alert belongs to.
    #[must_use]
    pub fn new(first: Match) -> Self {
        Self {
            kept_bytes: first.record.get().len(),
            more_records: Vec::new(),
            match_count: 1,
            first_time: first.time.clone(),
            last_time: first.time.clone(),
            summary: first.summary.clone(),
            entities: first.entities.clone(),
            is_drill: first.is_drill,
            first,
        }
    }

    /// Adds a later match with the same key.
    pub fn add(&mut self, more: Match) {
        self.match_count += 1;
        self.is_drill &= more.is_drill;
        if let Some(time) = more.time {
            if self.first_time.as_ref().is_none_or(|first| time.moment() < first.moment()) {
                self.first_time = Some(time.clone());
            }
            if self.last_time.as_ref().is_none_or(|last| time.moment() > last.moment()) {
                self.last_time = Some(time);
            }
        }
        self.summary.merge(&more.summary);
        self.entities.merge(&more.entities);
        self.kept_bytes = self.kept_bytes.saturating_add(more.record.get().len());
        if self.kept_bytes <= MAX_RECORD_BYTES {
            self.more_records.push((more.source, more.record));
        }
    }

    /// Adds what the rule says of the distinct values that its window has counted, earlier batches included: how many there
    /// were, and the first of them.
    pub fn describe(&mut self, rule: &Rule, count: usize, names: &[Arc<str>]) {
        self.match_count = self.match_count.max(count as u64);
        if let Some(describe) = rule.logic.describe {
            let more = describe(count, names);
            let context = panther::with_entries(self.first.context.get(), &more);
            self.first.context = RawValue::from_string(context).unwrap_or_else(|_| self.first.context.clone());
        }
    }

    /// The match that the alert belongs to.
    #[must_use]
    pub fn first(&self) -> &Match {
        &self.first
    }

    /// Whether all matches are of a drill.
    #[must_use]
    pub fn is_drill(&self) -> bool {
        self.is_drill
    }

    /// How many matches there are.
    #[must_use]
    pub fn match_count(&self) -> u64 {
        self.match_count
    }

    /// The earliest time among the matches.
    #[must_use]
    pub fn first_time(&self) -> Option<&RecordTime> {
        self.first_time.as_ref()
    }

    /// The latest time among the matches.
    #[must_use]
    pub fn last_time(&self) -> Option<&RecordTime> {
        self.last_time.as_ref()
    }

    /// How often each value of the summary attributes occurs.
    #[must_use]
    pub fn summary(&self) -> &Summary {
        &self.summary
    }

    /// Who and what the matches are about.
    #[must_use]
    pub fn entities(&self) -> &Entities {
        &self.entities
    }

    /// The first records with their places, as many as were kept.
    pub fn records(&self) -> impl Iterator<Item = (&Source, &RawValue)> {
        let first = (&self.first.source, self.first.record.as_ref());
        std::iter::once(first).chain(self.more_records.iter().map(|(source, record)| (source, record.as_ref())))
    }
}
