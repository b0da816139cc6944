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
    given: String,
    moment: Timestamp,
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

    /// The time as the record gives it.
    #[must_use]
    pub fn as_given(&self) -> &str {
        &self.given
    }

    /// The time as a moment.
    #[must_use]
    pub fn moment(&self) -> Timestamp {
        self.moment
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_time_that_azure_writes_is_read() {
        let cases = [
            ("2026-03-02T08:14:58.1200000Z", "2026-03-02T08:14:58.12Z"),
            ("2026-03-02T10:15:03.9000000+02:00", "2026-03-02T08:15:03.9Z"),
            ("2026-03-02T08:14:58", "2026-03-02T08:14:58Z"),
            ("2026-03-02T08:14:58.123456789Z", "2026-03-02T08:14:58.123456789Z"),
            ("1/9/2026 9:41:00 AM", "2026-01-09T09:41:00Z"),
            ("04/05/2026 07:54:00", "2026-04-05T07:54:00Z"),
        ];
        for (given, moment) in cases {
            assert_eq!(parse(given).unwrap().to_string(), moment, "{given}");
        }
        assert_eq!(parse("soon"), None);
    }
}
