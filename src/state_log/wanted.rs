//! What a round of batches wants to have in the log.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

use super::line::Line;
use crate::private_key::Reads;
use crate::windows::{Entry, Fold, Role, WindowKey};

/// About the most that is appended at once, in bytes; the service takes 4 MiB.
const MAX_BLOCK_BYTES: usize = 2 << 20;

/// Entries, and which of them the log holds or need not hold.
#[derive(Debug, Default)]
pub struct Wanted {
    entries: Vec<(Role, Entry, State)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// It has to be looked at again.
    Open,
    /// It is in the block that was appended last.
    InFlight,
    /// The log holds it, or need not hold it.
    Done,
}

impl Wanted {
    /// Wants these entries, in their order.
    #[must_use]
    pub fn new(entries: Vec<(Role, Entry)>) -> Self {
        Self { entries: entries.into_iter().map(|(role, entry)| (role, entry, State::Open)).collect() }
    }

    /// Whether the log holds, or need not hold, every entry, so that all verdicts are known.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.entries.iter().all(|(_, _, state)| *state == State::Done)
    }

    /// The next block to append: entries that may change something, but none that another one of the block may make
    /// unnecessary.
    pub(super) fn lines(&mut self, fold: &Fold) -> Vec<u8> {
        let mut block = Vec::new();
        let mut chosen: HashMap<Alike<'_>, Vec<Timestamp>> = HashMap::new();
        for (role, entry, state) in self.entries.iter_mut().filter(|(_, _, state)| *state != State::Done) {
            let entry = &*entry;
            let value = (entry.period.counts() || entry.learns).then_some((&*entry.value, entry.reads));
            let times = chosen.entry((entry.key, *role == Role::Refused, value)).or_default();
            *state = if fold.settles(*role, entry) {
                State::Done
            } else if block.len() > MAX_BLOCK_BYTES
                || (matches!(role, Role::Match | Role::Refused) && times.iter().any(|time| may_cover(*time, entry)))
            {
                State::Open
            } else {
                times.push(entry.time);
                Line::of(*role, entry).append_to(&mut block);
                State::InFlight
            };
        }
        block
    }

    /// The block that was appended last is read: whatever the windows made of it, it need not be appended again.
    pub(super) fn finish_block(&mut self) {
        for (_, _, state) in self.entries.iter_mut().filter(|(_, _, state)| *state == State::InFlight) {
            *state = State::Done;
        }
    }
}

/// What entries have in common of which one may settle another: the key, whether they are refused, and what they count.
type Alike<'e> = (WindowKey, bool, Option<(&'e str, Reads)>);

/// Whether an entry of this time may settle another one of its key (and of its value, where values count), so that the other
/// one is left out of the block, and looked at again when the block is read.
fn may_cover(time: Timestamp, entry: &Entry) -> bool {
    let after = entry.time.duration_since(time);
    let period = entry.period;
    match entry.learns {
        true => after.abs() < SignedDuration::from_hours(24),
        false if period.counts() => !after.is_negative() && after <= period.repeat(),
        false => after.abs() < period.window(),
    }
}
