//! One event's bytes, walked down to its records.

use std::borrow::Cow;
use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::Serialize;
use serde_json::value::RawValue;

use super::form::{NormalForm, is_of_hub};
use super::record::Record;
use super::salvage::{Part, salvage};
use super::tables::{is_of_table, tables};
use crate::json::{Kind, Object, Value, for_each_element, mend_lone_surrogates, repaired_utf8};
use crate::source::Marks;

/// How deep arrays, envelopes and strings may hold one another before it counts as a fault.
const MAX_LAYERS: usize = 8;

/// Why something in an event is no record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Reason {
    /// The event has no bytes, or nothing that is more than white space.
    Empty,
    /// The bytes are compressed, UTF-16 or another thing that is no UTF-8 text.
    Unreadable,
    /// Text that is not valid JSON.
    Malformed,
    /// Valid JSON where an object was expected.
    NotAnObject,
    /// An object without an operation name that may be wrapped around records, or an envelope that may hold one beside
    /// its list.
    Wrapper,
    /// Envelopes inside envelopes beyond any that Azure writes.
    TooDeep,
    /// Panther would raise a rule error: a field has a type that the rule cannot evaluate.
    RuleError,
    /// A record that holds the name of an operation that a rule is about, and does not say what decides.
    Undetermined,
    /// Evaluating the event panicked: a bug of ours, caught.
    Panic,
    /// The answer has no room for what may be found in it.
    #[serde(rename = "too-large")]
    TooLarge,
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(formatter)
    }
}

/// What comes out of an event, in order.
#[derive(Debug)]
pub enum Piece<'a> {
    /// A log line, with its place among everything in the event.
    Record {
        /// The log line.
        record: Record<'a>,
        /// How many pieces came before it.
        index: usize,
    },
    /// Something that is no record.
    Undecodable {
        /// Why.
        reason: Reason,
        /// Its text, repaired to UTF-8 where it had to be.
        text: Cow<'a, str>,
        /// How many pieces came before it.
        index: usize,
    },
    /// What an envelope holds besides its records; it comes after them and has no number.
    EnvelopeMembers {
        /// Its members but the lists, with their keys.
        text: String,
    },
}

/// Reads one event: an envelope, bare records, arrays, NDJSON, any of them one after another, or broken ones.
///
/// `each` gets the pieces in the order of the text, but for [`Piece::EnvelopeMembers`]. Bytes that are not UTF-8 are
/// replaced by U+FFFD first, so that one bad byte cannot hide a record.
pub fn read_body(bytes: &[u8], each: &mut dyn FnMut(Piece<'_>)) {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let repaired = repaired_utf8(bytes);
    let text = mend_lone_surrogates(&repaired);
    let marks = Marks {
        invalid_utf8: matches!(repaired, Cow::Owned(_)),
        lone_surrogates: matches!(text, Cow::Owned(_)),
        ..Marks::default()
    };
    let mut reader = Reader { each, marks, index: 0 };
    if text.trim_start_matches(is_gap).is_empty() {
        reader.undecodable(Reason::Empty, Cow::Borrowed(""));
    } else if let Some(decoded) = base64_of_json(text.trim()) {
        read_body(&decoded, reader.each);
    } else if is_unreadable(bytes) {
        reader.undecodable(Reason::Unreadable, Cow::Borrowed(&text));
    } else {
        reader.text(&text, 0);
    }
}

/// The shortest text that is taken for base64; a shorter one cannot hold a record.
const MIN_BASE64_LEN: usize = 64;

/// Returns what a text that is one long word of base64 holds, if that looks like JSON or gzip: some senders encode twice.
pub(crate) fn base64_of_json(text: &str) -> Option<Vec<u8>> {
    if text.len() < MIN_BASE64_LEN || text.starts_with(['{', '[', '"']) {
        return None;
    }
    let decoded = BASE64_STANDARD.decode(text).ok()?;
    matches!(decoded.as_slice(), [b'{' | b'[', ..] | [0x1F, 0x8B, ..] | [0xEF, 0xBB, 0xBF, ..]).then_some(decoded)
}

/// Whether the bytes are gzip, UTF-16 or UTF-32 by their first bytes.
fn is_unreadable(bytes: &[u8]) -> bool {
    let start = bytes.get(..4).unwrap_or(bytes);
    matches!(start, [0x1F, 0x8B, ..] | [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [0, ..] | [_, 0, ..])
}

/// The walk: where the pieces go, and what is known of all of them.
struct Reader<'f> {
    each: &'f mut dyn FnMut(Piece<'_>),
    marks: Marks,
    index: usize,
}

impl Reader<'_> {
    /// Reads JSON values standing one after another, with or without white space between them.
    fn text(&mut self, text: &str, layer: usize) {
        let mut rest = text;
        loop {
            rest = rest.trim_start_matches(is_gap);
            if rest.is_empty() {
                return;
            }
            let Some(read) = self.first_value(rest, layer) else {
                self.marks.salvaged = true;
                return salvage(rest, &mut |part| match part {
                    Part::Value(value) => self.value(value, layer + 1),
                    Part::Malformed(text) => self.undecodable(Reason::Malformed, Cow::Borrowed(text)),
                });
            };
            rest = rest.split_at(read).1;
        }
    }

    /// Passes on what the first value of `text` holds and returns the value's length; `None` if there is no value.
    fn first_value(&mut self, text: &str, layer: usize) -> Option<usize> {
        // Nearly every text is one object, and need not be read once to find its end and once to take it apart.
        if text.starts_with('{') && layer <= MAX_LAYERS {
            let mut objects = serde_json::Deserializer::from_str(text).into_iter::<Object<'_>>();
            let object = objects.next()?.ok()?;
            let len = objects.byte_offset();
            self.object(text.split_at(len).0, object, layer);
            return Some(len);
        }
        let mut values = serde_json::Deserializer::from_str(text).into_iter::<&RawValue>();
        let value = Value::from_raw(values.next()?.ok()?);
        self.value(value, layer);
        Some(values.byte_offset())
    }

    /// Gives out what one value holds.
    fn value(&mut self, value: Value<'_>, layer: usize) {
        if layer > MAX_LAYERS {
            return self.undecodable(Reason::TooDeep, Cow::Borrowed(value.raw()));
        }
        match value.kind() {
            Kind::Object => match Object::parse(value.raw()) {
                Ok(object) => self.object(value.raw(), object, layer),
                Err(_) => self.undecodable(Reason::Malformed, Cow::Borrowed(value.raw())),
            },
            Kind::Array => {
                let read = for_each_element(value.raw(), &mut |element| self.value(element, layer + 1));
                debug_assert!(read.is_ok(), "serde has already checked the array");
            }
            Kind::String | Kind::Null | Kind::Bool | Kind::Int | Kind::Float => match value.as_str() {
                Some(text) => self.string(text, layer),
                None => self.undecodable(Reason::NotAnObject, Cow::Borrowed(value.raw())),
            },
        }
    }

    fn object(&mut self, raw: &str, object: Object<'_>, layer: usize) {
        // As nearly every object is.
        if is_of_hub(&object) && !object.has("records") {
            return self.record(Record::of_hub(raw, object, self.marks));
        }
        let is_record = object.has("operationName");
        let tables = if is_record { Vec::new() } else { tables(&object) };
        if !tables.is_empty() {
            for table in &tables {
                table.for_each_row(&mut |row| self.value(Value::checked(row), layer + 2));
            }
            return self.members(object.fields().filter(|(key, _)| !is_of_table(key)));
        }
        // The REST API lists records as `value`, PowerShell rows as `Results`; in a record of its own these mean nothing.
        let is_list = |(key, value): &(&str, Value<'_>)| {
            let may_list = || ["value", "results"].iter().any(|list| key.eq_ignore_ascii_case(list));
            key.eq_ignore_ascii_case("records") || (!is_record && value.kind() == Kind::Array && may_list())
        };
        let mut is_envelope = false;
        for (_, list) in object.fields().filter(is_list) {
            is_envelope = true;
            if list.kind() != Kind::Null {
                self.value(list, layer + 1);
            }
        }
        if !is_envelope || is_record {
            let normal = NormalForm::of(&object);
            let normalized = normal.as_ref().and_then(|normal| Record::normalized(raw, normal, self.marks));
            return self.record(normalized.unwrap_or_else(|| Record::of_hub(raw, object, self.marks)));
        }
        self.members(object.fields().filter(|member| !is_list(member)));
    }

    fn record(&mut self, record: Record<'_>) {
        let index = self.next_index();
        (self.each)(Piece::Record { record, index });
    }

    /// Gives out what an envelope holds besides its records.
    fn members<'o>(&mut self, members: impl Iterator<Item = (&'o str, Value<'o>)>) {
        let text: String = members.map(|(key, value)| format!("{key}:{},", value.raw())).collect();
        if !text.is_empty() {
            (self.each)(Piece::EnvelopeMembers { text });
        }
    }

    /// A string may hold the JSON text of a record or an envelope.
    fn string(&mut self, text: Cow<'_, str>, layer: usize) {
        if text.trim_start_matches(is_gap).starts_with(['{', '[']) {
            let marks = self.marks;
            let mended = mend_lone_surrogates(&text);
            self.marks.lone_surrogates |= matches!(mended, Cow::Owned(_));
            self.text(&mended, layer + 1);
            self.marks = marks;
        } else {
            self.undecodable(Reason::NotAnObject, text);
        }
    }

    fn undecodable(&mut self, reason: Reason, text: Cow<'_, str>) {
        let index = self.next_index();
        (self.each)(Piece::Undecodable { reason, text, index });
    }

    fn next_index(&mut self) -> usize {
        self.index += 1;
        self.index - 1
    }
}

/// White space, byte order marks and record separators between values.
fn is_gap(character: char) -> bool {
    character.is_ascii_whitespace() || matches!(character, '\u{feff}' | '\u{1e}' | '\0')
}
