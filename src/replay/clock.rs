//! Windows over saved logs: the records' own times are the clock.

use std::mem::take;
use std::sync::Arc;

use jiff::Timestamp;

use crate::alert::Match;
use crate::detector::{Conclusion, relate, take_all, taught};
use crate::expected::{Covering, ExpectedAccess};
use crate::pipeline::{Counts, Pipeline};
use crate::usual::Usual;
use crate::windows::{Entry, Fold, Period, RecordId, Role, Verdict, WindowKey};

use super::copies::Copies;
use super::incidents;

/// A replay's matches, waiting for the order of their times.
#[derive(Clone)]
pub(super) struct Clock {
    matches: Vec<(Timestamp, Match)>,
    refused: Vec<(Timestamp, Match)>,
    /// What is expected, and teaches.
    covered: Vec<(Timestamp, Match)>,
    usual: Usual,
    latest: Timestamp,
    /// Records that came more than once.
    pub(super) copies: Copies,
    /// How many matches are of such copies.
    left_out: u64,
    /// How many matches have no time that can be read.
    pub(super) timeless: u64,
}

impl Clock {
    /// Has no matches yet, and knows what is usual; a first one without a time gets `now`.
    pub(super) fn new(now: Timestamp, usual: Usual) -> Self {
        Self {
            matches: Vec::new(),
            refused: Vec::new(),
            covered: Vec::new(),
            usual,
            latest: now,
            copies: Copies::default(),
            left_out: 0,
            timeless: 0,
        }
    }

    /// Takes matches in the order of the files, each record once; one without a time stands after the previous match.
    pub(super) fn take(&mut self, matches: impl Iterator<Item = Match>) {
        for found in matches {
            if self.copies.is_copy(&found.record, self.matches.len()) {
                self.left_out += 1;
                continue;
            }
            self.timeless += u64::from(found.record.time.is_none());
            self.latest = found.record.time.as_ref().map_or(self.latest, |time| time.moment);
            self.matches.push((self.latest, found));
        }
    }

    /// Takes reads that were refused; they raise no alert, and those of an incident are told.
    pub(super) fn take_refused(&mut self, refused: impl Iterator<Item = Match>) {
        self.refused.extend(refused.filter_map(|found| Some((found.record.time.as_ref()?.moment, found))));
    }

    /// Runs the windows over all matches in the order of their times.
    ///
    /// Unlike an invocation, a replay knows the whole window when it prints an alert, so the alert covers all of its matches.
    pub(super) fn run(
        mut self,
        pipeline: &Pipeline,
        dedup_minutes: Option<u32>,
        expected: &ExpectedAccess,
        counts: &mut Counts,
    ) -> (Conclusion, Vec<u64>) {
        self.copies.mark(&mut self.matches);
        counts.matches -= self.left_out;
        self.matches.sort_by_key(|(time, _)| *time);
        self.refused.sort_by_key(|(time, _)| *time);
        let period = |found: &Match| Period::of(&found.rule, pipeline.parameters(), dedup_minutes);
        let silenced = self.take_out(expected, counts);
        let of_refused = |(number, (time, found)): (usize, &(Timestamp, Match))| {
            entry(found, &format!("refused {number}"), period(found), *time)
        };
        let refused: Vec<_> = self.refused.iter().enumerate().map(of_refused).collect();
        let learn_days = pipeline.parameters().learn_days;
        let of_covered = |(number, (time, found)): (usize, &(Timestamp, Match))| {
            let named = |found: &Match| entry(found, &format!("expected {number}"), period(found), *time);
            taught(std::slice::from_ref(found), learn_days, named).collect::<Vec<_>>()
        };
        let mut beside: Vec<_> = self.covered.iter().enumerate().flat_map(of_covered).collect();
        beside.extend(refused.iter().map(|entry| (Role::Refused, entry.clone())));
        beside.sort_by_key(|(_, entry)| entry.time);
        let (times, matches): (Vec<_>, Vec<_>) = self.matches.into_iter().unzip();
        let of = |(number, (time, found)): (usize, (&Timestamp, &Match))| {
            (Role::Match, entry(found, &number.to_string(), period(found), *time))
        };
        let mut entries: Vec<_> = times.iter().zip(&matches).enumerate().map(of).collect();
        relate(&matches, &mut entries, learn_days, None);
        let windows = Windows { fold: Fold::knowing(take(&mut self.usual)), ..Windows::default() };
        let mut verdicts = windows.run(&matches, &mut entries, &beside);
        let entries: Vec<_> = entries.into_iter().map(|(_, entry)| entry).collect();
        incidents::make_whole(&entries, &mut verdicts, &refused);
        let mut conclusion = Conclusion::of(matches, entries.iter(), verdicts);
        counts.suppressed += conclusion.suppressed;
        counts.pending += conclusion.pending;
        counts.familiar += conclusion.familiar;
        counts.alerts = conclusion.alerts.len() as u64;
        conclusion.alerts.sort_by_key(|alert| alert.created_at);
        (conclusion, silenced)
    }

    /// What is usual after all matches, expected or not.
    pub(super) fn learn(mut self, pipeline: &Pipeline) -> Usual {
        let learn_days = pipeline.parameters().learn_days;
        self.matches.sort_by_key(|(time, _)| *time);
        let mut usual = take(&mut self.usual);
        for (time, found) in self.matches.iter().filter(|(_, found)| found.record.time.is_some()) {
            usual.see(&found.record.sighting(learn_days), *time, false);
        }
        if let Some((last, _)) = self.matches.last() {
            usual.forget(*last);
        }
        usual
    }

    /// Takes out what is expected, and returns how much that was, by the number of its entry; what it teaches is taught.
    fn take_out(&mut self, expected: &ExpectedAccess, counts: &mut Counts) -> Vec<u64> {
        let mut silenced = vec![0; expected.entries().count()];
        for (time, found) in take(&mut self.matches) {
            match expected.covering(&found, time) {
                None => self.matches.push((time, found)),
                Some(Covering { number, teaches, .. }) => {
                    silenced.get_mut(number).into_iter().for_each(|count| *count += 1);
                    self.covered.extend(Some((time, found)).filter(|(_, found)| teaches && found.rule.logic.learns));
                }
            }
        }
        self.refused.retain(|(time, found)| expected.covering(found, *time).is_none());
        counts.expected += silenced.iter().sum::<u64>();
        silenced
    }
}

/// The entry of a match. A replay reads each record once, so no two matches are of one record.
fn entry(found: &Match, name: &str, period: Period, time: Timestamp) -> Entry {
    let mut entry = Entry::at(found, RecordId::named(name), period, time, time);
    if found.record.time.is_none() {
        // Nobody knows when it was, so it shares a window with no other.
        entry.key = WindowKey::new(&found.rule.metadata.id, &format!("{} of match {name}", found.dedup));
    }
    entry
}

/// The windows over the entries of a replay.
#[derive(Default)]
struct Windows {
    fold: Fold,
    /// How many entries have a verdict that no later one can change.
    decided: usize,
    verdicts: Vec<Verdict>,
}

impl Windows {
    /// The verdicts of entries in the order of their times, where those `beside` them are taken, too.
    fn run(mut self, matches: &[Match], entries: &mut [(Role, Entry)], beside: &[(Role, Entry)]) -> Vec<Verdict> {
        let mut beside = beside.iter().peekable();
        let mut start = 0;
        for matches in matches.chunk_by(|one, other| Arc::ptr_eq(&one.record, &other.record)) {
            let end = start + matches.len();
            let (before, rest) = entries.split_at_mut(start);
            let Some(of_record) = rest.get_mut(..matches.len()) else { break };
            let Some((_, Entry { time, .. })) = of_record.first() else { continue };
            self.decide_before(*time, before);
            while let Some((role, entry)) = beside.next_if(|(_, entry)| entry.time <= *time) {
                self.fold.take_new(*role, entry);
            }
            take_all(&mut self.fold, of_record, matches);
            self.verdicts.extend(of_record.iter().map(|(_, entry)| self.fold.verdict(entry)));
            start = end;
        }
        for ((_, entry), verdict) in entries.iter().zip(&mut self.verdicts).skip(self.decided) {
            decide(&self.fold, entry, verdict);
        }
        self.verdicts
    }

    /// Decides on what is a window old, which no later match can suppress.
    fn decide_before(&mut self, now: Timestamp, entries: &[(Role, Entry)]) {
        let is_over = |entry: &Entry| now.duration_since(entry.time) >= entry.period.window();
        while let Some(((_, entry), verdict)) = entries.get(self.decided).zip(self.verdicts.get_mut(self.decided))
            && is_over(entry)
        {
            decide(&self.fold, entry, verdict);
            self.decided += 1;
        }
    }
}

/// Decides again where a match was no alert, now that its window is over: a later match may suppress it. An alert stays one.
fn decide(windows: &Fold, entry: &Entry, verdict: &mut Verdict) {
    if !matches!(verdict, Verdict::Alert { .. }) {
        *verdict = windows.verdict(entry);
    }
}
