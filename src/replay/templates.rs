//! The entries of matches, made once for each kind of record: they differ in time and number alone.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::kinds::Kind;
use crate::alert::Subject;
use crate::detector::relate;
use crate::pipeline::Pipeline;
use crate::rules::Parameters;
use crate::windows::{Entry, Period, RecordId, Role, WindowKey};

/// How many kinds' entries are kept at once.
const MAX_KEPT: usize = 8_192;

/// Entries by kinds.
pub(super) struct Templates<'p> {
    parameters: &'p Parameters,
    dedup_minutes: Option<u32>,
    shortest_window: SignedDuration,
    related: HashMap<u32, Arc<[Entry]>>,
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
        Self { parameters, dedup_minutes, shortest_window, related: HashMap::new() }
    }

    /// How long the shortest window of any rule is.
    pub(super) fn shortest_window(&self) -> SignedDuration {
        self.shortest_window
    }

    /// For how many days reads only teach.
    pub(super) fn learn_days(&self) -> u32 {
        self.parameters.learn_days
    }

    /// The entry of what is no match that may alert.
    pub(super) fn plain(&self, subject: Subject<'_>, record: RecordId, time: Timestamp) -> Entry {
        Entry::at(subject, record, self.period(subject), time, time)
    }

    /// The entries of the matches of a record that are not expected, each with the number of its finding.
    pub(super) fn entries(
        &mut self,
        record: Occurrence<'_>,
        is_due: impl Fn(usize) -> bool,
    ) -> (Vec<usize>, Vec<(Role, Entry)>) {
        let Occurrence { kind, first, time, .. } = record;
        let due: Vec<_> = (0..kind.findings.len()).filter(|finding| is_due(*finding)).collect();
        let related = if due.len() == kind.findings.len() {
            self.of_kind(record)
        } else {
            // What is expected takes no part in an incident.
            self.related(kind, &due).into()
        };
        let of = |(finding, template): (&usize, &Entry)| {
            let (number, found) = (first + finding, kind.findings.get(*finding));
            let mut entry = Entry { record: RecordId::numbered(number as u64), time, hub: time, ..template.clone() };
            if entry.period.counts() && found.is_some_and(|found| found.unique.is_none()) {
                // What counts matches counts each of them.
                entry.value = entry.record.to_string().into();
            }
            if let Some(found) = found.filter(|_| record.is_timeless) {
                // It shares a window with no other.
                entry.key = WindowKey::new(&entry.rule, &format!("{} of match {number}", found.dedup));
            }
            (Role::Match, entry)
        };
        let entries = due.iter().zip(related.iter()).map(of).collect();
        (due, entries)
    }

    /// The entry of one match as far as it is the same for all records of its kind.
    pub(super) fn of_match(&mut self, record: Occurrence<'_>, finding: usize) -> Option<Entry> {
        let (findings, entries) = self.entries(record, |of| of == finding);
        findings.first().and(entries.into_iter().next()).map(|(_, entry)| entry)
    }

    fn of_kind(&mut self, record: Occurrence<'_>) -> Arc<[Entry]> {
        if let Some(known) = self.related.get(&record.kind_number) {
            return Arc::clone(known);
        }
        let all: Vec<_> = (0..record.kind.findings.len()).collect();
        let related: Arc<[Entry]> = self.related(record.kind, &all).into();
        if self.related.len() >= MAX_KEPT {
            self.related.clear();
        }
        self.related.insert(record.kind_number, Arc::clone(&related));
        related
    }

    fn related(&self, kind: &Kind, findings: &[usize]) -> Vec<Entry> {
        let chosen = kind.subjects().enumerate().filter(|(finding, _)| findings.contains(finding));
        let subjects: Vec<_> = chosen.map(|(_, subject)| subject).collect();
        let plain = |subject: &Subject<'_>| self.plain(*subject, RecordId::numbered(0), Timestamp::UNIX_EPOCH);
        let mut entries: Vec<_> = subjects.iter().map(plain).collect();
        relate(&subjects, &mut entries, self.parameters.learn_days, None);
        entries
    }

    fn period(&self, subject: Subject<'_>) -> Period {
        Period::of(subject.rule, self.parameters, self.dedup_minutes)
    }
}
