//! Pairs of neighbouring bytes, found in a long text.

#[cfg(target_arch = "x86_64")]
mod avx2;

/// How many bytes are looked at together.
const LANE: usize = 64;

/// Up to sixteen kinds of pairs: a byte out of one set, and behind it a byte out of another.
///
/// A set is kept as the halves of its bytes, so that a vector instruction can look up all bytes of a lane at once. So it
/// also has the bytes that are made of one member's upper and another's lower half, and what is found is worth a look
/// and no more.
#[derive(Debug, Clone, Default)]
pub struct Pairs {
    count: usize,
    eights: [Eight; 2],
}

/// Eight kinds, a bit for each.
#[derive(Debug, Clone, Default)]
struct Eight {
    first: Halves,
    second: Halves,
}

/// For the lower and for the upper half of a byte, the kinds that it belongs to.
#[derive(Debug, Clone, Default)]
struct Halves {
    lower: [u8; 16],
    upper: [u8; 16],
}

impl Pairs {
    /// Adds a kind.
    #[must_use]
    pub fn with(mut self, first: impl IntoIterator<Item = u8>, second: impl IntoIterator<Item = u8>) -> Self {
        if let Some(eight) = self.eights.get_mut(self.count / 8) {
            let kind = 1 << (self.count % 8);
            first.into_iter().for_each(|byte| eight.first.add(byte, kind));
            second.into_iter().for_each(|byte| eight.second.add(byte, kind));
        }
        self.count += 1;
        self
    }

    /// Whether there are no more kinds than can be looked for at once; others are not found.
    #[must_use]
    pub fn fits(&self) -> bool {
        self.count <= 8 * self.eights.len()
    }

    /// Calls `goes_on` with the place of each pair, in order, until it says no. Returns `None` if it did, and otherwise
    /// whether the text is plain: all bytes from 0x20 to 0x7F.
    pub fn for_each(&self, text: &[u8], goes_on: &mut dyn FnMut(usize) -> bool) -> Option<bool> {
        let [eight, _] = &self.eights;
        if self.count <= 8 {
            for_each_of(std::array::from_ref(eight), text, goes_on)
        } else {
            for_each_of(&self.eights, text, goes_on)
        }
    }
}

/// All bytes but one, in two sets, because the halves of those bytes in one set would make that byte, too.
#[must_use]
pub fn all_but(byte: u8) -> [Vec<u8>; 2] {
    let others = (0..=u8::MAX).filter(|other| *other != byte);
    let (near, far) = others.partition(|other| other & 0xF == byte & 0xF);
    [near, far]
}

impl Halves {
    fn add(&mut self, byte: u8, kind: u8) {
        for (half, value) in [(&mut self.lower, byte & 0xF), (&mut self.upper, byte >> 4)] {
            if let Some(kinds) = half.get_mut(usize::from(value)) {
                *kinds |= kind;
            }
        }
    }

    fn kinds(&self, byte: u8) -> u8 {
        let kinds = |half: &[u8; 16], value: u8| half.get(usize::from(value)).copied().unwrap_or_default();
        kinds(&self.lower, byte & 0xF) & kinds(&self.upper, byte >> 4)
    }
}

/// What was found in a lane.
struct Found {
    /// A bit for each byte that is the first of a pair.
    places: u64,
    /// Whether all bytes are from 0x20 to 0x7F.
    is_plain: bool,
}

#[multiversion::multiversion(targets("x86_64+avx2"))]
fn for_each_of<const N: usize>(
    eights: &[Eight; N],
    text: &[u8],
    goes_on: &mut dyn FnMut(usize) -> bool,
) -> Option<bool> {
    let tables = multiversion::target::match_target! {
        "x86_64+avx2" => avx2::Tables::of(eights),
        _ => OneByOne(eights),
    };
    let mut padded = [b'~'; LANE + 1];
    let mut start = 0;
    let mut is_plain = true;
    while start < text.len() {
        let rest = text.get(start..).unwrap_or_default();
        let window = rest.first_chunk().unwrap_or_else(|| {
            padded.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
            &padded
        });
        let found = tables.find(window);
        is_plain &= found.is_plain;
        let mut places = found.places;
        while places != 0 {
            let at = start + places.trailing_zeros() as usize;
            if at + 1 < text.len() && !goes_on(at) {
                return None;
            }
            places &= places - 1;
        }
        start += LANE;
    }
    Some(is_plain)
}

/// One byte after the other, for machines without the vectors.
struct OneByOne<'a, const N: usize>(&'a [Eight; N]);

impl<const N: usize> OneByOne<'_, N> {
    fn find(&self, window: &[u8; LANE + 1]) -> Found {
        let mut found = Found { places: 0, is_plain: true };
        for (at, (byte, next)) in window.iter().zip(window.iter().skip(1)).enumerate() {
            let is_place = self.0.iter().any(|eight| eight.first.kinds(*byte) & eight.second.kinds(*next) != 0);
            found.places |= u64::from(is_place) << at;
            found.is_plain &= byte.cast_signed() >= 0x20;
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    /// Every place of the pairs in a text, and whether it is plain.
    fn found(pairs: &Pairs, text: &[u8]) -> (Vec<usize>, Option<bool>) {
        let mut places = Vec::new();
        let is_plain = pairs.for_each(text, &mut |at| {
            places.push(at);
            true
        });
        (places, is_plain)
    }

    #[test]
    fn every_place_is_found_in_order_wherever_it_stands() {
        let few = Pairs::default().with(*b"x", *b"-");
        let many = (0..9).fold(few.clone(), |pairs, kind| pairs.with([kind], [kind]));
        for len in [0, 1, 2, 63, 64, 65, 66, 128, 129, 130, 1000] {
            let text: Vec<u8> = (0..len).map(|at| if at % 7 == 3 { b'x' } else { b'-' }).collect();
            let expected: Vec<_> = (0..len).filter(|at| at % 7 == 3 && at + 1 < len).collect();

            for pairs in [&few, &many] {
                assert_eq!(found(pairs, &text), (expected.clone(), Some(true)), "{len}");
                let is_stopped = pairs.for_each(&text, &mut |_| false).is_none();
                assert_eq!(is_stopped, !expected.is_empty(), "{len}");
            }
        }
    }

    #[test]
    fn any_two_bytes_are_found_with_vectors_and_without() {
        let sets: [&[u8]; 6] = [b"a", b"\\[", b"\"u0", b"\x00\xff", b"\x80\x0f", b"}"];
        let every_two: Vec<u8> = (0..=255).flat_map(|byte| (0..=255).flat_map(move |next| [byte, next])).collect();
        for (first, second) in sets.iter().flat_map(|first| sets.map(|second| (*first, second))) {
            let pairs = Pairs::default().with(*b"#", *b"#").with(first.iter().copied(), second.iter().copied());
            let one_by_one = OneByOne(&pairs.eights);

            let places: HashSet<_> = found(&pairs, &every_two).0.into_iter().collect();

            for (start, window) in every_two.windows(LANE + 1).enumerate().step_by(LANE) {
                let expected = one_by_one.find(window.try_into().unwrap()).places;
                let found = (0..LANE).filter(|at| places.contains(&(start + at))).fold(0, |bits, at| bits | 1 << at);
                assert_eq!(found, expected, "{window:?}");
            }
            for (at, pair) in every_two.windows(2).enumerate() {
                let is_pair = first.contains(&pair[0]) && second.contains(&pair[1]);
                assert!(!is_pair || places.contains(&at), "{pair:?}");
            }
        }
    }

    #[test]
    fn all_bytes_but_one_are_told_from_it() {
        let [near, far] = all_but(b'\\');
        let pairs = Pairs::default().with(near, *b"x").with(far, *b"x");
        let text: Vec<u8> = (0..=255).flat_map(|byte| [byte, b'x']).collect();

        let (places, _) = found(&pairs, &text);

        let expected: Vec<_> = (0..=255).filter(|byte| *byte != b'\\').map(|byte| 2 * usize::from(byte)).collect();
        assert_eq!(places.into_iter().filter(|at| at % 2 == 0).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn controls_and_other_scripts_are_not_plain() {
        let pairs = Pairs::default();
        assert_eq!(pairs.for_each(b"", &mut |_| false), Some(true));
        for (other, is_plain) in [("~ \u{7f}", true), ("\n", false), ("é", false), ("\0", false)] {
            for len in [0, 31, 63, 64, 150] {
                let text = format!("{}{other}", "a".repeat(len));
                assert_eq!(pairs.for_each(text.as_bytes(), &mut |_| false), Some(is_plain), "{other:?} {len}");
            }
        }
    }
}
