//! What a list of expected access does to the alerts: which fell away and by which entry, which entries matched nothing, and
//! which have ended.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::io::{self, IsTerminal as _};
use std::sync::Arc;

use jiff::Timestamp;

use super::again::Report;
use super::alerts::Alerts;
use super::row::Row;
use super::summary::say;
use super::{Options, workers};
use crate::alert::{Match, Subject};
use crate::counted::Span;
use crate::detector::Concluded;
use crate::expected::{Covering, EntryAbout, ExpectedAccess};

/// How many alerts of an entry a terminal shows, the worst.
const MAX_ON_TERMINAL: usize = 20;

/// What the entries of a list do, in their order.
pub(super) struct Trial<'e> {
    effects: Vec<Effect<'e>>,
    /// Alerts that fell away although no entry covers a record of theirs that is kept: by what is known by others now.
    others: Vec<Row>,
}

/// What one entry does.
struct Effect<'e> {
    about: EntryAbout<'e>,
    /// How many matches it covers.
    matches: u64,
    /// The alerts that fell away by it.
    fell_away: Vec<Row>,
    /// How many of the alerts that are left it would have covered, had it not ended.
    left: usize,
}

impl<'e> Trial<'e> {
    /// Compares the alerts without the list and with it; `matches` are how many its entries cover.
    pub(super) fn of(
        expected: &'e ExpectedAccess,
        matches: &[u64],
        (without, with): (&Alerts<'_>, &Alerts<'_>),
        options: &Options,
        report: Report<'_>,
    ) -> Self {
        let effect = |(about, matches): (_, &u64)| Effect { about, matches: *matches, fell_away: Vec::new(), left: 0 };
        let mut effects: Vec<_> = expected.entries().zip(matches).map(effect).collect();
        let (mut others, threads) = (Vec::new(), workers::threads(options.threads));
        let has_successor = successors(with);
        // What cannot be made was told where it was printed.
        let _told = without.for_each(threads, report, &mut |alert| {
            if options.shown.holds(alert) && !has_successor(alert) {
                let entry = entry_of(alert, |subject, time| expected.covering(subject, time));
                let effect = entry.and_then(|number| effects.get_mut(number));
                effect.map_or(&mut others, |effect| &mut effect.fell_away).push(Row::of(alert));
            }
        });
        let _told = with.for_each(threads, report, &mut |alert| {
            let entry = entry_of(alert, |subject, time| expected.ended_covering(subject, time));
            let effect = entry.filter(|_| options.shown.holds(alert)).and_then(|number| effects.get_mut(number));
            effect.into_iter().for_each(|effect| effect.left += 1);
        });
        for rows in effects.iter_mut().map(|effect| &mut effect.fell_away).chain([&mut others]) {
            rows.sort_by_key(|row| (Reverse(row.severity), row.first));
        }
        Self { effects, others }
    }

    /// Says it, entry by entry.
    pub(super) fn print(&self, now: Timestamp) {
        for Effect { about, matches, fell_away, left } in &self.effects {
            let EntryAbout { line, reason, until } = about;
            match matches {
                0 => say(&format!("expected, and nothing matched: line {line}, {reason}")),
                _ => say(&format!(
                    "expected, no alert: {matches} matches, line {line}, {reason}; {} alerts fell away",
                    fell_away.len()
                )),
            }
            list(fell_away);
            if let Some(until) = until.filter(|_| about.has_ended(now)) {
                say(&format!(
                    "expected no longer, since {until} is over: line {line}, {reason}; {left} alerts are of it"
                ));
            }
        }
        if !self.others.is_empty() {
            say(&format!("{} alerts fell away because of what expected reads taught", self.others.len()));
            list(&self.others);
        }
    }
}

/// Names alerts; on a terminal the worst.
fn list(alerts: &[Row]) {
    let max = if io::stderr().is_terminal() { MAX_ON_TERMINAL } else { usize::MAX };
    for row in alerts.iter().take(max) {
        let Row { severity, who, from, what, id, .. } = row;
        say(&format!("  {}  {:<8}  {who}  {from}  {what}  {id}", row.when(), severity.as_str()));
    }
    if alerts.len() > max {
        say(&format!("  and {} more, none of them more severe", alerts.len() - max));
    }
}

/// Tells whether an alert has a successor among those that are left: one of the same rule and for the same, while it lasted.
fn successors<'a>(with: &'a Alerts<'_>) -> impl Fn(&Concluded) -> bool + use<'a> {
    let mut left: HashMap<(&str, &str), Vec<Option<Span>>> = HashMap::new();
    for alert in with.overviews() {
        left.entry(alert.key).or_default().push(alert.span);
    }
    move |alert| {
        let key = (&*alert.evidence.rule.metadata.id, alert.evidence.dedup.as_str());
        let spans = left.get(&key).map(Vec::as_slice).unwrap_or_default();
        let meets = |one: Span, other: Span| one.first <= other.last && other.first <= one.last;
        spans.iter().any(|span| alert.span().zip(*span).is_none_or(|(one, other)| meets(one, other)))
    }
}

/// The entry of the first record of an alert that has one.
fn entry_of<'e>(alert: &Concluded, covering: impl Fn(Subject<'_>, Timestamp) -> Option<Covering<'e>>) -> Option<usize> {
    alert.evidence.records.iter().find_map(|record| {
        let rule = Arc::clone(&alert.evidence.rule);
        let access = (rule.logic.access)(&record.facts());
        let found = Match { rule, dedup: String::new(), unique: None, access, record: Arc::clone(record) };
        let time = record.time.as_ref().map_or(alert.created_at, |time| time.moment);
        Some(covering(found.subject(), time)?.number)
    })
}
