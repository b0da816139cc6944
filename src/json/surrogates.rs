//! Lone surrogates: escapes such as `\ud800` that JSON's grammar allows and UTF-8 cannot hold.

use std::borrow::Cow;

/// Replaces each surrogate escape that has no partner by `\ufffd`; everything else stays byte for byte.
///
/// Most readers of the alerts refuse a text with a lone surrogate, and .NET writes it as U+FFFD anyway.
#[must_use]
pub fn mend_lone_surrogates(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let mut mended: Option<String> = None;
    let mut copied = 0;
    let mut at = 0;
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr::memchr(b'\\', rest)) {
        at += found;
        match escape_unit(bytes, at) {
            Some(0xD800..=0xDBFF) if matches!(escape_unit(bytes, at + 6), Some(0xDC00..=0xDFFF)) => at += 12,
            Some(0xD800..=0xDFFF) => {
                let out = mended.get_or_insert_with(|| String::with_capacity(text.len()));
                out.push_str(text.split_at(at).0.split_at(copied).1);
                out.push_str("\\ufffd");
                at += 6;
                copied = at;
            }
            _ => at += 2,
        }
    }
    let Some(mut out) = mended else { return Cow::Borrowed(text) };
    out.push_str(text.split_at(copied).1);
    Cow::Owned(out)
}

/// The code unit of the `\uXXXX` escape at `at`, if there is one.
fn escape_unit(bytes: &[u8], at: usize) -> Option<u16> {
    let escape = bytes.get(at..at + 6)?;
    let digits = escape.strip_prefix(b"\\u")?;
    digits.iter().try_fold(0u16, |unit, byte| {
        let digit = char::from(*byte).to_digit(16)?;
        Some((unit << 4) | u16::try_from(digit).ok()?)
    })
}
