//! The busiest interval around a moment.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

/// The distinct values, in the order of their times, of the interval shorter than `span` that holds `moment` and has the
/// most of them; of several such intervals the earliest.
pub(super) fn densest<'v>(
    reads: impl Iterator<Item = (Timestamp, &'v Arc<str>)>,
    moment: Timestamp,
    span: SignedDuration,
) -> Vec<Arc<str>> {
    let mut reads: Vec<_> = reads.filter(|(time, _)| time.duration_since(moment).abs() < span).collect();
    reads.sort();
    let mut counts: HashMap<&Arc<str>, usize> = HashMap::new();
    let (mut most, mut busiest, mut end) = (0, 0..0, 0);
    for (start, (from, first)) in reads.iter().enumerate().take_while(|(_, (from, _))| *from <= moment) {
        while let Some((_, value)) = reads.get(end).filter(|(to, _)| to.duration_since(*from) < span) {
            *counts.entry(value).or_default() += 1;
            end += 1;
        }
        if counts.len() > most {
            (most, busiest) = (counts.len(), start..end);
        }
        // The next interval begins after this read.
        match counts.get_mut(first) {
            Some(count) if *count > 1 => *count -= 1,
            _ => drop(counts.remove(first)),
        }
    }
    let mut seen = HashSet::new();
    reads.drain(busiest).map(|(_, value)| value).filter(|value| seen.insert(*value)).cloned().collect()
}
