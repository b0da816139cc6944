//! Whether a caller's address says where on the Internet the caller was.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What an address is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IpScope {
    /// An address of the Internet.
    Public,
    /// An address of a private network, or of a carrier's: the call came through a private endpoint.
    Private,
    /// The machine itself, or its link.
    Local,
    /// Text that is no address.
    NotAnAddress,
}

impl IpScope {
    /// Reads the scope of an address without a port.
    #[must_use]
    pub fn of(address: &str) -> Self {
        match address.trim().parse::<IpAddr>().map(|ip| ip.to_canonical()) {
            Ok(IpAddr::V4(ip)) => Self::of_v4(ip),
            Ok(IpAddr::V6(ip)) => Self::of_v6(ip),
            Err(_) => Self::NotAnAddress,
        }
    }

    /// The scope as the alert context spells it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Private => "private",
            Self::Local => "local",
            Self::NotAnAddress => "not an address",
        }
    }

    fn of_v4(ip: Ipv4Addr) -> Self {
        let [first, second, ..] = ip.octets();
        let is_carrier = first == 100 && (64..128).contains(&second);
        match ip {
            _ if ip.is_private() || is_carrier => Self::Private,
            _ if ip.is_loopback() || ip.is_link_local() || ip.is_unspecified() => Self::Local,
            _ => Self::Public,
        }
    }

    fn of_v6(ip: Ipv6Addr) -> Self {
        match ip {
            _ if ip.is_unique_local() => Self::Private,
            _ if ip.is_loopback() || ip.is_unicast_link_local() || ip.is_unspecified() => Self::Local,
            _ => Self::Public,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses_are_told_from_public_ones() {
        let cases = [
            ("192.0.2.7", IpScope::Public),
            ("2001:db8::7", IpScope::Public),
            ("10.1.2.3", IpScope::Private),
            ("172.31.0.1", IpScope::Private),
            ("172.32.0.1", IpScope::Public),
            ("100.64.0.1", IpScope::Private),
            ("100.128.0.1", IpScope::Public),
            ("fd00::1", IpScope::Private),
            ("::ffff:10.0.0.1", IpScope::Private),
            ("127.0.0.1", IpScope::Local),
            ("::1", IpScope::Local),
            ("fe80::1", IpScope::Local),
            ("0.0.0.0", IpScope::Local),
            ("XX:2a02:1::2", IpScope::NotAnAddress),
            ("", IpScope::NotAnAddress),
        ];
        for (address, scope) in cases {
            assert_eq!(IpScope::of(address), scope, "{address}");
        }
    }
}
