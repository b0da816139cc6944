//! Escapes that may spell a part of an operation's name.

use super::Escaping;
use crate::json::backslashes_at_end;

/// Whether the backslash at `at`, the last of its run and not before a quote, spells nothing of the `alphabet`.
pub(super) fn is_harmless(text: &[u8], at: usize, escaping: Escaping, alphabet: &[bool; 128]) -> bool {
    let rest = text.get(at + 1..).unwrap_or_default();
    let run = backslashes_at_end(text.get(..=at).unwrap_or_default());
    let (Some(escaped), behind) = (rest.first(), rest.get(1..).unwrap_or_default()) else { return false };
    match (escaping, run % 4) {
        (Escaping::None, _) | (Escaping::Twice, 0) => {}
        // The host has escaped a control character, which is harmless unless a backslash of the event stands before it.
        (Escaping::Twice, 2) => return run == 2 && matches!(escaped, b'n' | b'r' | b't' | b'b' | b'f'),
        // Escaped once only: the host writes no such thing.
        (Escaping::Twice, _) => return false,
    }
    match escaped {
        b'u' | b'U' => match code(behind) {
            Some(code) => spells_nothing(code, alphabet),
            None => cannot_go_on(behind),
        },
        // Python's `\xXX`.
        b'x' | b'X' => cannot_go_on(behind),
        escaped => !is_junk(*escaped),
    }
}

/// The code unit of four hexadecimal digits.
fn code(digits: &[u8]) -> Option<u32> {
    let digits = std::str::from_utf8(digits.get(..4)?).ok()?;
    digits.bytes().all(|digit| digit.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())?
}

/// Whether no letter of the alphabet can come of this character; half of a surrogate pair counts as one that can.
fn spells_nothing(code: u32, alphabet: &[bool; 128]) -> bool {
    let is_letter = |letter: char| alphabet.get(letter as usize).is_some_and(|is_letter| *is_letter);
    char::from_u32(code).is_some_and(|character| !character.to_uppercase().any(is_letter))
}

/// Whether what stands behind `\u` or `\x` can be no digit, not even one that is escaped or comes behind junk.
fn cannot_go_on(behind: &[u8]) -> bool {
    behind.first().is_some_and(|byte| !byte.is_ascii_hexdigit() && !matches!(byte, b'+' | b'\\') && !is_junk(*byte))
}

/// White space, controls and what is not ASCII: some of it is dropped when a name is looked for.
pub(super) fn is_junk(byte: u8) -> bool {
    byte <= b' ' || byte >= 0x7F
}
