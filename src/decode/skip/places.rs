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
    // What stands behind most brackets is left out, told by the lower half of the byte; a comma there tells nothing of a record.
    let is_record = escaping == Escaping::None && !is_envelope;
    let is_left_out = |byte: u8| byte & 0xF == 0xD || (is_record && byte & 0xF == 0xC);
    let places = places.with([b'}'], any().filter(|byte| !is_left_out(*byte)));
    // Numbers below zero have that half, too, and in an envelope the end of its list counts.
    let places = if is_envelope { places.with(*b"}\\,", *b"- ]{") } else { places.with(*b"}\\", *b"- ") };
    let escapes: &[u8] = match escaping {
        Escaping::None => b"uUxX\x7F",
        Escaping::Twice => b"uUxX\x7Fnrtbf",
    };
    let places = places.with([b'\\'], escapes.iter().copied());
    let with_anchor = |places: Pairs, [byte, next]: &Anchor| {
        places.with(either_case(*byte), either_case(*next).into_iter().chain(*b" \x7F\\,{"))
    };
    let places = anchors.iter().fold(places, with_anchor);
    places.fits().then_some(places)
}

fn either_case(byte: u8) -> [u8; 2] {
    [byte.to_ascii_lowercase(), byte.to_ascii_uppercase()]
}
