//! The bounds of a period as people write them: a moment, a day, or how long ago.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};

/// Units of spans, in seconds.
const UNITS: [(char, i64); 5] = [('w', 604_800), ('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];

/// Which records count: from a moment on, and before another one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TimeBounds {
    /// The first moment.
    pub since: Option<Timestamp>,
    /// The first moment after the last one.
    pub until: Option<Timestamp>,
}

/// Which end of a period a text is about: a day stands for its first moment, or for all of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// The beginning.
    Since,
    /// The end.
    Until,
}

/// Why a text is no bound.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "not a time: write 2026-03-19T02:41:00Z, a day in UTC such as 2026-03-19, or how long ago, as in 90m, 12h or 7d"
)]
pub struct NoTime;

/// A period that ends before it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("--until is not after --since: nothing can be between them")]
pub struct EmptyPeriod;

impl TimeBounds {
    /// The period between bounds.
    ///
    /// # Errors
    /// [`EmptyPeriod`].
    pub fn between(since: Option<Timestamp>, until: Option<Timestamp>) -> Result<Self, EmptyPeriod> {
        if since.zip(until).is_some_and(|(since, until)| until <= since) {
            Err(EmptyPeriod)
        } else {
            Ok(Self { since, until })
        }
    }

    /// Whether a moment is between the bounds.
    #[must_use]
    pub fn hold(&self, moment: Timestamp) -> bool {
        self.meet(moment, moment)
    }

    /// Whether something that goes on from a moment to another one is at some time between the bounds.
    #[must_use]
    pub fn meet(&self, first: Timestamp, last: Timestamp) -> bool {
        !self.is_before(last) && self.until.is_none_or(|until| first < until)
    }

    /// Whether a moment is before the first one.
    #[must_use]
    pub fn is_before(&self, moment: Timestamp) -> bool {
        self.since.is_some_and(|since| moment < since)
    }
}

impl Bound {
    /// Reads RFC 3339, the same without a zone for UTC, a day in UTC, or a span before `now`.
    ///
    /// # Errors
    /// [`NoTime`] says what can be read.
    pub fn parse(self, text: &str, now: Timestamp) -> Result<Timestamp, NoTime> {
        let text = text.trim();
        let in_utc = |time: DateTime| TimeZone::UTC.to_timestamp(time).ok();
        let day = |text: &str| {
            let day: Date = Some(text).filter(|text| text.len() == "2026-03-19".len())?.parse().ok()?;
            let day = if self == Self::Until { day.checked_add(1.day()).ok()? } else { day };
            in_utc(day.at(0, 0, 0, 0))
        };
        let moment = day(text).or_else(|| text.parse().ok()).or_else(|| in_utc(text.parse().ok()?));
        moment.or_else(|| now.checked_sub(span(text)?).ok()).ok_or(NoTime)
    }
}

/// `90m`, `12h`, `7d`.
fn span(text: &str) -> Option<SignedDuration> {
    let (unit, seconds) = UNITS.into_iter().find(|(unit, _)| text.ends_with(*unit))?;
    let count = text.strip_suffix(unit).filter(|count| count.bytes().all(|byte| byte.is_ascii_digit()))?;
    Some(SignedDuration::from_secs(count.parse::<i64>().ok()?.checked_mul(seconds)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(bound: Bound, text: &str) -> Option<String> {
        let now = "2026-03-20T12:00:00Z".parse().unwrap();
        bound.parse(text, now).ok().map(|moment| moment.to_string())
    }

    #[test]
    fn a_bound_is_a_moment_a_day_or_how_long_ago() {
        for (text, since) in [
            ("2026-03-19T02:41:00Z", "2026-03-19T02:41:00Z"),
            ("2026-03-19T03:41:00+01:00", "2026-03-19T02:41:00Z"),
            ("2026-03-19T02:41", "2026-03-19T02:41:00Z"),
            ("2026-03-19", "2026-03-19T00:00:00Z"),
            ("7d", "2026-03-13T12:00:00Z"),
            ("12h", "2026-03-20T00:00:00Z"),
            ("90m", "2026-03-20T10:30:00Z"),
        ] {
            assert_eq!(at(Bound::Since, text).as_deref(), Some(since), "{text}");
        }
    }

    #[test]
    fn until_a_day_means_all_of_that_day() {
        assert_eq!(at(Bound::Until, "2026-03-19").unwrap(), "2026-03-20T00:00:00Z");
        assert_eq!(at(Bound::Until, "2026-03-19T00:00:00Z").unwrap(), "2026-03-19T00:00:00Z");
    }

    #[test]
    fn anything_else_is_refused_and_nothing_overflows() {
        for text in
            ["", "yesterday", "d", "-7d", "+7d", "7 d", "99999999999999999999d", "9223372036854775807w", "9999999999d"]
        {
            assert_eq!(at(Bound::Since, text), None, "{text}");
        }
    }
}
