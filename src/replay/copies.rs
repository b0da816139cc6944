//! Records that stand in the files more than once, as in exports that overlap: each counts once, and keeps all its places.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::Arc;

use jiff::Timestamp;

use crate::alert::{Match, MatchedRecord};
use crate::source::Place;

/// What is known of a record: who made the call, when, and how long the record is.
type Known = (Arc<str>, Option<Timestamp>, usize);

/// A record with the number of its first match.
type First = (Arc<MatchedRecord>, usize);

/// Records of which the same is known: nearly always one. Where there are more, they are told apart by a hash of their text.
#[derive(Clone)]
struct Alike {
    first: First,
    by_hash: HashMap<u64, First>,
}

/// The records seen so far, by their content without white space.
#[derive(Clone, Default)]
pub(super) struct Copies {
    /// Records with the numbers of their first matches, by what is known of them already: nearly every one has its own time.
    seen: HashMap<Known, Alike>,
    hasher: RandomState,
    /// The other places of records, by the number of their first match.
    places: HashMap<usize, Vec<Place>>,
    /// The record that was asked for last, and whether it was a copy: its matches come one after another.
    last: Option<(Arc<MatchedRecord>, bool)>,
    /// How many copies there are.
    pub(super) count: u64,
}

impl Copies {
    /// Whether the record of a match was seen before, at another place; `number` is the match's own if it was not.
    pub(super) fn is_copy(&mut self, record: &Arc<MatchedRecord>, number: usize) -> bool {
        if let Some((last, is_copy)) = &self.last
            && Arc::ptr_eq(last, record)
        {
            return *is_copy;
        }
        let time = record.time.as_ref().map(|time| time.moment);
        let known = (Arc::clone(&record.identity_key), time, record.squeezed_bytes);
        let first = match self.seen.entry(known) {
            Entry::Occupied(mut alike) => alike.get_mut().find_or_add(record, number, &self.hasher),
            Entry::Vacant(new) => {
                new.insert(Alike { first: (Arc::clone(record), number), by_hash: HashMap::new() });
                None
            }
        };
        if let Some(first) = first {
            self.count += 1;
            self.places.entry(first).or_default().push(record.source.place.clone());
        }
        let is_copy = first.is_some();
        self.last = Some((Arc::clone(record), is_copy));
        is_copy
    }

    /// Gives records that have copies all their places, and forgets the records.
    pub(super) fn mark(&mut self, matches: &mut [(Timestamp, Match)]) {
        self.seen.clear();
        self.last = None;
        for (first, also_at) in self.places.drain() {
            let matches = matches.get_mut(first..).unwrap_or_default();
            let Some(record) = matches.first().map(|(_, found)| Arc::clone(&found.record)) else { continue };
            let mut marked = (*record).clone();
            marked.source.also_at = also_at;
            let marked = Arc::new(marked);
            let of_record = matches.iter_mut().take_while(|(_, found)| Arc::ptr_eq(&found.record, &record));
            of_record.for_each(|(_, found)| found.record = Arc::clone(&marked));
        }
    }
}

impl Alike {
    /// The number of the first match of an equal record; if there is none, this one is kept.
    fn find_or_add(&mut self, record: &Arc<MatchedRecord>, number: usize, hasher: &RandomState) -> Option<usize> {
        if self.by_hash.is_empty() {
            self.by_hash.insert(hasher.hash_one(self.first.0.squeezed().get()), self.first.clone());
        }
        match self.by_hash.entry(hasher.hash_one(record.squeezed().get())) {
            Entry::Vacant(new) => {
                new.insert((Arc::clone(record), number));
                None
            }
            Entry::Occupied(known) => {
                let (known, first) = known.get();
                (known.squeezed().get() == record.squeezed().get()).then_some(*first)
            }
        }
    }
}
