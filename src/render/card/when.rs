//! Times as people read them, in UTC: a card is read in many time zones, and the logs are in this one.

use jiff::Timestamp;

/// A time, or the first and the last of several; as the record gives it if it cannot be read.
pub(super) fn span(first: &str, last: &str) -> Option<String> {
    let Ok(from) = first.parse::<Timestamp>() else {
        return Some(first.to_owned()).filter(|first| !first.trim().is_empty());
    };
    let begin = in_full(from);
    let Ok(until) = last.parse::<Timestamp>() else { return Some(begin) };
    let end = in_full(until);
    if begin == end {
        return Some(begin);
    }
    let end = if day(from) == day(until) { clock(until) } else { end };
    Some(format!("{begin} to {end}"))
}

/// The day and the time of day, if the time can be read.
pub(super) fn moment(time: &str) -> Option<String> {
    time.parse().ok().map(in_full)
}

/// The time of day, if the time can be read.
pub(super) fn time_of_day(time: &str) -> Option<String> {
    time.parse().ok().map(clock)
}

fn in_full(time: Timestamp) -> String {
    format!("{}, {}", day(time), clock(time))
}

fn day(time: Timestamp) -> String {
    time.strftime("%a %-d %b %Y").to_string()
}

fn clock(time: Timestamp) -> String {
    time.strftime("%H:%M:%S UTC").to_string()
}
