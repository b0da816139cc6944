//! Random numbers that are the same each time: splitmix64 from a fixed seed.

/// A source of numbers.
pub(crate) struct Dice(u64);

impl Dice {
    /// A source that begins at a seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub(crate) fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Leaves some numbers out.
    pub(crate) fn skip(&mut self, count: usize) {
        for _ in 0..count {
            self.roll();
        }
    }

    /// A number below a limit.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.roll() % limit.max(1)
    }

    /// A number from a range, both ends included.
    pub(crate) fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// One of several things.
    #[expect(clippy::indexing_slicing, reason = "the lists are constants, none is empty")]
    pub(crate) fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[usize::try_from(self.below(all.len() as u64)).unwrap_or(0)]
    }

    /// A GUID of version 4.
    pub(crate) fn guid(&mut self) -> String {
        let (a, b) = (self.roll(), self.roll());
        let (first, second, third) = (a >> 32, (a >> 16) & 0xffff, a & 0x0fff);
        let (fourth, last) = (0x8000 | ((b >> 48) & 0x3fff), b & 0xffff_ffff_ffff);
        format!("{first:08x}-{second:04x}-4{third:03x}-{fourth:04x}-{last:012x}")
    }
}

/// 32 hexadecimal digits that belong to a text.
pub(crate) fn fingerprint(text: &str) -> String {
    let mut dice = of(text);
    format!("{:016x}{:016x}", dice.roll(), dice.roll())
}

/// A GUID that belongs to a text.
pub(crate) fn guid_of(text: &str) -> String {
    of(text).guid()
}

/// Dice that belong to a text (FNV-1a).
fn of(text: &str) -> Dice {
    let hash = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    Dice::new(hash)
}
