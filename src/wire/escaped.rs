//! Text in a JSON string in a JSON string, read in one pass: how dataType string arrives.

use crate::json::has_controls;

/// Writes into `bytes` the text that `escaped` holds, twice in a string; `None` where it holds none, or is not escaped
/// as the host escapes.
///
/// The host writes a quote as `\\\"` and a backslash as `\\\\`; a control character has two backslashes. Other escapes
/// are rare and read by serde, one string after the other.
pub(super) fn read_twice(escaped: &[u8], bytes: &mut Vec<u8>) -> Option<()> {
    // A string holds no control characters but escaped ones, and the host writes UTF-8.
    if has_controls(escaped) || std::str::from_utf8(escaped).is_err() {
        return None;
    }
    bytes.reserve(escaped.len());
    let mut rest = escaped;
    while let Some(found) = memchr::memchr2(b'\\', b'"', rest) {
        let (clean, special) = rest.split_at_checked(found)?;
        bytes.extend_from_slice(clean);
        // By far the most.
        if let Some(behind) = special.strip_prefix(br"\\\")
            && let Some((b'"', behind)) = behind.split_first()
        {
            bytes.push(b'"');
            rest = behind;
            continue;
        }
        let run = special.iter().take_while(|byte| **byte == b'\\').count();
        let behind = special.get(run..)?;
        let read = match (run % 4, behind.first()) {
            (3, Some(b'"')) => Some(b'"'),
            (2, Some(b'n')) => Some(b'\n'),
            (2, Some(b'r')) => Some(b'\r'),
            (2, Some(b't')) => Some(b'\t'),
            (0, next) if next != Some(&b'"') => None,
            _ => return read_one_by_one(escaped, bytes),
        };
        bytes.resize(bytes.len() + run / 4, b'\\');
        bytes.extend(read);
        rest = behind.get(usize::from(read.is_some())..)?;
    }
    bytes.extend_from_slice(rest);
    Some(())
}

/// Where the first quote stands that is not a quote of the event's: those are escaped twice, so behind three backslashes, or
/// seven, or eleven.
pub(super) fn first_other_quote(escaped: &[u8]) -> Option<usize> {
    let is_other = |at: &usize| {
        let before = escaped.get(..*at).unwrap_or_default();
        before.iter().rev().take_while(|byte| **byte == b'\\').count() % 4 != 3
    };
    let mut start = 0;
    while start < escaped.len() {
        let unclear = start + len_without_other_quotes(escaped.get(start.saturating_sub(BEFORE)..)?, start.min(BEFORE));
        let end = escaped.len().min(unclear + LANE);
        let quotes = memchr::memchr_iter(b'"', escaped.get(unclear..end)?).map(|at| unclear + at);
        if let Some(at) = quotes.into_iter().find(is_other) {
            return Some(at);
        }
        start = end;
    }
    None
}

/// How many bytes are looked at together.
const LANE: usize = 64;
/// How many bytes before a quote tell whether it has just three backslashes before it.
const BEFORE: usize = 4;

/// From `skipped` on, how many bytes there are, in whole lanes, without a quote that has not just three backslashes before it.
///
/// Written so that the compiler makes vector code of it, with AVX2 where the machine has it.
#[multiversion::multiversion(targets("x86_64+avx2"))]
fn len_without_other_quotes(text: &[u8], skipped: usize) -> usize {
    let mut len = 0;
    while skipped == BEFORE
        && let Some(window) = text.get(len..).and_then(<[u8]>::first_chunk::<{ LANE + BEFORE }>)
    {
        let back = |count: usize| window.get(BEFORE - count..BEFORE - count + LANE).unwrap_or_default();
        let before = back(1).iter().zip(back(2)).zip(back(3)).zip(back(4));
        let other = back(0).iter().zip(before).fold(0, |other, (byte, (((first, second), third), fourth))| {
            let is_three = (*first == b'\\') & (*second == b'\\') & (*third == b'\\') & (*fourth != b'\\');
            other | u8::from((*byte == b'"') & !is_three)
        });
        if other != 0 {
            break;
        }
        len += LANE;
    }
    len
}

fn read_one_by_one(escaped: &[u8], bytes: &mut Vec<u8>) -> Option<()> {
    let read = |text: &str| serde_json::from_str::<String>(&format!("\"{text}\"")).ok();
    let text = read(&read(std::str::from_utf8(escaped).ok()?)?)?;
    bytes.clear();
    bytes.extend_from_slice(text.as_bytes());
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(escaped: &str) -> Option<String> {
        let mut bytes = Vec::new();
        read_twice(escaped.as_bytes(), &mut bytes)?;
        Some(String::from_utf8(bytes).unwrap())
    }

    #[test]
    fn text_is_read_as_two_strings_would_be() {
        let cases = [
            ("", ""),
            ("plain ü", "plain ü"),
            (r#"{\\\"a\\\":\\\"b\\\"}"#, r#"{"a":"b"}"#),
            (r#"\\\\\\\"quoted\\\\\\\""#, r#"\"quoted\""#),
            (r"C:\\\\\\\\temp\\\\nothing\\\\", r"C:\\temp\nothing\"),
            (r"two\\r\\nlines\\tand a\\u2028b", "two\r\nlines\tand a\u{2028}b"),
            (r"a\\/b\\b\\f", "a/b\u{8}\u{c}"),
            (r"\u005c\u005cn \\\\u0041", r"\n \u0041"),
        ];
        for (escaped, text) in cases {
            assert_eq!(read(escaped).as_deref(), Some(text), "{escaped}");
        }
    }

    #[test]
    fn what_is_no_string_in_a_string_is_not_read() {
        for broken in [r#"a"b"#, r#"a\"b"#, r#"a\\"b"#, r"a\", r"a\\", "a\nb", r"a\nb", r"\\q", r"\\ud800"] {
            assert_eq!(read(broken), None, "{broken}");
        }
    }
}
