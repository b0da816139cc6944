//! The windows' verdicts on a batch's matches, and the alerts made of them.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use jiff::Timestamp;

use crate::alert::{Alert, Due, Evidence, Match, MatchedRecord};
use crate::counted::Span;
use crate::decode::Reason;
use crate::pipeline::Rejection;
use crate::severity::Severity;
use crate::windows::{Entry, Fold, RecordId, Role, Verdict, WindowKey};

/// The verdicts, and what an operator has to know of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Decided {
    /// What becomes of each match, in order.
    pub verdicts: Vec<Verdict>,
    /// How many matches came so late that they count among their own only.
    pub late: u64,
    /// How many lines of the shared log could not be read since this was last reported.
    pub unread_lines: u64,
    /// Whether counts are being forgotten because all windows together are too large.
    pub is_crowded: bool,
    /// Why this instance counts alone.
    pub fault: Option<String>,
    /// Until when reads only teach what is usual.
    pub learning_until: Option<Timestamp>,
    /// Whether what was learnt before is gone.
    pub is_memory_lost: bool,
}

impl Decided {
    /// The verdicts of entries that the windows hold, or need not hold.
    #[must_use]
    pub fn by(windows: &Fold, entries: &[(Role, Entry)]) -> Self {
        Self {
            verdicts: entries.iter().map(|(_, entry)| windows.verdict(entry)).collect(),
            late: entries.iter().filter(|(role, entry)| *role == Role::Match && windows.is_late(entry)).count() as u64,
            is_crowded: windows.is_crowded(),
            learning_until: entries.iter().find_map(|(_, entry)| windows.learning_until(entry)),
            ..Self::default()
        }
    }

    /// Lines for operators about what must not stay so: this instance counts alone, or what was learnt is gone.
    pub fn errors(&self) -> impl Iterator<Item = String> + use<> {
        let alone = self
            .fault
            .as_ref()
            .map(|fault| format!("this instance counts alone, so one dump may raise several alerts, or none: {fault}"));
        let lost = "what UnfamiliarReader had learnt is gone, and it learns anew: restore the container certificate-state, or set \
                    BASELINE";
        alone.into_iter().chain(self.is_memory_lost.then(|| lost.to_owned()))
    }

    /// Lines for operators about what the windows lose, or cannot read.
    pub fn facts(&self) -> impl Iterator<Item = String> + use<> {
        let count = self.unread_lines;
        let unread = || format!("passed over {count} line(s) of the windows' log that no instance can read");
        let crowded = "the windows hold as much as they may: counts of identities that were quiet longest are forgotten, so \
                       a slow dump may go unseen";
        [(count > 0).then(unread), self.is_crowded.then(|| crowded.to_owned())].into_iter().flatten()
    }
}

/// An alert that goes out.
#[derive(Debug)]
pub struct Concluded {
    /// The window's minutes.
    pub minutes: u32,
    /// When the hub took the record that the alert belongs to.
    pub created_at: Timestamp,
    /// What the windows say of the alert.
    pub due: Due,
    /// The record that the alert belongs to.
    pub record: Arc<MatchedRecord>,
    /// Its matches.
    pub evidence: Evidence,
}

impl Concluded {
    /// Begins with the match that the alert belongs to; `None`, and a rejection of its record, where making it panics.
    #[must_use]
    pub fn begin(
        first: Match,
        minutes: u32,
        created_at: Timestamp,
        due: Due,
        rejected: &mut Vec<Rejection>,
    ) -> Option<Self> {
        let record = Arc::clone(&first.record);
        let evidence = guarded(&record, rejected, || Evidence::new(first))?;
        Some(Self { minutes, created_at, due, record, evidence })
    }

    /// Adds another of its matches; a record that cannot be added is kept as rejected.
    pub fn add(&mut self, found: Match, rejected: &mut Vec<Rejection>) {
        let record = Arc::clone(&found.record);
        let _added = guarded(&record, rejected, || self.evidence.add(found));
    }

    /// Says what its window counted, after its matches were added. If that panics, the alert goes out without the names, and its
    /// record is kept as rejected.
    pub fn describe(&mut self, rejected: &mut Vec<Rejection>) {
        let _described = guarded(&self.record, rejected, || self.evidence.describe(&self.due));
    }

    /// How severe the alert is.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.due.severity(&self.evidence.rule.metadata)
    }

    /// The first and the last read that the alert stands for, where any has a time.
    #[must_use]
    pub fn span(&self) -> Option<Span> {
        let (evidence, counted) = (&self.evidence, &self.due.counted);
        let times = [&evidence.first_time, &evidence.last_time].map(|time| time.as_ref().map(|time| time.moment));
        let times = || times.into_iter().chain([counted.first, counted.last]).flatten();
        Some(Span { first: times().min()?, last: times().max()? })
    }

    /// The alert.
    #[must_use]
    pub fn alert(&self) -> Alert<'_> {
        Alert::new(self.minutes, self.created_at, self.due.incident, self.severity(), &self.evidence)
    }
}

/// The alerts of a batch, and what did not become one.
#[derive(Debug, Default)]
pub struct Conclusion {
    /// The alerts, in the order of the records that they belong to.
    pub alerts: Vec<Concluded>,
    /// Matches whose alert goes out with another batch.
    pub suppressed: u64,
    /// Matches that wait for the rule's threshold, or for more to be learnt.
    pub pending: u64,
    /// Matches that are like the identity's other reads.
    pub familiar: u64,
    /// Records of which no alert could be made.
    pub rejected: Vec<Rejection>,
}

/// Does work on an alert. If it panics, which would be a bug of ours, the record is rejected, and the batch goes on.
pub(super) fn guarded<T>(record: &MatchedRecord, rejected: &mut Vec<Rejection>, work: impl FnOnce() -> T) -> Option<T> {
    let done = catch_unwind(AssertUnwindSafe(work)).ok();
    if done.is_none() {
        let detail = "making an alert of the record panicked".to_owned();
        rejected.push(Rejection::new(Reason::Panic, detail, record.source.clone(), record.squeezed().get().as_bytes()));
    }
    done
}

impl Conclusion {
    /// Makes the alerts: each has the match that it belongs to first, then those that only add to it.
    #[must_use]
    pub fn of<'e>(
        matches: Vec<Match>,
        entries: impl ExactSizeIterator<Item = &'e Entry>,
        verdicts: Vec<Verdict>,
    ) -> Self {
        let mut conclusion = Self::default();
        let mut owned: HashMap<(WindowKey, RecordId), usize> = HashMap::new();
        let mut adding = Vec::new();
        assert!(matches.len() <= entries.len() && matches.len() <= verdicts.len(), "a match without a verdict is lost");
        for ((found, entry), verdict) in matches.into_iter().zip(entries).zip(verdicts) {
            let period = entry.period;
            match verdict {
                // Of records that are known by their content, equal ones are one alert's matches.
                Verdict::Alert { .. } if owned.contains_key(&(entry.key, entry.record)) => {
                    adding.push((entry.key, entry.record, found));
                }
                Verdict::Alert { created_at, due } => {
                    let alert = Concluded::begin(found, period.minutes, created_at, due, &mut conclusion.rejected);
                    let Some(alert) = alert else { continue };
                    if period.minutes > 0 {
                        owned.insert((entry.key, entry.record), conclusion.alerts.len());
                    }
                    conclusion.alerts.push(alert);
                }
                Verdict::Suppressed { by } => adding.push((entry.key, by, found)),
                Verdict::Pending => conclusion.pending += 1,
                Verdict::Familiar => conclusion.familiar += 1,
            }
        }
        for (key, record, found) in adding {
            match owned.get(&(key, record)).and_then(|at| conclusion.alerts.get_mut(*at)) {
                Some(alert) => alert.add(found, &mut conclusion.rejected),
                None => conclusion.suppressed += 1,
            }
        }
        for alert in &mut conclusion.alerts {
            alert.describe(&mut conclusion.rejected);
        }
        conclusion
    }
}
