//! The busiest window around a moment.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::counted::{Names, Span};
use crate::private_key::Reads;

/// One read of a value: when, which, and what of it.
type Read<'v> = (Timestamp, &'v Arc<str>, Reads);

/// The distinct values of the interval shorter than `span` that holds `moment` and has the most of them, of several such
/// intervals the earliest; and its first and last read.
pub(super) fn busiest<'v>(
    reads: impl Iterator<Item = Read<'v>>,
    moment: Timestamp,
    span: SignedDuration,
) -> (Names, Option<Span>) {
    let mut reads: Vec<_> = reads.filter(|(time, ..)| time.duration_since(moment).abs() < span).collect();
    reads.sort_by_key(|(time, value, _)| (*time, *value));
    let mut counts: HashMap<&Arc<str>, usize> = HashMap::new();
    let (mut most, mut busiest, mut end) = (0, 0..0, 0);
    for (start, (from, first, _)) in reads.iter().enumerate().take_while(|(_, (from, ..))| *from <= moment) {
        while let Some((_, value, _)) = reads.get(end).filter(|(to, ..)| to.duration_since(*from) < span) {
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
    let mut names = Names::default();
    let mut times: Option<Span> = None;
    for (time, value, what) in reads.drain(busiest) {
        names.add(value, what);
        times = Some(times.map_or(Span::at(time), |times| times.with(time)));
    }
    (names, times)
}
