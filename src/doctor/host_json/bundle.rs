//! The bundle of extensions, without which the host knows neither event hubs nor queues.

use super::HostJson;
use crate::doctor::report::Report;

/// The bundle that has both.
const BUNDLE: &str = "Microsoft.Azure.Functions.ExtensionBundle";
/// The major version that this app is made for.
const MAJOR: u64 = 4;

/// Checks id and version.
pub(super) fn check(host: &HostJson<'_>, report: &mut Report) {
    let text = |name| host.text(&["extensionBundle", name]);
    let mend = "take the extensionBundle of the repository's host.json";
    if !text("id").is_some_and(|id| id.eq_ignore_ascii_case(BUNDLE)) {
        report.fault(
            format!("host.json names no extensionBundle {BUNDLE}, so the host knows neither event hubs nor queues"),
            mend,
        );
    } else if !text("version").is_some_and(|range| has_major(&range)) {
        report.fault("the extensionBundle in host.json allows no version 4, which this app is made for", mend);
    }
}

/// Whether a range as NuGet writes it, such as `[4.*, 5.0.0)`, allows a version of the major.
fn has_major(range: &str) -> bool {
    allows(range.trim(), MAJOR).unwrap_or(false)
}

fn allows(range: &str, major: u64) -> Option<bool> {
    let Some(open) = range.strip_prefix(['[', '(']) else {
        // Without brackets it is the least version.
        return Some(major_of(range)? <= major);
    };
    let inner = open.strip_suffix([']', ')'])?;
    let Some((least, most)) = inner.split_once(',') else { return Some(major_of(inner)? == major) };
    let (least, most) = (least.trim(), most.trim());
    let from = if least.is_empty() { 0 } else { major_of(least)? };
    let is_below = match most {
        "" => true,
        most if major_of(most)? == major => range.ends_with(']') || !is_first(most),
        most => major_of(most)? > major,
    };
    Some(from <= major && is_below)
}

fn major_of(version: &str) -> Option<u64> {
    version.trim().split('.').next()?.parse().ok()
}

/// Whether a version is the first of its major, below which there is none of it.
fn is_first(version: &str) -> bool {
    version.split('.').skip(1).all(|part| part.trim_matches('0').is_empty())
}
