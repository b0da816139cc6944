//! Places in a long text, found by each byte and the one behind it.

/// How many bytes are looked at together.
const LANE: usize = 64;

/// Calls `goes_on` with each place whose byte and next byte are `is_place`, in order, until it says no; tells whether it
/// never did. The last byte is never a place.
///
/// Written so that the compiler makes vector code of it, with AVX2 where the machine has it, as long as `is_place`
/// compares without branches.
#[multiversion::multiversion(targets("x86_64+avx2"))]
pub fn for_each_pair<P: Fn(u8, u8) -> bool>(text: &[u8], is_place: P, goes_on: &mut dyn FnMut(usize) -> bool) -> bool {
    let mut padded = [0; LANE + 1];
    let mut places = [0u8; LANE];
    let mut start = 0;
    while start + 1 < text.len() {
        let rest = text.get(start..).unwrap_or_default();
        let window: &[u8; LANE + 1] = match rest.first_chunk() {
            Some(window) => window,
            None => {
                padded.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
                &padded
            }
        };
        let (bytes, behind): (&[u8; LANE], &[u8; LANE]) = match (window.first_chunk(), window.last_chunk()) {
            (Some(bytes), Some(behind)) => (bytes, behind),
            _ => return false,
        };
        for ((place, &byte), &next) in places.iter_mut().zip(bytes).zip(behind) {
            // All bits set, as a comparison of vectors leaves them.
            *place = u8::from(is_place(byte, next)).wrapping_neg();
        }
        if places != [0; LANE] {
            for (word, flags) in places.as_chunks::<8>().0.iter().enumerate() {
                let mut flags = u64::from_le_bytes(*flags);
                while flags != 0 {
                    let byte = flags.trailing_zeros() / 8;
                    let at = start + 8 * word + byte as usize;
                    if at + 1 < text.len() && !goes_on(at) {
                        return false;
                    }
                    flags &= !(0xFF << (8 * byte));
                }
            }
        }
        start += LANE;
    }
    true
}

/// Whether all bytes are printable ASCII.
#[must_use]
#[multiversion::multiversion(targets("x86_64+avx2"))]
pub fn is_printable_ascii(text: &[u8]) -> bool {
    // As a signed number, what is not ASCII is below zero.
    !text.iter().fold(false, |is_other, byte| is_other | (byte.cast_signed() < 0x20) | (*byte == 0x7F))
}

/// Whether a byte is below 0x20.
#[must_use]
#[multiversion::multiversion(targets("x86_64+avx2"))]
pub fn has_controls(text: &[u8]) -> bool {
    text.iter().fold(false, |has_control, byte| has_control | (*byte < 0x20))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_found_in_order_wherever_it_stands() {
        for len in [0, 1, 2, 63, 64, 65, 66, 130, 1000] {
            let text: Vec<u8> = (0..len).map(|at| if at % 7 == 3 { b'x' } else { b'-' }).collect();
            let expected: Vec<_> = (0..len).filter(|at| at % 7 == 3 && at + 1 < len).collect();
            let mut found = Vec::new();

            let is_through = for_each_pair(&text, |byte, _| byte == b'x', &mut |at| {
                found.push(at);
                true
            });

            assert!(is_through);
            assert_eq!(found, expected, "{len}");
            assert_eq!(
                for_each_pair(&text, |byte, next| (byte == b'x') & (next == b'-'), &mut |_| false),
                found.is_empty()
            );
        }
    }

    #[test]
    fn controls_and_other_scripts_are_not_printable_ascii() {
        assert!(is_printable_ascii(b"") && is_printable_ascii(&[b'~'; 200]));
        for other in ["\n", "\u{7f}", "é", "\0"] {
            assert!(!is_printable_ascii(format!("{}{other}", "a".repeat(150)).as_bytes()), "{other:?}");
        }
    }
}
