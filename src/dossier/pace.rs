//! How many reads there were in each hour, or in each day or more where hours would be too many.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use super::event::Event;
use super::step::Step;

/// How many bars a picture may have.
const MAX_BARS: i64 = 1_000;
/// Lengths of a bar in hours.
const LENGTHS: [i64; 5] = [1, 24, 168, 720, 8_760];

/// The reads of a period in bars of one length.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Pace {
    /// The length of a bar, in hours.
    pub hours: i64,
    /// The bars that are not empty.
    pub bars: Vec<Bar>,
}

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Bar {
    /// When it begins.
    pub from: Timestamp,
    /// Its number, from 0.
    pub number: i64,
    /// Reads.
    pub reads: u64,
    /// Refused calls.
    pub refused: u64,
}

impl Pace {
    pub(super) fn of(events: &[Event]) -> Self {
        let is_told = |event: &&Event| matches!(event.step, Step::Read | Step::Refused);
        let told = || events.iter().filter(is_told).filter_map(|event| Some((event.time?, event.step)));
        let hour = |time: Timestamp| time.as_second().div_euclid(3_600);
        let (Some(first), Some(last)) =
            (told().map(|(time, _)| hour(time)).min(), told().map(|(time, _)| hour(time)).max())
        else {
            return Self { hours: 1, bars: Vec::new() };
        };
        let hours = LENGTHS.into_iter().find(|hours| (last - first) / hours < MAX_BARS).unwrap_or(8_760);
        let first = first - first.rem_euclid(hours.min(24));
        let mut bars: BTreeMap<i64, (u64, u64)> = BTreeMap::new();
        for (time, step) in told() {
            let (reads, refused) = bars.entry((hour(time) - first) / hours).or_default();
            *if step == Step::Read { reads } else { refused } += 1;
        }
        let bar = |(number, (reads, refused)): (i64, (u64, u64))| {
            let from = Timestamp::from_second((first + number * hours) * 3_600).ok()?;
            Some(Bar { from, number, reads, refused })
        };
        Self { hours, bars: bars.into_iter().filter_map(bar).collect() }
    }
}
