//! Instances that take batches of partitions, crash, and share a store.

use certificate_accessed::detector::in_order;

use super::*;

/// How many instances there are.
const INSTANCES: usize = 3;

/// What happens next.
#[derive(Debug, Clone, Copy)]
pub(super) enum Step {
    /// An idle instance is given the next reads of a partition.
    Deliver { instance: usize, partition: usize, size: usize },
    /// An instance asks the store something.
    Ask { instance: usize, fate: Fate },
    /// A request that was on its way arrives.
    Arrive,
    /// An instance ends, and another one begins in its place; its batch will come again.
    Restart { instance: usize },
    /// The outputs of the next answer are lost, and its batch will come again.
    LoseOutputs { instance: usize },
    /// Somebody appends what is no line.
    Spoil { what: usize },
}

pub(super) fn step() -> impl Strategy<Value = Step> {
    let fate = prop_oneof![
        12 => Just(Fate::Done),
        1 => Just(Fate::AnswerLost),
        1 => Just(Fate::Lost),
        1 => Just(Fate::Late),
        1 => Just(Fate::Twice),
    ];
    prop_oneof![
        6 => (0..INSTANCES, 0usize..3, 1usize..5)
            .prop_map(|(instance, partition, size)| Step::Deliver { instance, partition, size }),
        20 => (0..INSTANCES, fate).prop_map(|(instance, fate)| Step::Ask { instance, fate }),
        2 => Just(Step::Arrive),
        1 => (0..INSTANCES).prop_map(|instance| Step::Restart { instance }),
        1 => (0..INSTANCES).prop_map(|instance| Step::LoseOutputs { instance }),
        1 => (0usize..4).prop_map(|what| Step::Spoil { what }),
    ]
}

/// A batch under way: which partition's reads, from where.
#[derive(Debug)]
struct Batch {
    partition: usize,
    reads: usize,
    entries: Vec<(Role, Entry)>,
    wanted: Wanted,
    loses_outputs: bool,
}

#[derive(Debug)]
struct Instance {
    log: StateLog,
    batch: Option<Batch>,
    period: Period,
    /// How far its clock is ahead.
    ahead: SignedDuration,
}

/// All of it.
pub(super) struct World {
    partitions: Vec<Vec<Read>>,
    /// How many reads of each partition are done for good.
    acknowledged: Vec<usize>,
    instances: Vec<Instance>,
    store: Store,
    steps: i64,
    /// What reached the queue.
    pub(super) told: Told,
}

fn limits() -> Limits {
    Limits { bytes: 2500, blocks: 7, age: SignedDuration::from_hours(24) }
}

impl World {
    pub(super) fn new(partitions: Vec<Vec<Read>>, periods: &[Period]) -> Self {
        let instance = |number: usize| Instance {
            log: StateLog::new(limits()),
            batch: None,
            period: periods[number % periods.len()],
            ahead: SignedDuration::from_mins(i64::try_from(number).unwrap() * 17),
        };
        Self {
            acknowledged: vec![0; partitions.len()],
            partitions,
            instances: (0..INSTANCES).map(instance).collect(),
            store: Store::default(),
            steps: 0,
            told: Told::new(),
        }
    }

    /// All reads, as entries.
    pub(super) fn entries(&self, period: Period) -> Vec<Entry> {
        let of = |(partition, reads): (usize, &Vec<Read>)| {
            let of = |(number, read): (usize, &Read)| entries_of(*read, partition, number, period);
            reads.iter().enumerate().flat_map(of).map(|(_, entry)| entry).collect::<Vec<_>>()
        };
        self.partitions.iter().enumerate().flat_map(of).collect()
    }

    pub(super) fn run(&mut self, step: Step) {
        self.steps += 1;
        match step {
            Step::Deliver { instance, partition, size } => self.deliver(instance, partition, size),
            Step::Ask { instance, fate } => self.ask(instance, fate),
            Step::Arrive => self.store.catch_up(),
            Step::Restart { instance } => {
                let instance = &mut self.instances[instance];
                instance.log = StateLog::new(limits());
                instance.batch = None;
            }
            Step::LoseOutputs { instance } => {
                if let Some(batch) = &mut self.instances[instance].batch {
                    batch.loses_outputs = true;
                }
            }
            Step::Spoil { what } => {
                let what: &[u8] = [b"\xFF\xFE no line".as_slice(), b"{\"kind\":\"later\"}\n", b"{", b"\n\n"][what];
                self.store.spoil(what);
            }
        }
    }

    /// Everything is delivered, and nothing is lost any more.
    pub(super) fn finish(&mut self) {
        for round in 0.. {
            assert!(round < 2000, "it comes to an end");
            if (0..self.partitions.len())
                .all(|partition| self.acknowledged[partition] == self.partitions[partition].len())
            {
                return;
            }
            for number in 0..INSTANCES {
                self.deliver(number, (number + round) % self.partitions.len(), 3);
                self.ask(number, Fate::Done);
            }
        }
    }

    fn deliver(&mut self, number: usize, partition: usize, size: usize) {
        let is_taken =
            self.instances.iter().any(|other| other.batch.as_ref().is_some_and(|batch| batch.partition == partition));
        let first = self.acknowledged[partition];
        let reads = &self.partitions[partition];
        let instance = &mut self.instances[number];
        if is_taken || instance.batch.is_some() || first == reads.len() {
            return;
        }
        let last = (first + size).min(reads.len());
        let entries: Vec<_> =
            (first..last).flat_map(|at| entries_of(reads[at], partition, at, instance.period)).collect();
        // One instance posts no card of the dump, so it may keep none back.
        let entries: Vec<_> = entries
            .into_iter()
            .map(|(role, entry)| {
                (
                    role,
                    Entry {
                        joins: entry.joins.map(|joins| Joins { may_have_no_card: number > 0, ..joins }),
                        has_card: number > 0,
                        ..entry
                    },
                )
            })
            .collect();
        let wanted = Wanted::new(in_order(&entries).cloned().collect());
        instance.batch = Some(Batch { partition, reads: last - first, entries, wanted, loses_outputs: false });
    }

    fn ask(&mut self, number: usize, fate: Fate) {
        let now = minutes_in(self.steps) + self.instances[number].ahead;
        let instance = &mut self.instances[number];
        let Some(batch) = &mut instance.batch else { return };
        if let Some(action) = instance.log.next(&mut batch.wanted, now) {
            let answer = self.store.ask(&action, fate);
            instance.log.take(action, answer, &mut batch.wanted).unwrap();
            return;
        }
        let Some(batch) = instance.batch.take() else { return };
        for (_, entry) in &batch.entries {
            let verdict = instance.log.fold().verdict(entry);
            let Verdict::Alert { created_at, due } = verdict else { continue };
            let Due { counted, incident, has_no_card, novelty, .. } = due;
            assert_eq!(created_at, entry.hub);
            if batch.loses_outputs {
                continue;
            }
            let alert = Alert { time: entry.time, counted, incident, has_no_card, novelty };
            let known = self.told.insert((entry.key, entry.record), alert.clone());
            let said = |alert: &Alert| Alert { has_no_card: false, ..alert.clone() };
            assert!(known.is_none_or(|known| said(&known) == said(&alert)), "an alert once sent never changes");
        }
        if !batch.loses_outputs {
            self.acknowledged[batch.partition] += batch.reads;
        }
    }
}
