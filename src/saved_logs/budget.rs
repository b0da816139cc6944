//! How much may be unpacked: a small file must not cost hours.

use std::cell::Cell;
use std::io::{self, Read};

use super::unread::Unread;

/// What unpacks to less than this is never a bomb: it takes some seconds at the most.
pub(super) const MIN_BOMB_BYTES: u64 = 256 << 20;
/// How often the packed bytes unpacked ones may be. Logs that are packed well have a tenth to a fiftieth of their size;
/// deflate can pack a thousand times at the most.
pub(super) const MAX_RATIO: u64 = 250;

/// What was packed and what was unpacked of one input, over all of its layers.
#[derive(Debug, Default)]
pub(super) struct Budget {
    packed: Cell<u64>,
    unpacked: Cell<u64>,
}

impl Budget {
    /// A budget of so many packed bytes.
    pub(super) fn of(packed: u64) -> Self {
        Self { packed: Cell::new(packed), unpacked: Cell::default() }
    }

    /// Adds packed bytes.
    pub(super) fn earn(&self, bytes: u64) {
        self.packed.set(self.packed.get().saturating_add(bytes));
    }

    /// How much was unpacked.
    pub(super) fn unpacked(&self) -> u64 {
        self.unpacked.get()
    }

    /// Adds unpacked bytes.
    ///
    /// # Errors
    /// When they are a bomb's.
    pub(super) fn spend(&self, bytes: u64) -> Result<(), Unread> {
        let unpacked = self.unpacked.get().saturating_add(bytes);
        self.unpacked.set(unpacked);
        if self.is_spent() { Err(Unread::Bomb) } else { Ok(()) }
    }

    /// Whether what was unpacked is a bomb's.
    pub(super) fn is_spent(&self) -> bool {
        let unpacked = self.unpacked.get();
        unpacked > MIN_BOMB_BYTES && unpacked / MAX_RATIO > self.packed.get()
    }
}

/// A reader of unpacked bytes, which stops a bomb.
pub(super) struct Unpacked<'b, R> {
    pub(super) reader: R,
    pub(super) budget: &'b Budget,
}

impl<R: Read> Read for Unpacked<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.budget.spend(read as u64).map_err(io::Error::other)?;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_both_large_and_packed_beyond_any_log_is_a_bomb() {
        let is_bomb = |packed, unpacked| Budget::of(packed).spend(unpacked).is_err();

        assert!(!is_bomb(1, MIN_BOMB_BYTES), "small");
        assert!(is_bomb(1, MIN_BOMB_BYTES + 1));
        assert!(!is_bomb(MIN_BOMB_BYTES / 10, MIN_BOMB_BYTES * 8), "a log");
    }
}
