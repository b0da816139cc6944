//! The walk through the text of an event, from values to records.

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::form::{NormalForm, is_of_hub};
use super::piece::{Piece, Reason};
use super::record::Record;
use super::salvage::{Part, salvage};
use super::tables::{is_of_table, tables};
use crate::json::{Kind, Object, Value, mend_lone_surrogates};
use crate::source::Marks;

/// How deep arrays, envelopes and strings may hold one another before it counts as a fault.
const MAX_LAYERS: usize = 8;

/// The walk: where the pieces go, and what is known of all of them.
pub(super) struct Walk<'f> {
    each: &'f mut dyn FnMut(Piece<'_>),
    marks: Marks,
    index: usize,
}

impl<'f> Walk<'f> {
    /// Has given out nothing yet; `marks` are those of the whole event.
    pub(super) fn new(each: &'f mut dyn FnMut(Piece<'_>), marks: Marks) -> Self {
        Self { each, marks, index: 0 }
    }

    /// Reads JSON values standing one after another, with or without white space between them.
    pub(super) fn text(&mut self, text: &str, layer: usize) {
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
        if text.starts_with('{') && layer <= MAX_LAYERS {
            return self.first_object(text, layer);
        }
        let mut values = serde_json::Deserializer::from_str(text).into_iter::<&RawValue>();
        let value = Value::from_raw(values.next()?.ok()?);
        self.value(value, layer);
        Some(values.byte_offset())
    }

    /// Passes on what the object holds that `text` begins with and returns its length; `None` if there is none. Nearly every text
    /// and element is one, and need not be read once to find its end and once to take it apart.
    fn first_object(&mut self, text: &str, layer: usize) -> Option<usize> {
        let mut objects = serde_json::Deserializer::from_str(text).into_iter::<Object<'_>>();
        let object = objects.next()?.ok()?;
        let len = objects.byte_offset();
        self.object(text.split_at(len).0, object, layer);
        Some(len)
    }

    /// Gives out what the elements of an array hold, whose text was checked.
    fn elements(&mut self, array: &str, layer: usize) {
        let mut rest = array.strip_prefix('[').unwrap_or_default();
        loop {
            rest = rest.trim_start_matches(|c: char| c == ',' || c.is_ascii_whitespace());
            if rest.is_empty() || rest.starts_with(']') {
                return;
            }
            let object =
                if layer <= MAX_LAYERS && rest.starts_with('{') { self.first_object(rest, layer) } else { None };
            let read = object.unwrap_or_else(|| {
                let value = Value::first_of(rest);
                self.value(value, layer);
                value.raw().len()
            });
            rest = rest.split_at(read).1;
        }
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
            Kind::Array => self.elements(value.raw(), layer + 1),
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

    pub(super) fn undecodable(&mut self, reason: Reason, text: Cow<'_, str>) {
        let index = self.next_index();
        (self.each)(Piece::Undecodable { reason, text, index });
    }

    fn next_index(&mut self) -> usize {
        self.index += 1;
        self.index - 1
    }
}

/// White space, byte order marks and record separators between values.
pub(super) fn is_gap(character: char) -> bool {
    character.is_ascii_whitespace() || matches!(character, '\u{feff}' | '\u{1e}' | '\0')
}
