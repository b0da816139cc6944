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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_marker_with_a_successor_decides() {
        let cases = [
            ("/subscriptions/s/providers/Microsoft.KeyVault/vaults/kv-a/certificates/c", Some("kv-a")),
            ("/SUBSCRIPTIONS/S/PROVIDERS/MICROSOFT.KEYVAULT/VAULTS/KV-A", Some("KV-A")),
            ("/resourceGroups/vaults/providers/x/vaults/kv-a", Some("providers")),
            ("/vaults//certificates/c", Some("")),
            ("/vaults/", Some("")),
            ("/vaults", None),
            ("", None),
        ];
        for (resource_id, vault) in cases {
            assert_eq!(segment_after(resource_id, "vaults"), vault, "{resource_id}");
        }
    }
}
