//! Which part of the Internet several networks cover together.

use super::network::Network;

/// Networks that cover more than one in so many addresses cover everyone.
const TOO_MANY: u128 = 16;
/// All addresses of IPv4.
const V4: (u128, u128) = (0, u32::MAX as u128);
/// The addresses of IPv6 that the Internet uses, 2000::/3.
const V6: (u128, u128) = (0x2000 << 112, (0x4000 << 112) - 1);

/// Whether networks together cover more than a sixteenth of the Internet, by IPv4 or by IPv6.
pub(super) fn is_everyone<'n>(networks: impl Iterator<Item = &'n Network> + Clone) -> bool {
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

#[cfg(test)]
mod tests {
    use super::*;

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
            (&[], false),
        ];
        for (networks, expected) in cases {
            let networks: Vec<Network> = networks.iter().map(|network| network.parse().unwrap()).collect();
            assert_eq!(is_everyone(networks.iter()), *expected, "{networks:?}");
        }
    }
}
