//! The time of a record, in any form that Azure writes.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::fmt::strtime;
use jiff::tz::TimeZone;

use crate::decode::Record;
use crate::json::{Kind, Value};

/// The fields that hold a record's time, the usual one first.
const FIELDS: &[&str] = &["time", "eventTimestamp", "timeStamp", "TimeGenerated"];
/// No real time is longer. A time is part of every alert uncut, and a longer text might not fit.
const MAX_BYTES: usize = 64;
/// The forms without a zone that some services and the portal write, once the comma is out; they mean UTC.
const US_FORMS: &[&str] = &["%m/%d/%Y %I:%M:%S%.f %p", "%m/%d/%Y %H:%M:%S%.f"];
/// How a number is read, by its size: as seconds, milliseconds, microseconds or nanoseconds, of which each is less than the
/// year 5138, and all are later than 1973.
const UNITS: &[(f64, f64)] = &[(1e11, 1e6), (1e14, 1e3), (1e17, 1.0), (1e20, 1e-3)];

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
        let given = FIELDS.iter().find_map(|field| written(record.get(field)?))?;
        if given.len() > MAX_BYTES {
            return None;
        }
        Some(Self { moment: parse(given.trim())?, given: given.into_owned() })
    }
}

/// The text of a time, which may be a number.
fn written(value: Value<'_>) -> Option<Cow<'_, str>> {
    match value.kind() {
        Kind::Int | Kind::Float => Some(value.raw().into()),
        _ => value.as_str().filter(|text| !text.trim().is_empty()),
    }
}

/// Reads RFC 3339 with any number of fraction digits, the same without a zone or with one after a blank, the US forms, and
/// seconds or a part of them since 1970, also as `/Date(1767225600000)/`.
fn parse(text: &str) -> Option<Timestamp> {
    let utc = |civil: DateTime| TimeZone::UTC.to_timestamp(civil).ok();
    let in_us_form = |text: &str| {
        let text = text.replace(',', "");
        US_FORMS.iter().find_map(|form| utc(strtime::parse(form, &text).ok()?.to_datetime().ok()?))
    };
    let moment = |text: &str| {
        let whole = text.parse::<Timestamp>().ok().or_else(|| since_1970(text));
        whole.or_else(|| utc(text.parse::<DateTime>().ok()?)).or_else(|| in_us_form(text))
    };
    moment(text).or_else(|| {
        let zone = ["[UTC]", "UTC", "+00:00", "GMT"].iter().find_map(|zone| text.strip_suffix(zone));
        moment(zone?.trim_end())
    })
}

fn since_1970(text: &str) -> Option<Timestamp> {
    // Some writers escape the slashes twice.
    let bare = text.trim_matches(['\\', '/']);
    let digits = bare.strip_prefix("Date(").and_then(|rest| rest.split([')', '+']).next());
    let number: f64 = digits.unwrap_or(bare).parse().ok()?;
    let (_, microseconds) = UNITS.iter().find(|(end, _)| number > 1e8 && number < *end)?;
    Timestamp::from_microsecond((number * microseconds).round() as i64).ok()
}
