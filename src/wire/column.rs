//! What the host says of each event of a batch: a list in its metadata.

use std::borrow::Cow;
use std::cell::Cell;

use super::metadata::scalar;
use crate::json::Value;

/// A JSON value for each event, read no further than to the last event that was asked for.
#[derive(Debug, Default)]
pub(super) struct Column<'m> {
    elements: Cow<'m, str>,
    /// Whether commas part the elements, and strings still have their backslashes.
    is_plain: bool,
    /// The number of the element that was asked for last, and where it begins: events are asked for in order.
    last: Cell<(u64, usize)>,
}

impl<'m> Column<'m> {
    /// Takes an array, or the text of one in a string; anything else has no elements.
    pub(super) fn of_array(array: Value<'m>) -> Self {
        let raw = array.raw().trim_matches('"');
        let is_plain = is_plain(raw);
        let unescaped = if is_plain { None } else { array.as_str() };
        let elements = match unescaped {
            Some(Cow::Owned(text)) => Cow::Owned(elements_of(&text).to_owned()),
            Some(Cow::Borrowed(_)) | None => Cow::Borrowed(elements_of(raw)),
        };
        Self { elements, is_plain, last: Cell::default() }
    }

    pub(super) fn of_one(value: Value<'m>) -> Self {
        Self { elements: value.raw().into(), is_plain: false, last: Cell::default() }
    }

    /// The text between the brackets.
    pub(super) fn elements(&self) -> &str {
        &self.elements
    }

    fn element(&self, index: u64) -> Option<&str> {
        let end_of_first = |list: &str| {
            if self.is_plain { memchr::memchr(b',', list.as_bytes()) } else { Some(Value::first_of(list).raw().len()) }
        };
        let (mut number, mut start) = Some(self.last.get()).filter(|(last, _)| *last <= index).unwrap_or_default();
        while number < index {
            let list = self.elements.get(start..)?;
            let after = list.get(end_of_first(list)?..)?.trim_start().strip_prefix(',')?;
            (number, start) = (number + 1, self.elements.len() - after.len());
            self.last.set((number, start));
        }
        let list = self.elements.get(start..)?;
        list.get(..end_of_first(list).unwrap_or(list.len())).map(str::trim)
    }

    pub(super) fn value(&self, index: u64) -> Option<Value<'_>> {
        Value::parse(self.element(index)?).ok()
    }

    pub(super) fn scalar(&self, index: u64) -> Option<Cow<'_, str>> {
        let quoted = self.element(index).filter(|_| self.is_plain).and_then(|element| element.strip_prefix("\\\""));
        match quoted {
            Some(text) => text.strip_suffix("\\\"").map(Cow::Borrowed),
            None => scalar(self.value(index)?).map(Cow::Owned),
        }
    }
}

/// Whether a list has nothing but numbers, or strings that have neither commas nor escapes, as the host's lists of sequence
/// numbers and times do: then each comma ends an element, and in a string each quote has the only backslash.
fn is_plain(list: &str) -> bool {
    let count = |byte| memchr::memchr_iter(byte, list.as_bytes()).count();
    let (quotes, elements) = (count(b'"'), count(b',') + 1);
    count(b'{') == 0 && count(b'[') == 1 && count(b'\\') == quotes && (quotes == 0 || quotes == 2 * elements)
}

/// What stands between the brackets of an array.
fn elements_of(array: &str) -> &str {
    let array = array.trim();
    array.strip_prefix('[').and_then(|array| array.strip_suffix(']')).unwrap_or_default().trim()
}
