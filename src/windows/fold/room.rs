//! How much memory the windows take, and what is forgotten to make room.

use super::Fold;
use crate::windows::WindowKey;
use crate::windows::memory::Memory;

/// How much memory all windows may take, in bytes. Beyond it keys that have alerted are forgotten first, starting with
/// those that changed longest ago: a forgotten window alerts once more.
const MAX_WEIGHT: usize = 32 << 20;
/// How much of it is left then.
const KEPT_WEIGHT: usize = MAX_WEIGHT / 8 * 7;
/// What so many of the latest entries changed is forgotten last: a batch asks for its verdicts after all of it was taken.
const FRESH_ENTRIES: u64 = 20_000;

impl Fold {
    /// Whether the windows take nearly as much memory as they may, so that counts are forgotten for others.
    #[must_use]
    pub fn is_crowded(&self) -> bool {
        self.weight > KEPT_WEIGHT
    }

    /// Where the windows take too much memory, forgets until there is room again: the values of keys that have alerted, then
    /// those keys, then the others, of each those that changed longest ago. What changed a moment ago is spared as long as
    /// anything else is there.
    pub(super) fn make_room(&mut self) {
        if self.weight <= MAX_WEIGHT {
            return;
        }
        let fresh = self.entries.saturating_sub(FRESH_ENTRIES);
        let age = |(key, memory): (&WindowKey, &Memory)| {
            (memory.changed_by > fresh, memory.owners.is_empty(), memory.changed_by, *key)
        };
        let mut ages: Vec<_> = self.keys.iter().map(age).collect();
        ages.sort_unstable();
        for (.., key) in ages.iter().filter(|(is_fresh, has_no_owner, ..)| !is_fresh && !has_no_owner) {
            if self.weight <= KEPT_WEIGHT {
                return;
            }
            let values = self.keys.get_mut(key).map(|memory| std::mem::take(&mut memory.values));
            self.weight -= values.map_or(0, |values| values.weight);
        }
        for (.., key) in ages {
            if self.weight <= KEPT_WEIGHT {
                return;
            }
            self.weight -= self.keys.remove(&key).map_or(0, |memory| memory.weight());
        }
    }

    pub(super) fn weigh(&mut self) {
        self.weight = self.keys.values().map(Memory::weight).sum();
    }
}
