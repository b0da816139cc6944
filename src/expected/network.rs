//! A network in CIDR form.

use std::net::IpAddr;
use std::str::FromStr;

/// An address with a prefix length; a lone address is a network of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Network {
    address: IpAddr,
    prefix: u8,
}

impl Network {
    /// The first and the last address, of IPv4.
    pub(super) fn range_v4(self) -> Option<(u128, u128)> {
        let IpAddr::V4(address) = self.address else { return None };
        Some(range(u32::from(address).into(), self.prefix, 32))
    }

    /// The first and the last address, of IPv6.
    pub(super) fn range_v6(self) -> Option<(u128, u128)> {
        let IpAddr::V6(address) = self.address else { return None };
        Some(range(address.into(), self.prefix, 128))
    }

    /// Whether an address is in it; an IPv4 address written as IPv6 counts as what it is.
    pub(super) fn contains(self, address: IpAddr) -> bool {
        let (range, address) = match address.to_canonical() {
            IpAddr::V4(address) => (self.range_v4(), u32::from(address).into()),
            IpAddr::V6(address) => (self.range_v6(), u128::from(address)),
        };
        range.is_some_and(|(first, last)| (first..=last).contains(&address))
    }
}

/// The first and the last number that share a prefix with this one.
fn range(number: u128, prefix: u8, bits: u8) -> (u128, u128) {
    let free = u128::MAX.checked_shr(128 - u32::from(bits - prefix.min(bits))).unwrap_or(0);
    (number & !free, number | free)
}

impl FromStr for Network {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (address, prefix) = text.trim().split_once('/').map_or((text.trim(), None), |(a, p)| (a, Some(p)));
        let address: IpAddr = address.parse().map_err(|_| ())?;
        let bits = if address.is_ipv4() { 32 } else { 128 };
        let prefix: u8 = prefix.map_or(Ok(bits), |prefix| prefix.parse().map_err(|_| ()))?;
        match (address, address.to_canonical()) {
            _ if prefix > bits => Err(()),
            // IPv4 written as IPv6 is what it means; a prefix that reaches beyond it means nothing.
            (IpAddr::V6(_), address @ IpAddr::V4(_)) => {
                prefix.checked_sub(96).map(|prefix| Self { address, prefix }).ok_or(())
            }
            _ => Ok(Self { address, prefix }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            let network: Network = network.parse().unwrap();
            assert_eq!(network.contains(address.parse().unwrap()), expected, "{network:?} {address}");
        }
        for broken in ["192.0.2.0/33", "192.0.2", "kv", "192.0.2.0/x", "/24", "2001:db8::/129", "::ffff:0:0/95"] {
            assert!(broken.parse::<Network>().is_err(), "{broken}");
        }
    }
}
