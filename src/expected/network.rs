//! A network in CIDR form.

use std::net::IpAddr;
use std::str::FromStr;

/// The addresses that share a prefix, as numbers; a lone address is a network of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Network {
    pub(super) is_v4: bool,
    pub(super) first: u128,
    pub(super) last: u128,
}

impl Network {
    /// Whether an address is in it; an IPv4 address written as IPv6 counts as IPv4.
    pub(super) fn contains(self, address: IpAddr) -> bool {
        let (is_v4, number) = number(address);
        self.is_v4 == is_v4 && (self.first..=self.last).contains(&number)
    }
}

/// Whether an address is one of IPv4, in either form, and its number.
fn number(address: IpAddr) -> (bool, u128) {
    match address.to_canonical() {
        IpAddr::V4(address) => (true, u32::from(address).into()),
        IpAddr::V6(address) => (false, address.into()),
    }
}

impl FromStr for Network {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (address, prefix) = text.trim().split_once('/').map_or((text.trim(), None), |(a, p)| (a, Some(p)));
        let address: IpAddr = address.parse().map_err(|_| ())?;
        let bits = if address.is_ipv4() { 32 } else { 128 };
        let prefix: u32 = prefix.map_or(Ok(bits), |prefix| prefix.parse().map_err(|_| ()))?;
        let free_bits = bits.checked_sub(prefix).ok_or(())?;
        let (is_v4, number) = number(address);
        // A prefix of IPv4 written as IPv6 must not reach beyond IPv4.
        if is_v4 && free_bits > 32 {
            return Err(());
        }
        let free = 1u128.checked_shl(free_bits).map_or(u128::MAX, |size| size - 1);
        Ok(Self { is_v4, first: number & !free, last: number | free })
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
