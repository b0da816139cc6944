//! Networks in CIDR form, and which part of the Internet several of them cover together.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

use std::net::IpAddr;
use std::str::FromStr;

/// Networks that cover more than one in so many addresses cover everyone.
const TOO_MANY: u128 = 16;
/// All addresses of IPv4.
const V4: (u128, u128) = (0, u32::MAX as u128);
/// The addresses of IPv6 that the Internet uses, 2000::/3.
const V6: (u128, u128) = (0x2000 << 112, (0x4000 << 112) - 1);

/// The addresses that share a prefix, as numbers; a lone address is a network of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    is_v4: bool,
    first: u128,
    last: u128,
}

impl Network {
    /// Whether an address is in it; an IPv4 address written as IPv6 counts as IPv4.
    #[must_use]
    pub fn contains(self, address: IpAddr) -> bool {
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

/// Whether networks together cover more than a sixteenth of the Internet, by IPv4 or by IPv6.
pub fn is_everyone<'n>(networks: impl Iterator<Item = &'n Network> + Clone) -> bool {
    let of = |is_v4| networks.clone().filter(move |network| network.is_v4 == is_v4);
    cover_too_much(of(true), V4) || cover_too_much(of(false), V6)
}

fn cover_too_much<'n>(networks: impl Iterator<Item = &'n Network>, (first, last): (u128, u128)) -> bool {
    let mut ranges: Vec<_> = networks.map(|network| (network.first.max(first), network.last.min(last))).collect();
    ranges.sort_unstable();
    let mut covered = 0;
    // The first address that is not counted yet.
    let mut next = first;
    for (from, to) in ranges {
        let from = from.max(next);
        if from <= to {
            covered += to - from + 1;
            next = to + 1;
        }
    }
    covered > (last - first + 1) / TOO_MANY
}
