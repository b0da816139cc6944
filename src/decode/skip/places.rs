//! The places in an event that are worth a closer look.

use super::Escaping;
use crate::json::Pairs;

/// A byte of a name, and the one behind it, in upper case.
pub(super) type Anchor = [u8; 2];

/// The pairs that tell of a place worth a look; `None` where there are more anchors than can be looked for at once.
///
/// Worth a look is an anchor (with the byte behind it in either case, or one that could be junk or a cut), an escape that
/// may spell a letter or hide one, `nn` and `ds` of two keys, and brackets that tell of lists and of ends. Eight kinds
/// are found in half of the time of nine, so some of them share one.
pub(super) fn places(anchors: &[Anchor], escaping: Escaping, is_envelope: bool) -> Option<Pairs> {
    let any = || 0..=u8::MAX;
    let junk = any().filter(|byte| *byte < b' ' || !byte.is_ascii());
    let before_junk = anchors.iter().flat_map(|[byte, _]| either_case(*byte)).chain(*b"\\},");
    let places = Pairs::default().with(*b"nN", *b"nN").with(*b"dD", *b"sS").with([b'['], any()).with(before_junk, junk);
    // What stands behind most brackets is left out, told by the lower half of the byte, which numbers below zero have, too.
    let places = match (escaping, is_envelope) {
        (Escaping::None, false) => places
            .with([b'}'], any().filter(|byte| !matches!(byte & 0xF, 0xC | 0xD)))
            .with(*b"}\\", *b"- ")
            .with([b'\\'], *b"uUxX\x7F"),
        (Escaping::None, true) => places
            .with([b'}'], any().filter(|byte| byte & 0xF != 0xD))
            .with(*b"}\\,", *b"- ]{")
            .with([b'\\'], *b"uUxX\x7F"),
        (Escaping::Twice, _) => places
            .with([b'}'], any().filter(|byte| byte & 0xF != 0xD))
            .with(*b"}\\", *b"- ")
            .with([b'\\'], *b"uUxX\x7Fnrtbf"),
    };
    let with_anchor = |places: Pairs, [byte, next]: &Anchor| {
        places.with(either_case(*byte), either_case(*next).into_iter().chain(*b" \x7F\\,{"))
    };
    let places = anchors.iter().fold(places, with_anchor);
    places.fits().then_some(places)
}

fn either_case(byte: u8) -> [u8; 2] {
    [byte.to_ascii_lowercase(), byte.to_ascii_uppercase()]
}
