//! Forms of text that the host accepts: spans of time, numbers, versions, names.

use crate::config::is_container;

pub(super) const DAY: u64 = 24 * 60 * 60;

/// The seconds of a .NET `TimeSpan`, `[d.]hh:mm:ss`, with or without parts of a second. Other forms mean something else to
/// the host, or nothing: it reads `5` and `24:00:00` as days.
pub(super) fn seconds(text: &str) -> Option<u64> {
    let (before, clock) = text.trim().split_once(':')?;
    let (days, hours) = before.split_once('.').unwrap_or(("0", before));
    let (minutes, seconds) = clock.split_once(':')?;
    let (seconds, fraction) = seconds.split_once('.').unwrap_or((seconds, "0"));
    number(fraction)?;
    let (days, hours, minutes, seconds) = (number(days)?, number(hours)?, number(minutes)?, number(seconds)?);
    (hours < 24 && minutes < 60 && seconds < 60).then_some(())?;
    days.checked_mul(DAY)?.checked_add(hours * 3600 + minutes * 60 + seconds)
}

/// A number of digits alone.
pub(super) fn number(text: &str) -> Option<u64> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None }
}

/// Whether a NuGet version range, such as `[4.*, 5.0.0)`, allows a version with this major number; `None` if it is no
/// range.
pub(super) fn allows(range: &str, major: u64) -> Option<bool> {
    let range = range.trim();
    let major_of = |version: &str| version.trim().split('.').next()?.parse::<u64>().ok();
    let Some(open) = range.strip_prefix(['[', '(']) else {
        // Without brackets it is the minimum version.
        return Some(major_of(range)? <= major);
    };
    let inner = open.strip_suffix([']', ')'])?;
    let Some((least, most)) = inner.split_once(',') else { return Some(major_of(inner)? == major) };
    let (least, most) = (least.trim(), most.trim());
    let from = if least.is_empty() { 0 } else { major_of(least)? };
    // No version of this major is below `major.0.0`.
    let is_first = most.split('.').skip(1).all(|part| part.trim_matches('0').is_empty());
    let is_below = match most {
        "" => true,
        most if major_of(most)? == major => range.ends_with(']') || !is_first,
        most => major_of(most)? > major,
    };
    Some(from <= major && is_below)
}

/// Whether a text is a name, and so may be printed. Secrets pasted where names belong have other characters in them.
pub(super) fn is_name(text: &str) -> bool {
    (1..=100).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.:-".contains(&byte))
}

/// Whether Azure accepts it as the name of a queue, which the host writes in lower case.
pub(super) fn is_queue(name: &str) -> bool {
    is_container(&name.to_ascii_lowercase())
}

/// Whether Azure accepts it as the name of a hub or a consumer group.
pub(super) fn is_hub(name: &str) -> bool {
    (1..=256).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_$".contains(&byte))
}
