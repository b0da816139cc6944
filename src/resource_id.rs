//! Names out of an Azure Resource Manager id.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

/// The segment after the first segment that equals `marker`, ignoring ASCII case.
///
/// The name keeps its case and may be empty (`/vaults//certificates`); nothing is trimmed. This is what Panther's
/// helpers for Azure activity do.
#[must_use]
pub fn segment_after<'a>(resource_id: &'a str, marker: &str) -> Option<&'a str> {
    let mut segments = resource_id.split('/');
    segments.find(|segment| segment.eq_ignore_ascii_case(marker))?;
    segments.next()
}
