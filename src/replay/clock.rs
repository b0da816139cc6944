//! Windows over saved logs: the records' own times are the clock.

use jiff::Timestamp;

use crate::alert::Match;
use crate::detector::{Concluded, Conclusion};
use crate::expected::ExpectedAccess;
use crate::facts::RecordTime;
use crate::pipeline::{Counts, Pipeline};
use crate::windows::{Entry, Fold, Period, RecordId, Role, Verdict};

/// A replay's matches, waiting for the order of their times.
pub(super) struct Clock {
    matches: Vec<(Timestamp, Match)>,
    latest: Timestamp,
}

impl Clock {
    /// Begins; a match without a time before any other has the time of the replay.
    pub(super) fn new(now: Timestamp) -> Self {
        Self { matches: Vec::new(), latest: now }
    }

    /// Takes matches in the order of the files; one without a time gets the time of the one before it.
    pub(super) fn take(&mut self, matches: impl Iterator<Item = Match>) {
        for found in matches {
            self.latest = found.record.time.as_ref().map_or(self.latest, RecordTime::moment);
            self.matches.push((self.latest, found));
        }
    }

    /// Runs the windows over all matches in the order of their times.
    ///
    /// Unlike an invocation, a replay knows the whole window when it prints an alert, so the alert stands for all of it.
    pub(super) fn run(
        mut self,
        pipeline: &Pipeline,
        dedup_minutes: Option<u32>,
        expected: &ExpectedAccess,
        counts: &mut Counts,
    ) -> (Vec<Concluded>, Vec<(String, u64)>) {
        self.matches.sort_by_key(|(time, _)| *time);
        let mut silenced: Vec<(String, u64)> = Vec::new();
        let mut windows = Fold::default();
        let (mut matches, mut entries) = (Vec::new(), Vec::<Entry>::new());
        let (mut verdicts, mut decided) = (Vec::new(), 0);
        for (number, (time, found)) in self.matches.into_iter().enumerate() {
            if let Some(reason) = expected.reason(&found, time) {
                counts.expected += 1;
                match silenced.iter_mut().find(|(known, _)| known == reason) {
                    Some((_, count)) => *count += 1,
                    None => silenced.push((reason.to_owned(), 1)),
                }
                continue;
            }
            let period = Period::of(&found.rule, pipeline.parameters(), dedup_minutes);
            // Each record of a replay is read once, so none is another one coming again.
            let record = RecordId::named(&number.to_string());
            let entry = Entry::at(&found, record, period, time, time);
            // No later match can be the owner for what is a window back.
            let is_over = |entry: &&Entry| time.duration_since(entry.time) >= entry.period.window();
            while let Some(entry) = entries.get(decided).filter(is_over) {
                decide(&windows, entry, &mut verdicts, decided);
                decided += 1;
            }
            if !windows.settles(Role::Match, &entry) {
                windows.take(Role::Match, &entry);
            }
            // An alert is one for good; of the others it is known when their windows are over.
            let verdict = windows.verdict(&entry);
            verdicts.push(Some(verdict).filter(|verdict| matches!(verdict, Verdict::Alert { .. })));
            matches.push(found);
            entries.push(entry);
        }
        for (number, entry) in entries.iter().enumerate().skip(decided) {
            decide(&windows, entry, &mut verdicts, number);
        }
        let verdicts = verdicts.into_iter().map(|verdict| verdict.unwrap_or(Verdict::Pending)).collect();
        let mut conclusion = Conclusion::of(matches, &entries, verdicts);
        counts.suppressed += conclusion.suppressed;
        counts.pending += conclusion.pending;
        counts.alerts = conclusion.alerts.len() as u64;
        conclusion.alerts.sort_by_key(|alert| alert.created_at);
        (conclusion.alerts, silenced)
    }
}

/// Decides what a match is that is no alert.
fn decide(windows: &Fold, entry: &Entry, verdicts: &mut [Option<Verdict>], number: usize) {
    if let Some(verdict @ None) = verdicts.get_mut(number) {
        *verdict = Some(windows.verdict(entry));
    }
}
