//! Names in resource ids, and patterns for names.

use certificate_accessed::name_pattern::NamePattern;
use certificate_accessed::resource_id::segment_after;

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

#[test]
fn a_star_stands_for_any_text() {
    let cases = [
        ("tls", "TLS", true),
        ("tls", "tls-web", false),
        ("tls-*", "tls-web", true),
        ("*-web", "tls-web", true),
        ("t*-w*b", "tls-web", true),
        ("*a*a*", "a", false),
        ("a*a", "a", false),
        ("*", "", true),
        ("", "x", false),
    ];
    for (pattern, name, expected) in cases {
        assert_eq!(NamePattern::new(pattern).matches(name), expected, "{pattern} {name}");
    }
}
