//! The time of a record, in any form that Azure writes.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::fmt::{rfc2822, strtime};
use jiff::tz::TimeZone;

use crate::decode::Record;
use crate::json::{Kind, Object, Value};

/// The fields that hold a record's time, the usual one first.
const FIELDS: &[&str] = &["time", "eventTimestamp", "timeStamp", "TimeGenerated", "submissionTimestamp"];
/// No real time is longer. A time is part of every alert uncut, and a longer text might not fit.
const MAX_BYTES: usize = 64;
/// The forms without a zone that some services and the portal write, once the comma is out; they mean UTC.
const US_FORMS: &[&str] = &["%m/%d/%Y %I:%M:%S%.f %p", "%m/%d/%Y %H:%M:%S%.f", "%m/%d/%Y %I:%M %p", "%m/%d/%Y %H:%M"];
/// The years that a time may be of: a number or a date that was meant otherwise is of another one nearly always.
const YEARS: std::ops::Range<i16> = 2000..2100;
/// How a number is read, by its size: as seconds, milliseconds, microseconds or nanoseconds, of which each is less than the
/// year 5138, and all are later than 1973.
const UNITS: &[(f64, f64)] = &[(1e11, 1e6), (1e14, 1e3), (1e17, 1.0), (1e20, 1e-3)];
/// The years 1965 to 2092 in .NET's ticks of a tenth of a microsecond since the year 1, which would be 1989 in nanoseconds.
const TICKS: std::ops::Range<f64> = 6.2e17..6.6e17;
/// How the ends of texts say that a time is in UTC.
const ZONES: &[&str] = &["[UTC]", "[Etc/UTC]", "(UTC)", "UTC", "utc", "GMT", " Z"];
/// 1970 in ticks.
const TICKS_OF_1970: f64 = 621_355_968_000_000_000.0;

/// A record's time: as it was written, and as a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordTime {
    /// The time as the record gives it.
    pub given: String,
    /// The time as a moment.
    pub moment: Timestamp,
}

impl RecordTime {
    /// Reads the time of a record; `None` if it has no readable time.
    #[must_use]
    pub fn of(record: &Record<'_>) -> Option<Self> {
        FIELDS.iter().find_map(|field| {
            let given = written(record.get(field)?).filter(|given| given.len() <= MAX_BYTES)?;
            Some(Self { moment: parse(given.trim())?, given: given.into_owned() })
        })
    }
}

/// The text of a time, which may be a number, or an object around it as PowerShell 5 writes.
fn written(value: Value<'_>) -> Option<Cow<'_, str>> {
    match value.kind() {
        Kind::Int | Kind::Float => Some(value.raw().into()),
        Kind::Object => Object::parse(value.raw()).ok()?.get("value")?.as_str(),
        _ => value.as_str().filter(|text| !text.trim().is_empty()),
    }
}

/// Reads RFC 3339, the same without a zone or with one after a blank, RFC 1123, the US forms, and seconds or a part of them
/// since 1970, also as `/Date(1767225600000)/`.
fn parse(text: &str) -> Option<Timestamp> {
    let civil = |text: &str| TimeZone::UTC.to_timestamp(text.parse::<DateTime>().ok()?).ok();
    let moment = |text: &str| {
        // What stands in brackets is the name of a zone, which a date alone would ignore.
        let text = Some(text).filter(|text| !text.contains('['))?;
        let of = |read: &dyn Fn(&str) -> Option<Timestamp>| read(text).filter(|moment| is_likely(*moment));
        of(&|text| text.parse().ok()).or_else(|| of(&since_1970)).or_else(|| of(&civil)).or_else(|| of(&in_us_form))
    };
    moment(text).or_else(|| {
        // Browsers put blanks that do not break before AM and PM.
        let text: String = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
        let text = nine_digits(&text);
        let zone = ZONES.iter().find_map(|zone| text.strip_suffix(zone));
        let joined = || {
            let (before, zone) = text.rsplit_once(' ')?;
            zone.starts_with(['+', '-']).then(|| format!("{before}{zone}"))
        };
        let dashed = || text.get(..4)?.parse::<u16>().ok().map(|_| text.replace('/', "-"));
        moment(&text)
            .or_else(|| moment(zone?.trim_end()))
            .or_else(|| moment(&joined()?))
            .or_else(|| moment(&dashed()?))
            .or_else(|| Some(rfc2822::parse(&text).ok()?.timestamp()))
    })
}

fn is_likely(moment: Timestamp) -> bool {
    YEARS.contains(&TimeZone::UTC.to_datetime(moment).year())
}

/// A fraction of a second with nine digits at the most, which is as exact as a moment is.
fn nine_digits(text: &str) -> Cow<'_, str> {
    let Some((before, after)) = text.split_once('.') else { return text.into() };
    let digits = after.bytes().take_while(u8::is_ascii_digit).count();
    match (after.get(..9), after.get(digits..)) {
        (Some(kept), Some(rest)) if digits > 9 => format!("{before}.{kept}{rest}").into(),
        _ => text.into(),
    }
}

/// The forms of the United States, with a year of two or four digits and an offset or none.
fn in_us_form(text: &str) -> Option<Timestamp> {
    let text = text.replace(',', "");
    let read = |form: &str| {
        let in_zone = || strtime::parse(format!("{form} %:z"), &text).ok()?.to_timestamp().ok();
        let in_utc = || TimeZone::UTC.to_timestamp(strtime::parse(form, &text).ok()?.to_datetime().ok()?).ok();
        in_utc().or_else(in_zone).filter(|moment| is_likely(*moment))
    };
    US_FORMS.iter().find_map(|form| read(form).or_else(|| read(&form.replace("%Y", "%y"))))
}

fn since_1970(text: &str) -> Option<Timestamp> {
    // Some writers escape the slashes twice.
    let bare = text.trim_matches(['\\', '/']);
    let digits = bare.strip_prefix("Date(").and_then(|rest| rest.split([')', '+', '-']).next());
    let number: f64 = digits.unwrap_or(bare).parse().ok()?;
    let microseconds = if TICKS.contains(&number) {
        (number - TICKS_OF_1970) / 10.0
    } else {
        let (_, microseconds) = UNITS.iter().find(|(end, _)| number > 1e8 && number < *end)?;
        number * microseconds
    };
    Timestamp::from_microsecond(microseconds.round() as i64).ok()
}
