//! Windows against a model, with retries, crashes and restarts.

use std::collections::{BTreeMap, BTreeSet};

use certificate_accessed::windows::{Candidate, Period, RecordId, State, Table, Verdict, WindowKey};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use proptest::test_runner::Config;

/// What happens to a delivery after the handler has decided.
#[derive(Debug, Clone, Copy)]
enum Outcome {
    /// The outputs are written, the checkpoint moves.
    Written,
    /// The first so many alerts are written, then the storage fails; the host will post the batch again.
    FailsAfter(usize),
    /// The handler dies before its answer is out, and forgets what it had in memory.
    Crash,
    /// All is written, but the checkpoint is lost: Event Hubs delivers from further back again.
    Rewind(usize),
}

#[derive(Debug, Clone, Copy)]
struct Step {
    partition: usize,
    size: usize,
    minutes: i64,
    outcome: Outcome,
}

fn step() -> impl Strategy<Value = Step> {
    let outcome = prop_oneof![
        4 => Just(Outcome::Written),
        2 => (0usize..3).prop_map(Outcome::FailsAfter),
        1 => Just(Outcome::Crash),
        1 => (1usize..4).prop_map(Outcome::Rewind),
    ];
    (0usize..3, 1usize..4, 0i64..45, outcome).prop_map(|(partition, size, minutes, outcome)| Step {
        partition,
        size,
        minutes,
        outcome,
    })
}

/// A hub of three partitions whose records fall on two keys, and a handler with a table of windows.
struct World {
    keys: Vec<Vec<usize>>,
    next: Vec<usize>,
    table: Table,
    /// Whether the windows outlive a crash, as blobs do.
    is_durable: bool,
    now: Timestamp,
    /// The record whose alert suppresses others, by key.
    owner: BTreeMap<usize, RecordId>,
    /// Records that were ever told to alert.
    told: BTreeSet<RecordId>,
    /// Records whose alert has reached the queue.
    queue: BTreeSet<RecordId>,
    /// The record by which another one was suppressed when its batch was written the last time.
    suppressed_by: BTreeMap<RecordId, RecordId>,
    acknowledged: BTreeSet<RecordId>,
}

const PERIOD: Period = Period { minutes: 60, threshold: 1 };

impl World {
    fn new(keys: Vec<Vec<usize>>, is_durable: bool) -> Self {
        Self {
            next: vec![0; keys.len()],
            keys,
            table: Table::default(),
            is_durable,
            now: "2026-03-02T00:00:00Z".parse().unwrap(),
            owner: BTreeMap::new(),
            told: BTreeSet::new(),
            queue: BTreeSet::new(),
            suppressed_by: BTreeMap::new(),
            acknowledged: BTreeSet::new(),
        }
    }

    fn run(&mut self, step: Step) {
        // A second more than the minutes, so that no two deliveries have one time.
        self.now += SignedDuration::from_secs(step.minutes * 60 + 1);
        let from = self.next[step.partition];
        let to = (from + step.size).min(self.keys[step.partition].len());
        let batch: Vec<_> = (from..to).map(|at| (self.keys[step.partition][at], record(step.partition, at))).collect();
        let decided: Vec<_> = batch.iter().map(|(key, record)| (*record, self.decide(*key, *record))).collect();
        let alerts: Vec<_> = decided.iter().filter(|(_, owner)| owner.is_none()).map(|(record, _)| *record).collect();
        let written = match step.outcome {
            Outcome::Written | Outcome::Rewind(_) => alerts.len(),
            Outcome::FailsAfter(count) => count.min(alerts.len()),
            Outcome::Crash => 0,
        };
        self.queue.extend(&alerts[..written]);
        match step.outcome {
            Outcome::Crash if !self.is_durable => self.table = Table::default(),
            Outcome::Crash | Outcome::FailsAfter(_) => {}
            Outcome::Written | Outcome::Rewind(_) => {
                self.acknowledge(&decided);
                let back = if let Outcome::Rewind(back) = step.outcome { back } else { 0 };
                self.next[step.partition] = to.saturating_sub(back);
            }
        }
    }

    fn acknowledge(&mut self, decided: &[(RecordId, Option<RecordId>)]) {
        for (record, owner) in decided {
            self.acknowledged.insert(*record);
            match owner {
                Some(owner) => self.suppressed_by.insert(*record, *owner),
                None => self.suppressed_by.remove(record),
            };
        }
    }

    /// The record by which this one is suppressed, or none where it alerts.
    fn decide(&mut self, key: usize, record: RecordId) -> Option<RecordId> {
        let candidate = Candidate { record, enqueued_at: Some(self.now), value: None };
        let key_of_window = WindowKey::new("rule", &key.to_string());
        let (verdicts, _) = self.table.take(key_of_window, &[candidate], PERIOD, self.now);
        match verdicts[0] {
            Verdict::Alert { created_at, .. } => {
                if created_at == self.now {
                    self.owner.insert(key, record);
                }
                self.told.insert(record);
                None
            }
            Verdict::Suppressed | Verdict::Pending => Some(self.owner[&key]),
        }
    }

    /// The host goes on until everything is delivered and written.
    fn finish(&mut self) {
        for partition in 0..self.keys.len() {
            while self.next[partition] < self.keys[partition].len() {
                self.run(Step { partition, size: 3, minutes: 0, outcome: Outcome::Written });
            }
        }
    }

    /// Whether the alert that stands for a record has reached the queue: its own, or that of the record that
    /// suppressed it, or of the one that suppressed that one after a crash.
    fn is_told(&self, record: RecordId) -> bool {
        let mut at = record;
        for _ in 0..100 {
            if self.queue.contains(&at) {
                return true;
            }
            let Some(owner) = self.suppressed_by.get(&at) else { return false };
            at = *owner;
        }
        false
    }
}

fn record(partition: usize, at: usize) -> RecordId {
    RecordId::named(&format!("{partition}/{at}"))
}

proptest! {
    #![proptest_config(Config { cases: 2000, ..Config::default() })]

    #[test]
    fn an_alert_never_disappears_where_windows_outlive_the_process(
        keys in prop::collection::vec(prop::collection::vec(0usize..2, 1..12), 3),
        steps in prop::collection::vec(step(), 0..60),
    ) {
        let mut world = World::new(keys, true);

        steps.into_iter().for_each(|step| world.run(step));
        world.finish();

        prop_assert!(world.told.is_subset(&world.queue), "every alert that was ever made has reached the queue");
        for record in &world.acknowledged {
            prop_assert!(world.is_told(*record));
        }
    }

    #[test]
    fn every_match_is_told_by_an_alert_even_where_a_crash_forgets_the_windows(
        keys in prop::collection::vec(prop::collection::vec(0usize..2, 1..12), 3),
        steps in prop::collection::vec(step(), 0..60),
    ) {
        let mut world = World::new(keys, false);

        steps.into_iter().for_each(|step| world.run(step));
        world.finish();

        for record in &world.acknowledged {
            prop_assert!(world.is_told(*record));
        }
    }

    #[test]
    fn a_threshold_alerts_once_a_window_and_again_only_for_the_record_that_crossed_it(
        values in prop::collection::vec((0u8..12, any::<bool>()), 1..60),
        threshold in 2usize..6,
    ) {
        let period = Period { minutes: 60, threshold };
        let now: Timestamp = "2026-03-02T00:00:00Z".parse().unwrap();
        let mut state = State::new(now);
        let mut seen = std::collections::BTreeSet::new();
        let mut crossed = None;

        for (number, (value, comes_again)) in values.into_iter().enumerate() {
            let candidate = Candidate {
                record: RecordId::named(&number.to_string()),
                enqueued_at: None,
                value: Some(value.to_string()),
            };
            let verdict = state.take(std::slice::from_ref(&candidate), period, now)[0];
            seen.insert(value);
            let expected = match crossed {
                Some(_) => Verdict::Suppressed,
                None if seen.len() >= threshold => Verdict::Alert { created_at: now, is_present: true },
                None => Verdict::Pending,
            };
            prop_assert_eq!(verdict, expected);
            if matches!(expected, Verdict::Alert { .. }) {
                crossed = Some(number);
            }
            // The state survives a crash as its blob; the same record comes again.
            let blob = serde_json::to_vec(&state).unwrap();
            state = serde_json::from_slice(&blob).unwrap();
            if comes_again {
                let again = state.take(&[candidate], period, now)[0];
                prop_assert_eq!(matches!(again, Verdict::Alert { .. }), crossed == Some(number));
            }
        }
    }
}
