//! Where a JSON object ends, told by its quotes and brackets alone.

use std::sync::LazyLock;

use super::{Pairs, all_but};

/// A quote behind anything but a backslash, and two backslashes.
static QUOTES: LazyLock<Pairs> = LazyLock::new(|| {
    let [near, far] = all_but(b'\\');
    Pairs::default().with(near, [b'"']).with(far, [b'"']).with([b'\\'], [b'\\'])
});

/// Whether `text` is outlined as one object: strings end, brackets close, and nothing stands behind the last one.
///
/// What stands between the brackets is not checked, so the text may still be no JSON.
#[must_use]
pub fn is_outlined_object(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut outline = Outline { bytes, read: 0, depth: 0, in_string: false };
    let quotes = QUOTES.for_each(bytes, &mut |at| match bytes.get(at..) {
        // Of a run of backslashes only the first pair counts; an even run escapes no quote behind it.
        Some([b'\\', ..]) if at.checked_sub(1).and_then(|before| bytes.get(before)) == Some(&b'\\') => true,
        Some(run @ [b'\\', ..]) => {
            let len = run.iter().take_while(|byte| **byte == b'\\').count();
            !len.is_multiple_of(2) || run.get(len) != Some(&b'"') || outline.quote(at + len)
        }
        _ => outline.quote(at + 1),
    });
    bytes.starts_with(b"{")
        && quotes.is_some()
        && !outline.in_string
        && outline.brackets(bytes.len())
        && outline.depth == 0
}

/// How far a text was followed.
struct Outline<'a> {
    bytes: &'a [u8],
    read: usize,
    depth: usize,
    in_string: bool,
}

impl Outline<'_> {
    /// Goes on behind the next quote that is not escaped.
    fn quote(&mut self, at: usize) -> bool {
        let is_sound = self.in_string || (self.brackets(at) && self.depth > 0);
        self.in_string = !self.in_string;
        self.read = at + 1;
        is_sound
    }

    /// Counts the brackets before `end`; nothing may stand behind the one that closes the object.
    fn brackets(&mut self, end: usize) -> bool {
        for (at, byte) in self.bytes.iter().enumerate().take(end).skip(self.read) {
            match byte {
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
            if self.depth == 0 && at + 1 != self.bytes.len() {
                return false;
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::is_outlined_object;

    #[test]
    fn an_object_ends_with_the_text() {
        for text in ["{}", r#"{"a":"}\"]","b":[{"c":{}}],"d":"\\"}"#, r#"{"a":"[\"x\"]"}"#] {
            assert!(is_outlined_object(text), "{text}");
        }
        for text in ["", "[]", "{", "{}{}", "{} ", "x{}", "{}}", r#"{"a"#, r#"{"a":"\"}"#, r#"{},"Data":{}"#, "\"{}\""]
        {
            assert!(!is_outlined_object(text), "{text}");
        }
    }
}
