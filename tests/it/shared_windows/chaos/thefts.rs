//! Thefts over all partitions at once, among many reads that are none.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};

use support::secret_read::secret_read;

/// How far the clock of the logs goes on from theft to theft: fast enough that the reads of seven hours, which is how long
/// they count, stay well below what all windows may take together. While a partition waits and nothing new is written, it
/// stands still, so that no read comes seven hours after the newest one, however long the storage is away.
const STEP: SignedDuration = SignedDuration::from_secs(72);
/// How many reads stand beside those of a theft.
const NOISE: u64 = 220;

/// How many events may wait in a partition before the next theft.
const MAX_WAITING: usize = 500;

/// A fixed sequence that looks random (xorshift).
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub(super) fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

/// What is read.
#[derive(Clone, Copy)]
enum Kind {
    Certificate,
    Secret,
}

/// One event of a partition.
#[derive(Debug, Clone)]
pub(super) struct Event {
    pub(super) sequence: u64,
    pub(super) hub: String,
    pub(super) reader: String,
    pub(super) body: String,
}

/// Events that wait in their partitions.
pub(super) struct Thefts {
    partitions: Vec<Mutex<(u64, Vec<Event>)>>,
    names: usize,
    thieves: Mutex<Vec<String>>,
    noise: AtomicU64,
    /// The clock of the logs, which begins so long ago that it never overtakes the machine's.
    clock: Mutex<Timestamp>,
}

impl Thefts {
    pub(super) fn new(partitions: usize, names: usize) -> Self {
        Self {
            partitions: (0..partitions).map(|_| Mutex::default()).collect(),
            names,
            thieves: Mutex::default(),
            noise: AtomicU64::new(0),
            clock: Mutex::new(Timestamp::now() - SignedDuration::from_hours(200)),
        }
    }

    /// Commits one theft after another, each over all partitions, until the end.
    pub(super) async fn commit(&self, end: Instant) {
        let mut dice = Dice::new(7);
        while Instant::now() + Duration::from_secs(5) < end {
            // No faster than they are read, or the end of the test would be all that is left to read.
            if self.partitions.iter().any(|partition| partition.lock().unwrap().1.len() > MAX_WAITING) {
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
            *self.clock.lock().unwrap() += STEP;
            let number = self.thieves.lock().unwrap().len();
            let thief = format!("thief-{number}");
            for name in 0..self.names {
                // Those of certificates are alerts of another rule, too, which join the incident.
                let kind = if name % 3 == 0 { Kind::Certificate } else { Kind::Secret };
                self.put(name % self.partitions.len(), &thief, kind, &format!("name-{name}"));
            }
            self.thieves.lock().unwrap().push(thief);
            for _ in 0..NOISE {
                // Somebody who stays below the threshold: at most twenty names.
                let read = self.noise.fetch_add(1, Ordering::Relaxed);
                let partition = dice.below(self.partitions.len() as u64) as usize;
                self.put(partition, &format!("job-{}", read / 20), Kind::Secret, &format!("{}-{read}", "n".repeat(60)));
            }
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
    }

    /// Takes what waits in a partition.
    pub(super) fn take(&self, partition: usize) -> Vec<Event> {
        std::mem::take(&mut self.partitions[partition].lock().unwrap().1)
    }

    pub(super) fn has_more(&self, partition: usize) -> bool {
        !self.partitions[partition].lock().unwrap().1.is_empty()
    }

    pub(super) fn thieves(&self) -> Vec<String> {
        self.thieves.lock().unwrap().clone()
    }

    pub(super) fn noise(&self) -> u64 {
        self.noise.load(Ordering::Relaxed)
    }

    fn put(&self, partition: usize, object_id: &str, kind: Kind, name: &str) {
        let now = *self.clock.lock().unwrap();
        let body = secret_read(object_id, name, &now.to_string());
        let body = match kind {
            Kind::Secret => body,
            Kind::Certificate => body.replace("SecretGet", "CertificateGet").replace("/secrets/", "/certificates/"),
        };
        let mut partition = self.partitions[partition].lock().unwrap();
        partition.0 += 1;
        let event = Event { sequence: partition.0, hub: now.to_string(), reader: object_id.to_owned(), body };
        partition.1.push(event);
    }
}
