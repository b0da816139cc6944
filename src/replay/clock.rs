//! Windows over saved logs: the records' own times are the clock.

use std::collections::HashMap;

use jiff::Timestamp;

use crate::alert::{Evidence, Match, RecordTime};
use crate::detector::{Conclusion, Decision};
use crate::expected::ExpectedAccess;
use crate::pipeline::{Counts, Pipeline};
use crate::windows::{Candidate, Group, RecordId, State, WindowKey, group_by_key};

/// An alert of a replay: when its first record was written, its rule, what it stands for, and its window's minutes.
pub(super) struct Found {
    /// The rule's number.
    pub(super) rule: usize,
    /// The window's minutes.
    pub(super) minutes: u32,
    /// When the first record was written.
    pub(super) created_at: Timestamp,
    /// What the alert stands for.
    pub(super) evidence: Evidence,
}

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
            self.latest = found.time.as_ref().map_or(self.latest, RecordTime::moment);
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
    ) -> (Vec<Found>, Vec<(String, u64)>) {
        self.matches.sort_by_key(|(time, _)| *time);
        let mut silenced: Vec<(String, u64)> = Vec::new();
        let mut windows = Windows::default();
        for (number, (time, found)) in self.matches.into_iter().enumerate() {
            let Some(rule) = pipeline.rules().get(found.rule) else { continue };
            if let Some(reason) = expected.reason(&found, rule, time) {
                counts.expected += 1;
                match silenced.iter_mut().find(|(known, _)| known == reason) {
                    Some((_, count)) => *count += 1,
                    None => silenced.push((reason.to_owned(), 1)),
                }
                continue;
            }
            let groups = group_by_key(vec![found], pipeline.rules(), pipeline.parameters(), dedup_minutes);
            for group in groups {
                windows.take(group, number, time);
            }
        }
        (windows.finish(pipeline, counts), silenced)
    }
}

/// The open windows and the matches that have fallen into each.
#[derive(Default)]
struct Windows {
    states: HashMap<WindowKey, State>,
    open: HashMap<WindowKey, usize>,
    groups: Vec<(Group, Decision)>,
}

impl Windows {
    fn take(&mut self, group: Group, number: usize, time: Timestamp) {
        if group.period.minutes == 0 {
            let decision = Decision::all_alert(&group, time);
            self.groups.push((group, decision));
            return;
        }
        let is_first = !self.open.contains_key(&group.key);
        let state = self.states.entry(group.key).or_insert_with(|| State::new(time));
        let value = group.matches.first().and_then(|found| found.unique.clone());
        // Each record of a replay is read once, so none is another one coming again.
        let candidate = Candidate { record: RecordId::named(&number.to_string()), enqueued_at: None, value };
        let opened_before = state.opened_at();
        let verdicts = state.take(&[candidate], group.period, time);
        let is_new = is_first || state.opened_at() != opened_before;
        let values = state.values().to_vec();
        let open = self.open.get(&group.key).copied().filter(|_| !is_new);
        match open.and_then(|at| self.groups.get_mut(at)) {
            Some((gathered, decision)) => {
                gathered.matches.extend(group.matches);
                decision.verdicts.extend(verdicts);
                decision.values = values;
            }
            None => {
                self.open.insert(group.key, self.groups.len());
                self.groups.push((group, Decision { verdicts, values }));
            }
        }
    }

    fn finish(self, pipeline: &Pipeline, counts: &mut Counts) -> Vec<Found> {
        let mut all = Vec::new();
        for (group, decision) in self.groups {
            let (rule, minutes) = (group.rule, group.period.minutes);
            let Some(of) = pipeline.rules().get(rule) else { continue };
            let conclusion = Conclusion::of(of, group, decision);
            counts.suppressed += conclusion.suppressed;
            counts.pending += conclusion.pending;
            let alerts = conclusion.alerts.into_iter();
            all.extend(alerts.map(|(evidence, created_at)| Found { rule, minutes, created_at, evidence }));
        }
        all.sort_by_key(|found| found.created_at);
        counts.alerts = all.len() as u64;
        all
    }
}
