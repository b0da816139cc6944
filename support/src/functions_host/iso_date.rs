//! The strings that Newtonsoft.Json silently takes for dates, and how they come out again.

use jiff::civil::{Date, DateTime, Time};
use jiff::{SignedDuration, Timestamp};

/// An ISO 8601 date and time that Newtonsoft's reader turns into a `DateTime`.
/// The stand-in's local time is UTC, as on every Functions plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IsoDate {
    local: DateTime,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Utc,
    Local,
    Unspecified,
}

impl IsoDate {
    /// Reads `yyyy-MM-ddTHH:mm:ss`, up to seven digits of fraction, and `Z`, an offset or nothing.
    /// Anything else stays a string (functions-host §1 "Dates").
    pub fn parse(text: &str) -> Option<Self> {
        let (date, rest) = text.split_once('T')?;
        let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
        let (clock, zone) = split_where(rest, |c| matches!(c, 'Z' | '+' | '-'));
        let (whole, fraction) = match clock.split_once('.') {
            Some((whole, digits)) => (whole, hundred_nanoseconds(digits)?),
            None => (clock, 0),
        };
        let [hour, minute, second] = numbers(whole, ':', [2, 2, 2])?;
        let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
        let [hour, minute, second] = [hour, minute, second].map(|part| i8::try_from(part).ok());
        let time = Time::new(hour?, minute?, second?, fraction * 100).ok()?;
        let written = date.to_datetime(time);
        let (kind, offset) = match zone {
            "" => (Kind::Unspecified, SignedDuration::ZERO),
            "Z" => (Kind::Utc, SignedDuration::ZERO),
            offset => (Kind::Local, offset_of(offset)?),
        };
        Some(Self { local: written.checked_sub(offset).ok()?, kind })
    }

    /// As Newtonsoft writes a `DateTime` into JSON: the fraction loses its trailing zeros.
    pub fn rewritten(self) -> String {
        let zone = match self.kind {
            Kind::Utc => "Z",
            Kind::Local => "+00:00",
            Kind::Unspecified => "",
        };
        format!("{}{zone}", sortable(self.local))
    }

    /// As `DateTime.ToString()` gives it under the invariant culture: whole seconds, no zone.
    pub fn invariant(self) -> String {
        self.local.strftime("%m/%d/%Y %H:%M:%S").to_string()
    }
}

/// A point in time as .NET prints a UTC `DateTime` without its zone: `2026-03-02T08:15:30.417`.
pub fn without_zone(time: Timestamp) -> String {
    sortable(in_utc(time))
}

/// A point in time in whole seconds: `2026-03-02T08:15:30`.
pub fn whole_seconds(time: Timestamp) -> String {
    in_utc(time).strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

/// A point in time as a civil date and time in UTC.
pub fn in_utc(time: Timestamp) -> DateTime {
    jiff::tz::Offset::UTC.to_datetime(time)
}

fn sortable(time: DateTime) -> String {
    let whole = time.strftime("%Y-%m-%dT%H:%M:%S");
    let fraction = format!("{:07}", time.subsec_nanosecond() / 100);
    match fraction.trim_end_matches('0') {
        "" => whole.to_string(),
        digits => format!("{whole}.{digits}"),
    }
}

fn split_where(text: &str, wanted: impl Fn(char) -> bool) -> (&str, &str) {
    text.find(wanted).and_then(|at| text.split_at_checked(at)).unwrap_or((text, ""))
}

fn numbers(text: &str, separator: char, widths: [usize; 3]) -> Option<[i16; 3]> {
    let mut parts = text.split(separator);
    let mut numbers = [0; 3];
    for (number, width) in numbers.iter_mut().zip(widths) {
        *number = digits(parts.next()?, width)?;
    }
    parts.next().is_none().then_some(numbers)
}

fn digits(text: &str, width: usize) -> Option<i16> {
    let plain = text.len() == width && text.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

fn hundred_nanoseconds(digits: &str) -> Option<i32> {
    let fits = (1..=7).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    fits.then(|| format!("{digits:0<7}").parse().ok()).flatten()
}

fn offset_of(text: &str) -> Option<SignedDuration> {
    let (sign, amount) = match text.split_at_checked(1)? {
        ("+", amount) => (1, amount),
        ("-", amount) => (-1, amount),
        _ => return None,
    };
    let (hours, minutes) = match amount.split_once(':') {
        Some((hours, minutes)) => (digits(hours, 2)?, digits(minutes, 2)?),
        None => match amount.split_at_checked(2)? {
            (hours, "") => (digits(hours, 2)?, 0),
            (hours, minutes) => (digits(hours, 2)?, digits(minutes, 2)?),
        },
    };
    let minutes = i64::from(hours) * 60 + i64::from(minutes);
    Some(SignedDuration::from_mins(sign * minutes))
}
