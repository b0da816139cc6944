//! Networks: whom they cover, and when they are everyone.

use certificate_accessed::expected::{ExpectedAccess, ExpectedAccessError};

use super::alerts_with;
use crate::given::read_of;

/// A list of one entry for these networks.
fn list(networks: &[&str], narrowed: &str) -> String {
    let networks = networks.join("', '");
    format!("expected: [{{rules: [CertificateAccessed], networks: ['{networks}'], {narrowed}reason: x}}]")
}

#[test]
fn an_address_is_in_a_network_by_its_prefix() {
    let cases = [
        ("192.0.2.0/24", "192.0.2.255", true),
        ("192.0.2.0/24", "192.0.3.0", false),
        ("192.0.2.7", "192.0.2.7", true),
        ("192.0.2.0/24", "::ffff:192.0.2.9", true),
        ("2001:db8::/32", "2001:db8:ffff::1", true),
        ("2001:db8::/32", "2001:db9::1", false),
        ("0.0.0.0/0", "203.0.113.1", true),
        ("0.0.0.0/0", "2001:db8::1", false),
        ("::/0", "2001:db8::1", true),
        ("::/0", "192.0.2.9", false),
        ("::ffff:0:0/96", "192.0.2.9", true),
        ("::ffff:192.0.2.0/120", "192.0.2.9", true),
        ("::ffff:192.0.2.0/120", "192.0.3.9", false),
        ("::ffff:192.0.2.7", "::ffff:192.0.2.7", true),
    ];
    for (network, address, expected) in cases {
        let alerts =
            alerts_with(&list(&[network], "vaults: [kv-a], "), &read_of("kv-a", address), "2026-03-02T10:00:00Z");
        assert_eq!(alerts, usize::from(!expected), "{network} {address}");
    }
    for broken in ["192.0.2.0/33", "192.0.2", "kv", "192.0.2.0/x", "/24", "2001:db8::/129", "::ffff:0:0/95"] {
        let fault = ExpectedAccess::parse(list(&[broken], "")).unwrap_err();
        assert!(fault.to_string().contains("not a network"), "{broken}: {fault}");
    }
}

#[test]
fn networks_that_are_everyone_together_are_found_however_they_are_cut() {
    let half = |prefix: u32| format!("{}/{prefix}", std::net::Ipv4Addr::from(1 << (32 - prefix)));
    let all_but_one: Vec<_> = (1..=32).map(half).collect();
    let all_but_one: Vec<_> = all_but_one.iter().map(String::as_str).collect();
    let cases: &[(&[&str], bool)] = &[
        (&["0.0.0.0/0"], true),
        (&["::/0"], true),
        (&["0.0.0.0/1", "128.0.0.0/1"], true),
        (&["::/1"], true),
        (&["8000::/1"], false),
        (&["2000::/4"], true),
        (&all_but_one, true),
        (&["::ffff:0:0/97"], true),
        (&["16.0.0.0/4"], false),
        (&["16.0.0.0/4", "16.0.0.0/5", "20.0.0.0/8"], false),
        (&["16.0.0.0/4", "203.0.113.7"], true),
        (&["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"], false),
    ];
    for (networks, expected) in cases {
        let parsed = ExpectedAccess::parse(list(networks, ""));
        let is_everyone = matches!(&parsed, Err(ExpectedAccessError::Value(_, _, why)) if why.contains("everyone"));
        assert!(is_everyone == *expected && parsed.is_ok() != *expected, "{networks:?}: {parsed:?}");
    }
}
