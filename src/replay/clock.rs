//! Windows over saved logs: the records' own times are the clock.

use jiff::Timestamp;

use crate::alert::Match;
use crate::detector::Conclusion;
use crate::expected::{self, ExpectedAccess};
use crate::pipeline::{Counts, Pipeline};
use crate::windows::{Entry, Fold, Period, RecordId, Verdict, WindowKey};

use super::copies::Copies;

/// A replay's matches, waiting for the order of their times.
pub(super) struct Clock {
    matches: Vec<(Timestamp, Match)>,
    latest: Timestamp,
    /// Records that came more than once.
    pub(super) copies: Copies,
    /// How many matches are of such copies.
    left_out: u64,
    /// How many matches have no time that can be read.
    pub(super) timeless: u64,
}

impl Clock {
    /// Has no matches yet; a first one without a time gets `now`.
    pub(super) fn new(now: Timestamp) -> Self {
        Self { matches: Vec::new(), latest: now, copies: Copies::default(), left_out: 0, timeless: 0 }
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

    /// Runs the windows over all matches in the order of their times.
    ///
    /// Unlike an invocation, a replay knows the whole window when it prints an alert, so the alert covers all of its matches.
    pub(super) fn run(
        mut self,
        pipeline: &Pipeline,
        dedup_minutes: Option<u32>,
        expected: &ExpectedAccess,
        counts: &mut Counts,
    ) -> (Conclusion, Vec<(String, u64)>) {
        self.copies.mark(&mut self.matches);
        counts.matches -= self.left_out;
        self.matches.sort_by_key(|(time, _)| *time);
        let mut silenced: Vec<(String, u64)> = Vec::new();
        let mut windows = Fold::default();
        let (mut matches, mut entries, mut verdicts) = (Vec::new(), Vec::<Entry>::new(), Vec::new());
        let mut decided = 0;
        for (number, (time, found)) in self.matches.into_iter().enumerate() {
            if let Some(reason) = expected.reason(&found, time) {
                counts.expected += 1;
                expected::count(&mut silenced, reason);
                continue;
            }
            let period = Period::of(&found.rule, pipeline.parameters(), dedup_minutes);
            // A replay reads each record once, so no two matches are of one record.
            let record = RecordId::named(&number.to_string());
            let mut entry = Entry::at(&found, record, period, time, time);
            if found.record.time.is_none() {
                // Nobody knows when it was, so it shares a window with no other.
                entry.key = WindowKey::new(&found.rule.metadata.id, &format!("{} of match {number}", found.dedup));
            }
            // No later match can suppress what is a window old.
            let is_over = |entry: &&Entry| time.duration_since(entry.time) >= entry.period.window();
            while let Some((entry, verdict)) = entries.get(decided).filter(is_over).zip(verdicts.get_mut(decided)) {
                decide(&windows, entry, verdict);
                decided += 1;
            }
            windows.take_new(&entry);
            verdicts.push(windows.verdict(&entry));
            matches.push(found);
            entries.push(entry);
        }
        for (entry, verdict) in entries.iter().zip(&mut verdicts).skip(decided) {
            decide(&windows, entry, verdict);
        }
        let mut conclusion = Conclusion::of(matches, &entries, verdicts);
        counts.suppressed += conclusion.suppressed;
        counts.pending += conclusion.pending;
        counts.alerts = conclusion.alerts.len() as u64;
        conclusion.alerts.sort_by_key(|alert| alert.created_at);
        (conclusion, silenced)
    }
}

/// Decides again where a match was no alert, now that its window is over: a later match may suppress it. An alert stays one.
fn decide(windows: &Fold, entry: &Entry, verdict: &mut Verdict) {
    if !matches!(verdict, Verdict::Alert { .. }) {
        *verdict = windows.verdict(entry);
    }
}
