//! The order of a replay's records, and those that stand in the files more than once, as in exports that overlap: each counts
//! once, and keeps all its places.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};

use super::again::{Again, Report};
use super::matches::Matches;

/// Records in the order of their times, each once.
#[derive(Default)]
pub(super) struct Order {
    /// Their numbers; of one time in the order of the inputs.
    pub(super) numbers: Vec<u32>,
    /// The numbers of the copies of a record.
    pub(super) copies: HashMap<u32, Vec<u32>>,
}

impl Order {
    /// Puts records into order, and leaves out what is equal to another but for white space.
    pub(super) fn of(matches: &Matches, report: Report<'_>) -> Self {
        let mut numbers: Vec<u32> = (0..matches.briefs.len() as u32).collect();
        numbers.sort_unstable_by_key(|number| (matches.record(*number).0.time_ns(), *number));
        let mut order = Self::default();
        let mut finder = Finder { matches, again: Again::new(matches), hasher: RandomState::new(), report };
        let time = |number: &u32| matches.record(*number).0.time_ns();
        for of_time in numbers.chunk_by(|one, other| time(one) == time(other)).filter(|of_time| of_time.len() > 1) {
            let timed = of_time.iter().copied().filter(|number| !matches.is_timeless(*number));
            finder.find(&timed.collect::<Vec<_>>(), &mut order.copies);
        }
        // Wherever these stand, their own times say nothing.
        finder.find(&matches.timeless, &mut order.copies);
        if !order.copies.is_empty() {
            let mut copies: Vec<_> = order.copies.values().flatten().copied().collect();
            copies.sort_unstable();
            numbers.retain(|number| copies.binary_search(number).is_err());
        }
        order.numbers = numbers;
        order
    }

    /// How many copies there are, and of how many matches.
    pub(super) fn left_out(&self, matches: &Matches) -> (u64, u64) {
        let copies = || self.copies.values().flatten();
        (copies().count() as u64, copies().map(|copy| matches.record(*copy).1.findings.len() as u64).sum())
    }
}

/// Finds equal records among some.
struct Finder<'m, 'r> {
    matches: &'m Matches,
    again: Again<'m>,
    hasher: RandomState,
    report: Report<'r>,
}

impl Finder<'_, '_> {
    /// Finds the copies among records, whose numbers are in order: only those of one kind can be equal.
    fn find(&mut self, numbers: &[u32], copies: &mut HashMap<u32, Vec<u32>>) {
        let mut by_kind: Vec<_> = numbers.iter().map(|number| (self.matches.record(*number).0.kind, *number)).collect();
        by_kind.sort_unstable();
        for alike in by_kind.chunk_by(|(one, _), (other, _)| one == other).filter(|alike| alike.len() > 1) {
            let is_refused = |number| self.matches.record(number).1.is_refused;
            if alike.first().is_none_or(|(_, number)| is_refused(*number)) {
                continue;
            }
            let mut firsts: HashMap<u64, u32> = HashMap::new();
            for (_, number) in alike {
                let Some(text) = self.text(*number) else { continue };
                let first = *firsts.entry(self.hasher.hash_one(&text)).or_insert(*number);
                if first != *number && self.text(first).is_some_and(|known| known == text) {
                    copies.entry(first).or_default().push(*number);
                }
            }
        }
    }

    /// The text of a record without white space between its tokens.
    fn text(&mut self, number: u32) -> Option<String> {
        self.again.squeezed(number).map_err(|not_again| (self.report)(&not_again)).ok()
    }
}
