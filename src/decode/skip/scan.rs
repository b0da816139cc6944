//! The places in an event that are worth a closer look.

use crate::json::for_each_pair;

/// A byte of a name, and the one behind it; letters are lower-case.
pub(super) type Anchor = [u8; 2];

/// Calls `is_fine` with each place worth a look, in order, until one is not; tells whether all are.
///
/// Worth a look is an anchor (with the byte behind it in either case, or one that could be junk or a cut), a backslash
/// before anything but a quote or a backslash, `nn` and `ds` of two keys, and brackets that tell of lists and of ends.
pub(super) fn scan(text: &[u8], anchors: &[Anchor], is_fine: &mut dyn FnMut(usize) -> bool) -> bool {
    // How many there are is known to the compiler, so that they stay in registers.
    match anchors.len() {
        0..=1 => scan_for(text, repeated::<1>(anchors), is_fine),
        2..=3 => scan_for(text, repeated::<3>(anchors), is_fine),
        4..=6 => scan_for(text, repeated::<6>(anchors), is_fine),
        7..=8 => scan_for(text, repeated::<8>(anchors), is_fine),
        // As many as that are found as quickly by decoding.
        _ => false,
    }
}

/// The anchors, the first of them as often as it takes to make `N`.
fn repeated<const N: usize>(anchors: &[Anchor]) -> [Anchor; N] {
    std::array::from_fn(|at| anchors.get(at).or(anchors.first()).copied().unwrap_or_default())
}

fn scan_for<const N: usize>(text: &[u8], anchors: [Anchor; N], is_fine: &mut dyn FnMut(usize) -> bool) -> bool {
    let is_place = |byte: u8, next: u8| {
        let (folded, next_folded) = (byte | 0x20, next | 0x20);
        let escape = (byte == b'\\') & (next != b'"') & (next != b'\\');
        let key = ((folded == b'n') & (next_folded == b'n')) | ((folded == b'd') & (next_folded == b's'));
        let close = (byte == b'}') & (next != b',') & (next != b'}') & (next != b']');
        // Below `0` or above `z` (as a signed number, what is not ASCII is below zero): one comparison of numbers moved by five.
        let is_no_word = (next.wrapping_add(5).cast_signed() < 0x35) | (next == b'\\');
        let is_anchor = |[anchor, follower]: Anchor| (folded == anchor) & ((next_folded == follower) | is_no_word);
        escape | key | close | (byte == b'[') | anchors.into_iter().fold(false, |any, anchor| any | is_anchor(anchor))
    };
    for_each_pair(text, is_place, is_fine)
}
