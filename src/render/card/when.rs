//! Times as people read them, in UTC: a card is read in many time zones, and the logs are in this one. A client can show the
//! reader's own beside it.

use jiff::Timestamp;

/// A time with its day.
pub(super) const IN_FULL: &str = "%a %-d %b %Y, %H:%M:%S UTC";
/// A day.
pub(super) const DAY: &str = "%-d %b %Y";
/// A time of day.
pub(super) const CLOCK: &str = "%H:%M:%S UTC";

/// A time, if it can be read and has a year of four digits, which alone clients know.
pub(super) fn parsed(time: &str) -> Option<Timestamp> {
    let is_shown = |time: &Timestamp| (1..10_000).contains(&time.strftime("%Y").to_string().parse().unwrap_or(0));
    time.parse().ok().filter(is_shown)
}

/// A time in the one form that clients read in `{{DATE(…)}}` and `{{TIME(…)}}`: without fractions of a second.
pub(super) fn for_client(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

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
