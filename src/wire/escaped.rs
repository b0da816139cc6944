//! Text in a JSON string in a JSON string, read in one pass: how dataType string arrives.

use std::sync::LazyLock;

use crate::json::{Pairs, all_but, backslashes_at_end, has_controls};

/// Where something else than plain text stands: the last backslash of a run, and a quote without one.
static SPECIAL: LazyLock<Pairs> = LazyLock::new(|| {
    let [near, far] = all_but(b'\\');
    let ends_of_runs = Pairs::default().with([b'\\'], near.clone()).with([b'\\'], far.clone());
    ends_of_runs.with(near, [b'"']).with(far, [b'"'])
});

/// Writes into `buffer` the text that `escaped` holds, twice in a string, and returns how many bytes it has; `None` where
/// it holds none, or is not escaped as the host escapes.
///
/// The host writes a quote as `\\\"` and a backslash as `\\\\`; a control character has two backslashes. Other escapes
/// are rare and read by serde, one string after the other.
pub(super) fn read_twice(escaped: &[u8], buffer: &mut Vec<u8>) -> Option<usize> {
    if buffer.len() < escaped.len() {
        buffer.resize(escaped.len(), 0);
    }
    let mut reader = Reader { escaped, read: 0, buffer, written: 0 };
    let is_plain = SPECIAL.for_each(escaped, &mut |at| reader.special(at).is_some());
    // A string holds no control characters but escaped ones, and the host writes UTF-8.
    if !is_plain.unwrap_or_default() && (has_controls(escaped) || std::str::from_utf8(escaped).is_err()) {
        return None;
    }
    // Of the last byte, and of a first one alone, no pair tells.
    if is_plain.is_none() || escaped.ends_with(b"\\") || escaped.starts_with(b"\"") {
        return read_one_by_one(escaped, buffer);
    }
    reader.copy(escaped.len())?;
    Some(reader.written)
}

/// How far a text was read, and where its plain form goes; that is never longer.
struct Reader<'a> {
    escaped: &'a [u8],
    read: usize,
    buffer: &'a mut [u8],
    written: usize,
}

/// How many bytes are copied at once where fewer count: an instruction instead of a call.
const CHUNK: usize = 16;

impl Reader<'_> {
    /// Reads up to behind the run of backslashes whose last one stands at `at`, and what it escapes.
    fn special(&mut self, at: usize) -> Option<()> {
        // By far the most.
        if let Some([before, b'\\', b'\\', b'\\', b'"']) =
            at.checked_sub(3).and_then(|start| self.escaped.get(start..at + 2))
            && *before != b'\\'
        {
            self.copy(at - 2)?;
            self.read = at + 2;
            return self.write(b'"');
        }
        let run = backslashes_at_end(self.escaped.get(self.read..=at)?);
        let behind = *self.escaped.get(at + 1)?;
        let escapes = match (run % 4, behind) {
            (3, b'"') => Some(b'"'),
            (2, b'n') => Some(b'\n'),
            (2, b'r') => Some(b'\r'),
            (2, b't') => Some(b'\t'),
            (0, next) if run > 0 && next != b'"' => None,
            _ => return None,
        };
        self.copy(at + 1 - run)?;
        for _ in 0..run / 4 {
            self.write(b'\\')?;
        }
        self.read = at + 1;
        if let Some(byte) = escapes {
            self.write(byte)?;
            self.read += 1;
        }
        Some(())
    }

    fn write(&mut self, byte: u8) -> Option<()> {
        *self.buffer.get_mut(self.written)? = byte;
        self.written += 1;
        Some(())
    }

    /// Copies plain text up to `end`.
    fn copy(&mut self, end: usize) -> Option<()> {
        let len = end.checked_sub(self.read)?;
        let from = self.escaped.get(self.read..)?;
        let to = self.buffer.get_mut(self.written..)?;
        match (from.first_chunk::<CHUNK>(), to.first_chunk_mut::<CHUNK>()) {
            (Some(from), Some(to)) if len <= CHUNK => *to = *from,
            _ => to.get_mut(..len)?.copy_from_slice(from.get(..len)?),
        }
        self.written += len;
        Some(())
    }
}

fn read_one_by_one(escaped: &[u8], buffer: &mut [u8]) -> Option<usize> {
    let read = |text: &str| serde_json::from_str::<String>(&format!("\"{text}\"")).ok();
    let text = read(&read(std::str::from_utf8(escaped).ok()?)?)?;
    buffer.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
    Some(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(escaped: &str) -> Option<String> {
        let mut buffer = Vec::new();
        let len = read_twice(escaped.as_bytes(), &mut buffer)?;
        buffer.truncate(len);
        Some(String::from_utf8(buffer).unwrap())
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

    proptest::proptest! {
        #![proptest_config(proptest::test_runner::Config { cases: 5_000, ..Default::default() })]

        #[test]
        fn any_text_is_read_as_two_strings_would_be(
            pieces in proptest::collection::vec(
                proptest::sample::select(vec![
                    "\\", "\\\\", r#"\\\""#, r"\\\\", "\"", "n", "t", "u0041", "/", "a", "plain text of some length", "é", "\n",
                ]),
                0..20,
            )
        ) {
            let escaped = pieces.concat();

            let mut buffer = [0; 1000];
            let two_strings = read_one_by_one(escaped.as_bytes(), &mut buffer).map(|len| buffer[..len].to_vec());

            assert_eq!(read(&escaped).map(String::into_bytes), two_strings, "{escaped}");
        }
    }
}
