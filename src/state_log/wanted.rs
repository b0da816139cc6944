//! What a round of batches wants to have in the log.

use std::collections::HashMap;

use jiff::Timestamp;

use super::line::Line;
use crate::windows::{Entry, Fold, Role, WindowKey};

/// The most that is appended at once, in bytes; the service takes 4 MiB.
const MAX_BLOCK_BYTES: usize = 2 << 20;

/// Entries, and which of them the log holds or need not hold.
#[derive(Debug, Default)]
pub struct Wanted {
    entries: Vec<(Role, Entry)>,
    is_done: Vec<bool>,
    /// Those in the block that was appended last.
    in_flight: Vec<usize>,
}

impl Wanted {
    /// Wants these entries, in their order.
    #[must_use]
    pub fn new(entries: Vec<(Role, Entry)>) -> Self {
        Self { is_done: vec![false; entries.len()], entries, in_flight: Vec::new() }
    }

    /// Whether the log holds, or need not hold, every entry, so that all verdicts are known.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.is_done.iter().all(|is_done| *is_done)
    }

    /// The next block to append: entries that may change something, none that another of the same block makes needless.
    pub(super) fn lines(&mut self, fold: &Fold) -> Vec<u8> {
        self.in_flight.clear();
        let mut block = Vec::new();
        let mut chosen: HashMap<(WindowKey, Option<&str>), Vec<Timestamp>> = HashMap::new();
        for (index, (role, entry)) in self.entries.iter().enumerate() {
            let Some(is_done) = self.is_done.get_mut(index).filter(|is_done| !**is_done) else { continue };
            if fold.settles(*role, entry) {
                *is_done = true;
                continue;
            }
            let value = entry.period.counts().then_some(&*entry.value);
            let times = chosen.entry((entry.key, value)).or_default();
            if *role == Role::Match && times.iter().any(|time| is_needless(entry, *time)) {
                continue;
            }
            if block.len() > MAX_BLOCK_BYTES {
                break;
            }
            times.push(entry.time);
            Line::of(*role, entry).append_to(&mut block);
            self.in_flight.push(index);
        }
        block
    }

    /// The block that was appended last is read: whatever the windows made of it, it need not be appended again.
    pub(super) fn finish_block(&mut self) {
        for index in self.in_flight.drain(..) {
            if let Some(is_done) = self.is_done.get_mut(index) {
                *is_done = true;
            }
        }
    }
}

/// Whether an entry may be left out for now, where another one of its key (and of its value, where values count) is in the
/// block with this time. It is looked at again when the block is read.
fn is_needless(entry: &Entry, time: Timestamp) -> bool {
    let after = entry.time.duration_since(time);
    let period = entry.period;
    if period.counts() { !after.is_negative() && after <= period.repeat() } else { after.abs() < period.window() }
}
