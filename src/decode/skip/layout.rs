//! How an event is laid out, as far as it decides what its records are.

use super::Escaping;

/// The layout of an event that is one record, or Azure's envelope of records and nothing else.
#[derive(Debug)]
pub(super) struct Layout<'a> {
    text: &'a [u8],
    /// In an envelope, where its list opens.
    list: Option<usize>,
    records: u64,
}

impl<'a> Layout<'a> {
    /// Takes a text without white space around it; `None` where it is neither of the two.
    pub(super) fn of(text: &'a [u8], escaping: Escaping) -> Option<Self> {
        let list = match escaping {
            Escaping::None => envelope(text),
            Escaping::Twice => None,
        };
        let inside = text.strip_suffix(b"}")?;
        if list.is_some() {
            // A list whose last element is an object, so that none of another list's could be the last.
            inside.trim_ascii_end().strip_suffix(b"]")?.trim_ascii_end().strip_suffix(b"}")?;
        }
        let first = text.strip_prefix(b"{")?.trim_ascii_start().first()?;
        matches!((escaping, first), (Escaping::None, b'"') | (Escaping::Twice, b'\\')).then_some(Self {
            text,
            list,
            records: 1,
        })
    }

    /// Whether it is an envelope; otherwise it is one record.
    pub(super) fn is_envelope(&self) -> bool {
        self.list.is_some()
    }

    /// How many records were seen.
    pub(super) fn records(&self) -> u64 {
        self.records
    }

    /// Looks at a bracket, a comma or a key; `false` where the event may be laid out in another way.
    pub(super) fn takes(&mut self, at: usize) -> bool {
        match self.text.get(at) {
            Some(b'}') => match self.next(at + 1) {
                None | Some((b'}', _)) => true,
                Some((b']', bracket)) => !self.is_envelope() || self.ends_behind(bracket),
                Some((b',', comma)) => !self.is_envelope() || self.goes_on_as_expected(comma + 1),
                // The end of a string, or the start of one that stands on its own behind an object.
                Some(_) => false,
            },
            // An object behind another one was seen there; behind anything else it stands in a list of another kind.
            Some(b',') => {
                let is_object = matches!(self.next(at + 1), Some((b'{', _)));
                !is_object || self.before(at).ends_with(b"}")
            }
            Some(b'[') => self.list == Some(at) || self.is_other_list(at),
            Some(b'n' | b'N') => self.is_followed_by_string(at + 5) || !self.is_key(b"operationName", at, 8),
            Some(b'd' | b'D') => !self.is_key(b"records", at, 5) || self.list.is_some_and(|list| at < list),
            _ => true,
        }
    }

    /// Whether behind this bracket comes one more, and no more: in an envelope, the list ends where the text does.
    fn ends_behind(&self, bracket: usize) -> bool {
        self.next(bracket + 1).is_some_and(|(byte, last)| byte == b'}' && last + 1 == self.text.len())
    }

    /// In an envelope, behind the comma that follows an object: the next record, or the next key of an object. Anything
    /// else is an element of the list that is no record.
    fn goes_on_as_expected(&mut self, from: usize) -> bool {
        match self.next(from) {
            Some((b'{', open)) => {
                self.records += 1;
                // `},{"` and a letter: none of it stands in a string, where the quote would be escaped, or be its end.
                let quote = self.next(open + 1).filter(|(byte, _)| *byte == b'"');
                quote.and_then(|(_, quote)| self.text.get(quote + 1)).is_some_and(u8::is_ascii_alphanumeric)
            }
            Some((b'"', quote)) => self.is_any_key(quote),
            _ => false,
        }
    }

    /// Whether the string that begins at `quote` is a key without escapes.
    fn is_any_key(&self, quote: usize) -> bool {
        let inside = self.text.get(quote + 1..).unwrap_or_default();
        let key = memchr::memchr2(b'"', b'\\', inside);
        let end = key.filter(|end| inside.get(*end) == Some(&b'"'));
        end.is_some_and(|end| matches!(self.next(quote + end + 2), Some((b':', _))))
    }

    /// A list that holds no records: no `value` of the REST API, and in an envelope none that begins with a bracket.
    fn is_other_list(&self, at: usize) -> bool {
        let before = self.before(at);
        let behind_key = before.strip_suffix(b":").unwrap_or_default().trim_ascii_end();
        let key = behind_key.strip_suffix(b"\"").unwrap_or_default();
        let key = key.strip_suffix(b"\\\\\\").unwrap_or(key);
        let is_value = key.last_chunk::<5>().is_some_and(|key| key.eq_ignore_ascii_case(b"value"));
        // White space that the host has escaped, before the bracket or before the colon.
        let is_escaped_space = |end: &[u8]| [b"\\n", b"\\r", b"\\t"].iter().any(|space| end.ends_with(*space));
        let is_unclear = is_escaped_space(before) || is_escaped_space(behind_key);
        let holds_lists = self.list.is_some() && matches!(self.next(at + 1), Some((b'{' | b'[', _)));
        !is_value && !is_unclear && !holds_lists
    }

    /// Whether a key of this name ends here, whose byte number `offset` stands at `at`.
    fn is_key(&self, name: &[u8], at: usize, offset: usize) -> bool {
        let key = at.checked_sub(offset).and_then(|start| self.text.get(start..start + name.len()));
        let quote = self.text.get(at + name.len() - offset);
        key.is_some_and(|key| key.eq_ignore_ascii_case(name)) && matches!(quote, Some(b'"' | b'\\'))
    }

    /// Whether behind the key that ends before `at` come a colon and a string.
    fn is_followed_by_string(&self, at: usize) -> bool {
        let text = self.text.get(at..).unwrap_or_default();
        if text.starts_with(b"\":\"") {
            return true;
        }
        let bytes = text.iter().filter(|byte| !byte.is_ascii_whitespace() && **byte != b'\\');
        bytes.take(3).eq(b"\":\"")
    }

    /// What stands before a place, without the white space at its end.
    fn before(&self, at: usize) -> &'a [u8] {
        self.text.get(..at).unwrap_or_default().trim_ascii_end()
    }

    /// The next byte that is no white space, and its place.
    fn next(&self, from: usize) -> Option<(u8, usize)> {
        let rest = self.text.get(from..).unwrap_or_default();
        let skipped = rest.iter().position(|byte| !byte.is_ascii_whitespace())?;
        Some((*rest.get(skipped)?, from + skipped))
    }
}

/// Where the list opens of an event that begins with `{"records":[{`.
fn envelope(text: &[u8]) -> Option<usize> {
    let mut rest = text;
    for token in [b"{".as_slice(), b"\"records\"", b":"] {
        rest = rest.strip_prefix(token)?.trim_ascii_start();
    }
    let list = text.len() - rest.len();
    rest.strip_prefix(b"[")?.trim_ascii_start().strip_prefix(b"{").map(|_| list)
}
