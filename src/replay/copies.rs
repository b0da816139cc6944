//! Records that stand in the files more than once, as in exports that overlap: each counts once, and keeps all its places.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;

use crate::alert::{Match, MatchedRecord};
use crate::source::Place;

/// What is known of a record: who made the call, when, and how long the record is.
type Known = (Arc<str>, Option<Timestamp>, usize);

/// How many records of one identity, time and length are compared with a new one.
const MAX_ALIKE: usize = 64;

/// The records seen so far, by their content without white space.
#[derive(Default)]
pub(super) struct Copies {
    /// Records with the numbers of their first matches, by what is known of them already: nearly every one has its own time.
    seen: HashMap<Known, Vec<(Arc<MatchedRecord>, usize)>>,
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
        let alike = self.seen.entry((Arc::clone(&record.identity_key), time, record.squeezed_bytes)).or_default();
        let first = alike.iter().find(|(known, _)| known.squeezed() == record.squeezed()).map(|(_, first)| *first);
        match first {
            Some(first) => {
                self.count += 1;
                self.places.entry(first).or_default().push(record.source.place.clone());
            }
            // Where so many are alike, another one counts for itself.
            None if alike.len() < MAX_ALIKE => alike.push((Arc::clone(record), number)),
            None => {}
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
