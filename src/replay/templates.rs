//! The entries of matches, made once for each kind of record: they differ in time and number alone.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

use super::kinds::Kind;
use crate::alert::Subject;
use crate::detector::relate;
use crate::pipeline::Pipeline;
use crate::rules::Parameters;
use crate::windows::{Entry, Occurred, Period, RecordId, Role, WindowKey};

/// How many kinds' entries are kept at once.
const MAX_KEPT: usize = 8_192;

/// Entries by kinds.
pub(super) struct Templates<'p> {
    settings: Settings<'p>,
    shortest_window: SignedDuration,
    by_kind: HashMap<u32, Related>,
    /// Those of a record that shares them with no other.
    own: Related,
}

/// The entries of the matches of a record, each with the number of its finding.
#[derive(Debug, Default)]
pub(super) struct Related {
    pub(super) findings: Vec<usize>,
    pub(super) entries: Vec<(Role, Entry)>,
}

/// A record whose matches have entries.
#[derive(Debug, Clone, Copy)]
pub(super) struct Occurrence<'k> {
    /// What it is.
    pub(super) kind: &'k Kind,
    /// The number of its kind.
    pub(super) kind_number: u32,
    /// The number of its first match.
    pub(super) first: usize,
    /// When it was, or where it stands in the order of times.
    pub(super) time: Timestamp,
    /// Whether nobody knows when it was.
    pub(super) is_timeless: bool,
}

impl<'p> Templates<'p> {
    /// Entries by the settings.
    pub(super) fn new(pipeline: &'p Pipeline, dedup_minutes: Option<u32>) -> Self {
        let parameters = pipeline.parameters();
        let windows = pipeline.rules().map(|rule| Period::of(rule, parameters, dedup_minutes).window());
        let shortest_window = windows.min().unwrap_or_default();
        let settings = Settings { parameters, dedup_minutes };
        Self { settings, shortest_window, by_kind: HashMap::new(), own: Related::default() }
    }

    /// How long the shortest window of any rule is.
    pub(super) fn shortest_window(&self) -> SignedDuration {
        self.shortest_window
    }

    /// For how many days reads only teach.
    pub(super) fn learn_days(&self) -> u32 {
        self.settings.parameters.learn_days
    }

    /// The entry of what is no match that may alert.
    pub(super) fn plain(&self, subject: Subject<'_>, record: RecordId, time: Timestamp) -> Entry {
        self.settings.plain(subject, record, time)
    }

    /// The entries of the matches of a record that are not expected. Those of a kind are made once, and stand for the record that
    /// was asked for last.
    pub(super) fn entries(&mut self, record: Occurrence<'_>, is_due: impl Fn(usize) -> bool) -> &mut Related {
        let is_all_due = (0..record.kind.findings.len()).all(&is_due);
        let related = if is_all_due && !record.is_timeless {
            self.of_kind(record)
        } else {
            // What is expected takes no part in an incident.
            self.own = self.settings.related(record.kind, is_due);
            &mut self.own
        };
        related.stand_for(record);
        related
    }

    /// The entry of one match as far as it is the same for all records of its kind.
    pub(super) fn of_match(&mut self, record: Occurrence<'_>, finding: usize) -> Option<&Entry> {
        self.entries(record, |of| of == finding).entries.first().map(|(_, entry)| entry)
    }

    fn of_kind(&mut self, record: Occurrence<'_>) -> &mut Related {
        if self.by_kind.len() >= MAX_KEPT && !self.by_kind.contains_key(&record.kind_number) {
            self.by_kind.clear();
        }
        let settings = self.settings;
        self.by_kind.entry(record.kind_number).or_insert_with(|| settings.related(record.kind, |_| true))
    }
}

/// What of the settings is in entries.
#[derive(Debug, Clone, Copy)]
struct Settings<'p> {
    parameters: &'p Parameters,
    dedup_minutes: Option<u32>,
}

impl Settings<'_> {
    fn plain(self, subject: Subject<'_>, record: RecordId, time: Timestamp) -> Entry {
        let period = Period::of(subject.rule, self.parameters, self.dedup_minutes);
        Entry::of(subject, period, Occurred::at(record, time))
    }

    fn related(self, kind: &Kind, is_due: impl Fn(usize) -> bool) -> Related {
        let due = kind.subjects().enumerate().filter(|(finding, _)| is_due(*finding));
        let (findings, subjects): (Vec<_>, Vec<_>) = due.unzip();
        let plain = |subject: &Subject<'_>| self.plain(*subject, RecordId::numbered(0), Timestamp::UNIX_EPOCH);
        let mut entries: Vec<_> = subjects.iter().map(plain).collect();
        relate(&subjects, &mut entries, self.parameters.learn_days, None);
        Related { findings, entries: entries.into_iter().map(|entry| (Role::Match, entry)).collect() }
    }
}

impl Related {
    /// Lets the entries say when a record of their kind was, and which it is.
    fn stand_for(&mut self, record: Occurrence<'_>) {
        for (finding, (_, entry)) in self.findings.iter().zip(&mut self.entries) {
            let (number, found) = (record.first + finding, record.kind.findings.get(*finding));
            entry.record = RecordId::numbered(number as u64);
            (entry.time, entry.hub, entry.alert_id) = (record.time, record.time, None);
            if entry.period.counts() && found.is_some_and(|found| found.unique.is_none()) {
                // What counts matches counts each of them.
                entry.value = entry.record.to_string().into();
            }
            if let Some(found) = found.filter(|_| record.is_timeless) {
                // It shares a window with no other.
                entry.key = WindowKey::new(&entry.rule, &format!("{} of match {number}", found.dedup));
            }
        }
    }
}
