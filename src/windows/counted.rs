//! What an alert of a rule with a threshold counts.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How many names an alert keeps of those that it counts, the first ones.
const MAX_NAMES: usize = 50;

/// How many distinct values there were, and the first of them; empty where a rule counts nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// How many there were.
    pub count: usize,
    /// The first of them, in the order of their times.
    pub names: Vec<Arc<str>>,
}

impl Counted {
    /// Whether nothing was counted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The distinct values, in the order of their times, of the interval shorter than `span` that holds `moment` and has the
    /// most of them; of several such intervals the earliest.
    pub(super) fn busiest<'v>(
        reads: impl Iterator<Item = (Timestamp, &'v Arc<str>)>,
        moment: Timestamp,
        span: SignedDuration,
    ) -> Self {
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
        let mut names: Vec<_> =
            reads.drain(busiest).map(|(_, value)| value).filter(|value| seen.insert(*value)).cloned().collect();
        let count = names.len();
        names.truncate(MAX_NAMES);
        Self { count, names }
    }

    /// About how many bytes the names take.
    pub(super) fn weight(&self) -> usize {
        self.names.iter().map(|name| 16 + name.len()).sum()
    }
}
