//! Times as people read them, in UTC: a card is read in many time zones, and the logs are in this one.

use jiff::Timestamp;

use super::notice::Notice;

/// When the matches were made: one time, or the first and the last; as the record gave them where they are no times.
pub(super) fn matched(notice: &Notice) -> Option<String> {
    let (first, last) = (notice.first_time.as_str(), notice.last_time.as_str());
    if first.is_empty() {
        return None;
    }
    let (Some(from), Some(until)) = (parsed(first), parsed(last)) else {
        return Some(parsed(first).map_or_else(|| first.to_owned(), full));
    };
    let (begin, end) = (full(from), full(until));
    if begin == end {
        return Some(begin);
    }
    let same_day = day(from) == day(until);
    let end = if same_day { clock(until) } else { end };
    let begin = if same_day { format!("{}, {}", day(from), clock(from)) } else { begin };
    Some(format!("{begin} to {end}"))
}

/// The time of day of the first match, for the top of the card.
pub(super) fn first_clock(notice: &Notice) -> Option<String> {
    parsed(&notice.first_time).map(clock)
}

/// When the alert was made.
pub(super) fn created(notice: &Notice) -> Option<String> {
    parsed(&notice.created_at).map(full)
}

fn parsed(time: &str) -> Option<Timestamp> {
    time.parse().ok()
}

fn day(time: Timestamp) -> String {
    time.strftime("%a %-d %b %Y").to_string()
}

fn clock(time: Timestamp) -> String {
    time.strftime("%H:%M:%S UTC").to_string()
}

fn full(time: Timestamp) -> String {
    format!("{}, {}", day(time), clock(time))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_time_a_span_of_a_day_and_a_span_of_days_read_as_people_write_them() {
        let cases = [
            ("2026-03-02T08:14:58.12Z", "2026-03-02T08:14:58.9Z", "Mon 2 Mar 2026, 08:14:58 UTC"),
            ("2026-03-02T10:14:58+02:00", "2026-03-02T08:40:00Z", "Mon 2 Mar 2026, 08:14:58 UTC to 08:40:00 UTC"),
            (
                "2026-03-02T23:59:00Z",
                "2026-03-03T00:01:00Z",
                "Mon 2 Mar 2026, 23:59:00 UTC to Tue 3 Mar 2026, 00:01:00 UTC",
            ),
            ("last night", "", "last night"),
            ("2026-03-02T08:14:58Z", "", "Mon 2 Mar 2026, 08:14:58 UTC"),
        ];
        for (first, last, expected) in cases {
            let notice = Notice { first_time: first.to_owned(), last_time: last.to_owned(), ..Notice::default() };
            assert_eq!(matched(&notice).as_deref(), Some(expected));
        }
        assert_eq!(matched(&Notice::default()), None);
    }
}
