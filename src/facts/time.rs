//! The time of a record, in any form that Azure writes.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::fmt::strtime;
use jiff::tz::TimeZone;

use crate::decode::Record;

/// The fields that hold a record's time, the usual one first.
const FIELDS: &[&str] = &["time", "eventTimestamp", "timeStamp", "TimeGenerated"];
/// No real time is longer. A time is part of every alert uncut, and a longer text might not fit.
const MAX_BYTES: usize = 64;
/// The forms without a zone that some services write; they mean UTC.
const US_FORMS: &[&str] = &["%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %H:%M:%S"];

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
        let given = FIELDS.iter().find_map(|field| record.get(field)?.as_str())?;
        if given.len() > MAX_BYTES {
            return None;
        }
        Some(Self { moment: parse(given.trim())?, given: given.into_owned() })
    }
}

/// Reads RFC 3339 with any number of fraction digits, the same without a zone, and the US forms.
fn parse(text: &str) -> Option<Timestamp> {
    let utc = |civil: DateTime| TimeZone::UTC.to_timestamp(civil).ok();
    text.parse::<Timestamp>()
        .ok()
        .or_else(|| utc(text.parse::<DateTime>().ok()?))
        .or_else(|| US_FORMS.iter().find_map(|form| utc(strtime::parse(form, text).ok()?.to_datetime().ok()?)))
}
