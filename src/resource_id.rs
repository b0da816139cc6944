//! Names out of an Azure Resource Manager id.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

/// The segment after the first segment that equals `marker`, ignoring ASCII case.
///
/// The name keeps its case and may be empty (`/vaults//certificates`); nothing is trimmed. This is what Panther's
/// helpers for Azure activity do.
#[must_use]
pub fn segment_after<'a>(resource_id: &'a str, marker: &str) -> Option<&'a str> {
    let mut start = 0;
    let ends = memchr::memchr_iter(b'/', resource_id.as_bytes()).chain([resource_id.len()]);
    let mut segments = ends.filter_map(|end| resource_id.get(std::mem::replace(&mut start, end + 1)..end));
    segments.find(|segment| segment.eq_ignore_ascii_case(marker))?;
    segments.next()
}
