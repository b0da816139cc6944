//! Batches of events that stand for what a hub delivers.

use super::records::{Records, Sense};

/// The events of one batch, each as JSON.
pub type Batch = Vec<String>;

/// How many events a batch has, unless their number is what varies.
pub const BATCH_EVENTS: usize = 256;
/// How many events of the usual mix make a body of 10 MB.
const EVENTS_IN_10_MB: usize = 4_640;

/// Batches that are measured together.
pub struct Corpus {
    /// What they are, in a table.
    pub name: &'static str,
    /// The batches.
    pub batches: Vec<Batch>,
}

impl Corpus {
    /// 256 records a batch, one an event; one in a thousand matches, and as many have the wrong result.
    pub fn usual(batches: usize) -> Self {
        let mut records = Mix::new(1);
        Self { name: "usual mix, 256 x 1", batches: (0..batches).map(|_| records.take(BATCH_EVENTS)).collect() }
    }

    /// The same records, eight to an event, in the envelope of a diagnostic setting.
    pub fn envelopes(batches: usize) -> Self {
        let mut records = Mix::new(1);
        let mut batch = || (0..BATCH_EVENTS / 8).map(|_| envelope(&records.take(8))).collect();
        Self { name: "envelopes, 32 x 8", batches: (0..batches).map(|_| batch()).collect() }
    }

    /// Every record has the rule's operation; one in a batch matches.
    pub fn candidates(batches: usize) -> Self {
        let sense = |number| if number == 0 { Sense::Match } else { Sense::WrongResult };
        Self { name: "candidates, 256 x 1", batches: of_the_operation(batches, sense) }
    }

    /// The same, and every second record matches: over all vaults and callers of the estate, so that the alerts belong to
    /// many windows.
    pub fn half_matches(batches: usize) -> Self {
        let sense = |number| if number % 2 == 0 { Sense::Match } else { Sense::WrongResult };
        Self { name: "half match, 256 x 1", batches: of_the_operation(batches, sense) }
    }

    /// One body of 10 MB of the usual mix.
    pub fn large() -> Self {
        Self { name: "10 MB body", batches: vec![Mix::new(3).take(EVENTS_IN_10_MB)] }
    }
}

fn of_the_operation(batches: usize, sense: impl Fn(usize) -> Sense) -> Vec<Batch> {
    let mut records = Records::new(2);
    (0..batches).map(|_| (0..BATCH_EVENTS).map(|number| records.next(sense(number))).collect()).collect()
}

/// A batch of the usual mix.
pub fn of_events(events: usize) -> Batch {
    Mix::new(4).take(events)
}

/// A batch of events of about this size: small ones hold one record with little in it, large ones an envelope.
pub fn of_sized_events(events: usize, bytes: usize) -> Batch {
    let mut records = Mix::new(5);
    (0..events).map(|_| if bytes < 4_000 { small(bytes) } else { filled(&mut records, bytes) }).collect()
}

/// A batch of the usual mix in which this percentage of the records matches, spread evenly.
pub fn with_matches(events: usize, percent: usize) -> Batch {
    let mut records = Records::new(6);
    let is_match = |number: usize| (number + 1) * percent / 100 > number * percent / 100;
    (0..events).map(|number| records.next(if is_match(number) { Sense::Match } else { Sense::Other })).collect()
}

/// The usual mix, with the rare records at fixed places.
struct Mix {
    records: Records,
    number: usize,
}

impl Mix {
    fn new(seed: u64) -> Self {
        Self { records: Records::new(seed), number: 0 }
    }

    fn take(&mut self, count: usize) -> Batch {
        (0..count).map(|_| self.next()).collect()
    }

    fn next(&mut self) -> String {
        self.number += 1;
        let sense = match self.number % 1_000 {
            250 => Sense::Match,
            750 => Sense::WrongResult,
            number if number % 50 == 1 => Sense::NearMiss,
            _ => Sense::Other,
        };
        self.records.next(sense)
    }
}

fn envelope(records: &[String]) -> String {
    format!("{{\"records\":[{}]}}", records.join(","))
}

fn small(bytes: usize) -> String {
    let record =
        |id: &str| format!(r#"{{"operationName":"KeyGet","resultType":"Success","properties":{{"id":"{id}"}}}}"#);
    record(&"x".repeat(bytes.saturating_sub(record("").len())))
}

fn filled(records: &mut Mix, bytes: usize) -> String {
    let mut filled = Vec::new();
    let mut length = 0;
    while length < bytes {
        let record = records.next();
        length += record.len() + 1;
        filled.push(record);
    }
    envelope(&filled)
}
