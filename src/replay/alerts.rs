//! The alerts of a replay: each is made of its records, which are read again, a few alerts at a time.

use std::collections::HashMap;

use super::again::{Again, NotAgain, Report};
use super::copies::Order;
use super::kinds::{Finding, Kind};
use super::matches::Matches;
use super::ruling::{Owned, Ruling, matching};
use super::workers;
use crate::counted::Span;
use crate::detector::Concluded;
use crate::pipeline::Rejection;
use crate::severity::Severity;

/// How many alerts a thread makes at once.
const ALERTS_OF_A_JOB: usize = 16;
/// How many jobs there are for a thread, so that none waits for another.
const JOBS_FOR_A_THREAD: usize = 4;

/// Alerts with their records.
pub(super) struct Alerts<'m> {
    matches: &'m Matches,
    copies: &'m HashMap<u32, Vec<u32>>,
    owned: Vec<Owned>,
    /// The numbers of the records of all alerts, those of an alert one after another, in the order of their times.
    records: Vec<u32>,
    /// Where the records of each alert end.
    ends: Vec<usize>,
    /// The alerts by the times of the records that they belong to; not those for which another stands.
    by_time: Vec<usize>,
}

/// An alert as far as it is known without its records.
pub(super) struct Overview<'a> {
    /// The rule's id and Panther's dedup string.
    pub(super) key: (&'a str, &'a str),
    pub(super) severity: Severity,
    /// When its records were, as far as that is known.
    pub(super) span: Option<Span>,
    /// What its records are.
    pub(super) kinds: Vec<&'a Kind>,
}

/// Alerts with the records that they show.
#[derive(Default)]
struct Made {
    alerts: Vec<Concluded>,
    rejected: Vec<Rejection>,
    not_again: Vec<NotAgain>,
}

impl<'m> Alerts<'m> {
    /// Finds the records of each alert.
    pub(super) fn of(matches: &'m Matches, order: &'m Order, ruling: Ruling) -> Self {
        let Ruling { alerts: owned, fates, .. } = ruling;
        let mut counts = vec![0_usize; owned.len()];
        for alert in fates.iter().filter_map(|fate| fate.alert()) {
            counts.get_mut(alert).into_iter().for_each(|count| *count += 1);
        }
        // Where the next record of each goes: after those of the alerts before it, and in the end where its own end.
        let starts = counts.iter().scan(0, |end, count| Some(std::mem::replace(end, *end + count)));
        let mut ends: Vec<_> = starts.collect();
        let mut records = vec![0; counts.iter().sum()];
        for record in matching(matches, order) {
            for finding in 0..record.occurrence.kind.findings.len() {
                let fate = fates.get(record.occurrence.first + finding);
                let Some(next) = fate.and_then(|fate| ends.get_mut(fate.alert()?)) else { continue };
                records.get_mut(*next).into_iter().for_each(|place| *place = record.number);
                *next += 1;
            }
        }
        let mut by_time: Vec<_> = (0..owned.len()).filter(|alert| counts.get(*alert) > Some(&0)).collect();
        by_time.sort_by_key(|alert| owned.get(*alert).map(|alert| alert.created_at));
        Self { matches, copies: &order.copies, owned, records, ends, by_time }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.by_time.len()
    }

    /// Makes the alerts on some threads, and gives them out in order. What of it panics is rejected, and `report` is told of
    /// records that cannot be read again.
    pub(super) fn for_each(
        &self,
        threads: usize,
        report: Report<'_>,
        each: &mut dyn FnMut(&Concluded),
    ) -> Vec<Rejection> {
        let mut all_rejected = Vec::new();
        workers::in_order(
            (threads, threads * JOBS_FOR_A_THREAD),
            &|| Again::new(self.matches),
            &|again, alerts: &[usize]| self.make(again, alerts),
            &mut |made: Made| {
                made.alerts.iter().for_each(&mut *each);
                made.not_again.iter().for_each(&mut *report);
                all_rejected.extend(made.rejected);
            },
            |give| self.by_time.chunks(ALERTS_OF_A_JOB).for_each(|alerts| give(alerts, 1)),
        );
        all_rejected
    }

    /// What is known of each alert without its records.
    pub(super) fn overviews(&self) -> impl Iterator<Item = Overview<'_>> {
        self.by_time.iter().filter_map(|alert| {
            let owned = self.owned.get(*alert)?;
            let Finding { rule, dedup, .. } = self.finding(*alert)?;
            let records = self.records_of(*alert).iter();
            let timed = records.clone().filter(|number| !self.matches.is_timeless(**number));
            let own = timed.filter_map(|number| self.matches.record(*number).0.time());
            let counted = [owned.due.counted.first, owned.due.counted.last].into_iter().flatten();
            let times = own.chain(counted).map(Span::at);
            Some(Overview {
                key: (&rule.metadata.id, dedup),
                severity: owned.due.severity(&rule.metadata),
                span: times.reduce(|span, moment| span.with(moment.first)),
                kinds: records.map(|number| self.matches.record(*number).1).collect(),
            })
        })
    }

    fn make(&self, again: &mut Again<'_>, alerts: &[usize]) -> Made {
        let mut made = Made::default();
        for alert in alerts {
            let (Some(owned), Some(finding)) = (self.owned.get(*alert), self.finding(*alert)) else { continue };
            let mut find = |number: u32, not_again: &mut Vec<_>| {
                let copies = self.copies.get(&number).map_or(&[][..], Vec::as_slice);
                again.find(number, &finding.rule, copies).map_err(|error| not_again.push(*error)).ok()
            };
            let Some(first) = find(owned.record, &mut made.not_again) else { continue };
            let Owned { record, created_at, minutes, due, .. } = owned;
            let due = (**due).clone();
            let concluded = Concluded::begin(first, *minutes, *created_at, due, &mut made.rejected);
            let Some(mut concluded) = concluded else { continue };
            for number in self.records_of(*alert).iter().filter(|number| *number != record) {
                let found = find(*number, &mut made.not_again);
                found.into_iter().for_each(|found| concluded.add(found, &mut made.rejected));
            }
            concluded.describe(&mut made.rejected);
            made.alerts.push(concluded);
        }
        made
    }

    fn records_of(&self, alert: usize) -> &[u32] {
        let end = |alert: usize| self.ends.get(alert).copied().unwrap_or_default();
        let start = alert.checked_sub(1).map_or(0, end);
        self.records.get(start..end(alert)).unwrap_or_default()
    }

    /// What the rule of an alert makes of the record that it belongs to.
    fn finding(&self, alert: usize) -> Option<&Finding> {
        let owned = self.owned.get(alert)?;
        self.matches.record(owned.record).1.findings.get(owned.finding)
    }
}
