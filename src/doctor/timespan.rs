//! Spans of time as .NET writes them.

/// Seconds of a day.
pub(super) const DAY: u64 = 24 * 60 * 60;

/// Reads `[d.]hh:mm:ss`, with or without parts of a second. Other forms mean something else to the host, or nothing: it
/// takes `5` and `24:00:00` for days.
pub(super) fn seconds(text: &str) -> Option<u64> {
    let number =
        |text: &str| if text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse::<u64>().ok() } else { None };
    let (before, clock) = text.trim().split_once(':')?;
    let (days, hours) = before.split_once('.').unwrap_or(("0", before));
    let (minutes, seconds) = clock.split_once(':')?;
    let (seconds, fraction) = seconds.split_once('.').unwrap_or((seconds, "0"));
    number(fraction)?;
    let (days, hours, minutes, seconds) = (number(days)?, number(hours)?, number(minutes)?, number(seconds)?);
    let fits = hours < 24 && minutes < 60 && seconds < 60;
    fits.then_some(())?;
    days.checked_mul(DAY)?.checked_add(hours * 3600 + minutes * 60 + seconds)
}
