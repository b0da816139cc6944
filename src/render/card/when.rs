//! Times as people read them, in UTC: a card is read in many time zones, and the logs are in this one.

use jiff::Timestamp;

/// A time with its day.
pub(super) const IN_FULL: &str = "%a %-d %b %Y, %H:%M:%S UTC";
/// A time of day.
pub(super) const CLOCK: &str = "%H:%M:%S UTC";

/// A time in one of these forms, if it can be read.
pub(super) fn shown(time: &str, form: &str) -> Option<String> {
    Some(time.parse::<Timestamp>().ok()?.strftime(form).to_string())
}

/// A time, or the first and the last of several; as the record gives it if it cannot be read.
pub(super) fn span(first: &str, last: &str) -> Option<String> {
    let Some(begin) = shown(first, IN_FULL) else {
        return Some(first.to_owned()).filter(|first| !first.trim().is_empty());
    };
    let Some(end) = shown(last, IN_FULL).filter(|end| *end != begin) else { return Some(begin) };
    match (begin.split_once(", "), end.split_once(", ")) {
        (Some((first_day, _)), Some((last_day, clock))) if first_day == last_day => Some(format!("{begin} to {clock}")),
        _ => Some(format!("{begin} to {end}")),
    }
}
