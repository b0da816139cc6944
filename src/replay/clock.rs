//! Windows over saved logs: the records' own times are the clock.

use jiff::Timestamp;

use super::again::{Again, Report};
use super::copies::Order;
use super::fate::Fate;
use super::matches::Matches;
use super::ruling::{Ordered, Refused, Ruling, records, records_from};
use super::templates::{Occurrence, Related, Templates};
use crate::alert::alert_id;
use crate::detector::{take_all, taught};
use crate::expected::{Covering, ExpectedAccess};
use crate::usual::Usual;
use crate::windows::{Entry, Fold, RecordId, Role};

/// The ids of what is no match begin here, so that none is a match's.
const BESIDE: u64 = 1 << 40;

/// The windows over a replay's records, in the order of their times.
pub(super) struct Clock<'m> {
    matches: &'m Matches,
    order: &'m Order,
    expected: &'m ExpectedAccess,
    learn_days: u32,
    templates: Templates<'m>,
    again: Again<'m>,
    report: Report<'m>,
    fold: Fold,
    ruling: Ruling,
    /// The place of the first record, and the number of the first match, that may still get another fate.
    undecided: (usize, usize),
}

impl<'m> Clock<'m> {
    /// Begins with what is usual already. `report` is told of records that cannot be read again.
    pub(super) fn new(
        matches: &'m Matches,
        order: &'m Order,
        templates: Templates<'m>,
        expected: &'m ExpectedAccess,
        usual: Usual,
        report: Report<'m>,
    ) -> Self {
        Self {
            matches,
            order,
            expected,
            learn_days: templates.learn_days(),
            templates,
            again: Again::new(matches),
            report,
            fold: Fold::knowing(usual),
            ruling: Ruling::with_expected(expected.entries().count()),
            undecided: (0, 0),
        }
    }

    /// Takes all records, and returns what the windows say of them.
    pub(super) fn run(mut self) -> (Ruling, Templates<'m>) {
        let mut records = records(self.matches, self.order).peekable();
        while let Some(first) = records.next() {
            let time = first.occurrence.time;
            let mut of_time = vec![first];
            while let Some(next) = records.next_if(|next| next.occurrence.time == time) {
                of_time.push(next);
            }
            self.decide_before(time);
            self.take_beside(&of_time);
            of_time.iter().filter(|record| !record.occurrence.kind.is_refused).for_each(|record| self.take(record));
        }
        self.decide_before(Timestamp::MAX);
        (self.ruling, self.templates)
    }

    /// Takes what stands beside the matches of one time: first what expected access teaches, then refused reads.
    fn take_beside(&mut self, records: &[Ordered<'_>]) {
        let (mut learnt, mut refused) = (Vec::new(), Vec::new());
        for Ordered { number, occurrence } in records {
            let (kind, time) = (occurrence.kind, occurrence.time);
            let entry = |subject| self.templates.plain(subject, RecordId::numbered(BESIDE + u64::from(*number)), time);
            for subject in kind.subjects() {
                match self.expected.covering(subject, time) {
                    None if kind.is_refused => refused.push(entry(subject)),
                    Some(_) if kind.is_refused => {}
                    None => self.ruling.fates.push(Fate::PENDING),
                    Some(Covering { number, teaches, .. }) => {
                        self.ruling.fates.push(Fate::EXPECTED);
                        self.ruling.expected.get_mut(number).into_iter().for_each(|count| *count += 1);
                        if teaches && subject.rule.logic.learns {
                            learnt.push(taught(subject, entry(subject), self.learn_days));
                        }
                    }
                }
            }
        }
        for (role, entry) in &learnt {
            self.fold.take_new(*role, entry);
        }
        for entry in refused {
            self.fold.take_new(Role::Refused, &entry);
            let Entry { key, time, value, .. } = entry;
            self.ruling.refused.push(Refused { key, time, value });
        }
    }

    /// Takes the matches of a record.
    fn take(&mut self, record: &Ordered<'_>) {
        let Self { templates, fold, ruling, again, report, .. } = self;
        let Related { findings, entries } = ruling.entries_due(templates, record);
        let mut id_of = |of: usize| {
            let finding = record.occurrence.kind.findings.get(*findings.get(of)?)?;
            let squeezed = again.squeezed(record.number).map_err(|not_again| report(&not_again)).ok()?;
            Some(alert_id(&finding.rule, &finding.dedup, &squeezed))
        };
        take_all(fold, entries, &mut id_of);
        for (finding, (_, entry)) in findings.iter().zip(entries) {
            ruling.note(fold.verdict(entry), record, *finding, entry);
        }
    }

    /// Decides again on what the windows have passed at a time, which no later match can suppress.
    fn decide_before(&mut self, now: Timestamp) {
        for record in records_from(self.matches, self.order, self.undecided) {
            let Ordered { occurrence: Occurrence { kind, time, .. }, .. } = record;
            if now.duration_since(time) < self.templates.shortest_window() {
                return;
            }
            if !kind.is_refused {
                let Self { templates, fold, ruling, .. } = self;
                let Related { findings, entries } = ruling.entries_due(templates, &record);
                let is_over = |entry: &Entry| now.duration_since(time) >= entry.period.window();
                if !entries.iter().all(|(_, entry)| is_over(entry)) {
                    return;
                }
                for (finding, (_, entry)) in findings.iter().zip(entries) {
                    // An alert stays one.
                    if !ruling.has_alert_of(entry.record) {
                        ruling.note(fold.verdict(entry), &record, *finding, entry);
                    }
                }
                self.undecided.1 += kind.findings.len();
            }
            self.undecided.0 += 1;
        }
    }
}
