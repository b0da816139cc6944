//! What the windows say of a replay's matches.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::copies::Order;
use super::fate::Fate;
use super::kinds::Kind;
use super::matches::Matches;
use super::templates::{Occurrence, Related, Templates};
use crate::alert::Due;
use crate::windows::{Entry, RecordId, Verdict, WindowKey};

/// What the windows say of all matches.
#[derive(Debug, Default)]
pub(super) struct Ruling {
    /// In the order of their records.
    pub(super) alerts: Vec<Owned>,
    /// Of each match in order, those of one record one after another.
    pub(super) fates: Vec<Fate>,
    /// The refused reads that nobody expects, in order.
    pub(super) refused: Vec<Refused>,
    /// How many matches each entry of the list of expected access covers.
    pub(super) expected: Vec<u64>,
    /// The numbers of the alerts by the records that they belong to.
    owners: HashMap<RecordId, usize>,
}

impl Ruling {
    /// Nothing is said yet, by a list of so many entries.
    pub(super) fn with_expected(entries: usize) -> Self {
        Self { expected: vec![0; entries], ..Self::default() }
    }

    /// The entries of a record's matches that are not expected.
    pub(super) fn entries_due<'t>(&self, templates: &'t mut Templates<'_>, record: &Ordered<'_>) -> &'t mut Related {
        let is_due = |finding| self.fates.get(record.occurrence.first + finding) != Some(&Fate::EXPECTED);
        templates.entries(record.occurrence, is_due)
    }

    /// Notes what the windows say of a match.
    pub(super) fn note(&mut self, verdict: Verdict, record: &Ordered<'_>, finding: usize, entry: &Entry) {
        let fate = match verdict {
            Verdict::Alert { created_at, due } => {
                let alert = self.alerts.len();
                self.owners.insert(entry.record, alert);
                let (record, minutes, due) = (record.number, entry.period.minutes, Box::new(due));
                self.alerts.push(Owned { record, finding, created_at, minutes, due });
                Fate::of_alert(alert)
            }
            Verdict::Suppressed { by } => self.owners.get(&by).map_or(Fate::SUPPRESSED, |alert| Fate::of_alert(*alert)),
            Verdict::Pending => Fate::PENDING,
            Verdict::Familiar => Fate::FAMILIAR,
        };
        if let Some(known) = self.fates.get_mut(record.occurrence.first + finding) {
            *known = fate;
        }
    }

    /// Whether an alert belongs to a record's match.
    pub(super) fn has_alert_of(&self, record: RecordId) -> bool {
        self.owners.contains_key(&record)
    }

    /// How many matches have a fate.
    pub(super) fn count(&self, fate: Fate) -> u64 {
        self.fates.iter().filter(|known| **known == fate).count() as u64
    }
}

/// An alert before its records are read again.
#[derive(Debug)]
pub(super) struct Owned {
    /// The number of the record that it belongs to.
    pub(super) record: u32,
    /// The number of that record's finding.
    pub(super) finding: usize,
    /// When the record was.
    pub(super) created_at: Timestamp,
    /// How long its window is.
    pub(super) minutes: u32,
    /// What else the windows say.
    pub(super) due: Box<Due>,
}

/// A refused read.
#[derive(Debug)]
pub(super) struct Refused {
    pub(super) key: WindowKey,
    pub(super) time: Timestamp,
    pub(super) value: Arc<str>,
}

/// A record in order.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ordered<'m> {
    /// Its number.
    pub(super) number: u32,
    /// What is asked of its entries.
    pub(super) occurrence: Occurrence<'m>,
}

/// All records in order.
pub(super) fn records<'m>(matches: &'m Matches, order: &'m Order) -> impl Iterator<Item = Ordered<'m>> {
    records_from(matches, order, (0, 0))
}

/// Those of them that rules match, and not the reads that were refused.
pub(super) fn matching<'m>(matches: &'m Matches, order: &'m Order) -> impl Iterator<Item = Ordered<'m>> {
    records(matches, order).filter(|record| !record.occurrence.kind.is_refused)
}

/// The records from one and its first match on.
pub(super) fn records_from<'m>(
    matches: &'m Matches,
    order: &'m Order,
    (position, first): (usize, usize),
) -> impl Iterator<Item = Ordered<'m>> {
    let mut next = first;
    let numbers = order.numbers.get(position..).unwrap_or_default().iter();
    numbers.map(move |number| {
        let (brief, kind): (_, &'m Kind) = matches.record(*number);
        let first = next;
        if !kind.is_refused {
            next += kind.findings.len();
        }
        let time = brief.time().unwrap_or(Timestamp::UNIX_EPOCH);
        let is_timeless = matches.is_timeless(*number);
        let kind_number = brief.kind;
        Ordered { number: *number, occurrence: Occurrence { kind, kind_number, first, time, is_timeless } }
    })
}

/// How many matches have no time that can be read.
pub(super) fn timeless(matches: &Matches, order: &Order) -> u64 {
    let timeless = matching(matches, order).map(|record| record.occurrence).filter(|record| record.is_timeless);
    timeless.map(|record| record.kind.findings.len() as u64).sum()
}
