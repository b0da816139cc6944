//! Times as Azure writes them: UTC, with seven digits after the second.

use jiff::{Timestamp, civil};

/// A moment, in steps of 100 nanoseconds since 1970.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(i64);

/// Steps in a second.
const STEPS: i64 = 10_000_000;

impl Moment {
    /// A time of a day, by the second.
    pub(crate) fn on(day: civil::Date, hour: i64, minute: i64, second: i64) -> Self {
        let days = day.since(civil::date(1970, 1, 1)).map_or(0, |span| i64::from(span.get_days()));
        Self((((days * 24 + hour) * 60 + minute) * 60 + second) * STEPS)
    }

    /// This moment and some milliseconds.
    pub(crate) fn plus_ms(self, milliseconds: u64) -> Self {
        Self(self.0 + i64::try_from(milliseconds).unwrap_or(0) * (STEPS / 1000))
    }

    /// This moment and some of the smallest steps.
    pub(crate) fn plus_steps(self, steps: u64) -> Self {
        Self(self.0 + i64::try_from(steps).unwrap_or(0))
    }

    /// Seconds since 1970.
    pub(crate) fn seconds(self) -> i64 {
        self.0 / STEPS
    }

    /// `2026-03-02T08:00:00.1234567Z`.
    pub(crate) fn text(self) -> String {
        self.format("%Y-%m-%dT%H:%M:%S%.7fZ")
    }

    /// The moment in a format of one's own.
    pub fn format(self, format: &str) -> String {
        Timestamp::from_nanosecond(i128::from(self.0) * 100)
            .map_or_else(|_| String::new(), |time| time.strftime(format).to_string())
    }
}
