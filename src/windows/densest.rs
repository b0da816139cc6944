//! The busiest interval around a moment.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

/// The distinct values of that interval shorter than `span` which holds `moment` and the most of them, in the order of
/// their times; of several the earliest.
pub(super) fn densest(
    reads: impl Iterator<Item = (Timestamp, Arc<str>)>,
    moment: Timestamp,
    span: SignedDuration,
) -> Vec<Arc<str>> {
    let mut reads: Vec<_> = reads.filter(|(time, _)| time.duration_since(moment).abs() < span).collect();
    reads.sort();
    let mut interval = Interval::default();
    let mut best = (0, 0, 0);
    let mut end = 0;
    for (start, (from, value)) in reads.iter().enumerate() {
        if *from > moment {
            break;
        }
        while let Some((to, value)) = reads.get(end).filter(|(to, _)| to.duration_since(*from) < span) {
            debug_assert!(to >= from, "sorted");
            interval.add(value);
            end += 1;
        }
        if interval.distinct() > best.0 {
            best = (interval.distinct(), start, end);
        }
        interval.remove(value);
    }
    let mut values: Vec<Arc<str>> = Vec::with_capacity(best.0);
    let mut seen = std::collections::HashSet::new();
    for (_, value) in reads.get(best.1..best.2).unwrap_or_default() {
        if seen.insert(value) {
            values.push(value.clone());
        }
    }
    values
}

/// How often each value stands in an interval.
#[derive(Default)]
struct Interval<'v>(std::collections::HashMap<&'v Arc<str>, usize>);

impl<'v> Interval<'v> {
    fn add(&mut self, value: &'v Arc<str>) {
        *self.0.entry(value).or_default() += 1;
    }

    fn remove(&mut self, value: &'v Arc<str>) {
        if let Some(count) = self.0.get_mut(value) {
            *count -= 1;
            if *count == 0 {
                self.0.remove(value);
            }
        }
    }

    fn distinct(&self) -> usize {
        self.0.len()
    }
}
