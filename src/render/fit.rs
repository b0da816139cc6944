//! An alert as a queue message, cut to what a queue takes.
//!
//! A queue message may hold 64 KiB of base64, so 49,152 bytes of ours; a longer one would fail the whole invocation.

use serde_json::Value;

use super::cut::{Cut, Limits};
use crate::alert::Alert;
use crate::json::{Object, for_each_element, quoted};

/// The longest message, in bytes.
pub const MAX_MESSAGE_BYTES: usize = 49_152;
/// How deep a message may be nested.
const MAX_DEPTH: usize = 64;
/// A record's field that is not longer than this is not worth leaving out.
const SMALL_FIELD_BYTES: usize = 512;
/// How hard strings and nesting are cut, one step after another, until the message fits.
const STEPS: &[Limits] = &[
    Limits { string_bytes: 8192, depth: 32 },
    Limits { string_bytes: 2048, depth: 16 },
    Limits { string_bytes: 1024, depth: 8 },
    Limits { string_bytes: 256, depth: 4 },
    Limits { string_bytes: 128, depth: 2 },
    Limits { string_bytes: 64, depth: 1 },
];

/// The alert's compact JSON, at most [`MAX_MESSAGE_BYTES`] long and 64 deep; what was cut stands in `truncated`.
#[must_use]
pub fn queue_message(alert: &Alert<'_>) -> String {
    let message = serde_json::to_string(alert).unwrap_or_default();
    if message.len() <= MAX_MESSAGE_BYTES && depth(&message) <= MAX_DEPTH {
        return message;
    }
    Draft::read(&message).map_or(message, Draft::fitted)
}

/// A message taken apart into what may be cut and what may not.
struct Draft {
    /// The fields in order, each with its raw value; `records` is taken out.
    fields: Vec<(String, String)>,
    /// The records, each as its source and its text.
    records: Vec<(String, String)>,
    truncated: Vec<String>,
}

impl Draft {
    fn read(message: &str) -> Option<Self> {
        let object = Object::parse(message).ok()?;
        let mut records = Vec::new();
        let mut read = |entry: crate::json::Value<'_>| {
            let entry = Object::parse(entry.raw()).unwrap_or_default();
            let part = |name| entry.get(name).map_or("null", crate::json::Value::raw).to_owned();
            records.push((part("source"), part("record")));
        };
        for_each_element(object.get("records")?.raw(), &mut read).ok()?;
        let fields = object.fields().map(|(key, value)| (key.to_owned(), value.raw().to_owned())).collect();
        Some(Self { fields, records, truncated: Vec::new() })
    }

    fn fitted(mut self) -> String {
        self.cut(Limits { string_bytes: usize::MAX, depth: MAX_DEPTH - 4 });
        self.drop_records();
        self.drop_fields();
        for limits in STEPS {
            if self.len() <= MAX_MESSAGE_BYTES {
                break;
            }
            self.cut(*limits);
        }
        if self.len() > MAX_MESSAGE_BYTES {
            self.truncated = vec!["/alertContext".to_owned(), "/records/0/record".to_owned()];
            self.records.truncate(1);
            self.records.iter_mut().for_each(|(_, record)| "{}".clone_into(record));
            self.set("alertContext", "{}".to_owned());
        }
        self.text()
    }

    /// Leaves out the last records; the number of matches stays in `window.matchCount`.
    fn drop_records(&mut self) {
        let before = self.records.len();
        while self.records.len() > 1 && self.len() > MAX_MESSAGE_BYTES {
            self.records.pop();
        }
        if self.records.len() < before {
            self.truncated.push("/records".to_owned());
        }
    }

    /// Leaves out fields of the first record, the longest first.
    fn drop_fields(&mut self) {
        while self.len() > MAX_MESSAGE_BYTES {
            let Some((_, record)) = self.records.first_mut() else { return };
            let Some((pointer, shorter)) = without_longest_field(record) else { return };
            *record = shorter;
            self.truncated.push(pointer);
        }
    }

    fn cut(&mut self, limits: Limits) {
        for (key, value) in &mut self.fields {
            if matches!(key.as_str(), "alertContext" | "summary" | "entities") {
                *value = Cut::new(limits, format!("/{key}"), &mut self.truncated).apply(value);
            }
        }
        for (index, (source, record)) in self.records.iter_mut().enumerate() {
            let source_limits = Limits { depth: limits.depth.max(2), ..limits };
            *source = Cut::new(source_limits, format!("/records/{index}/source"), &mut self.truncated).apply(source);
            *record = Cut::new(limits, format!("/records/{index}/record"), &mut self.truncated).apply(record);
        }
    }

    fn set(&mut self, name: &str, raw: String) {
        if let Some((_, value)) = self.fields.iter_mut().find(|(key, _)| key == name) {
            *value = raw;
        }
    }

    fn len(&self) -> usize {
        let fields: usize = self
            .fields
            .iter()
            .filter(|(key, _)| !matches!(key.as_str(), "records" | "truncated"))
            .map(|(key, value)| key.len() + value.len() + 4)
            .sum();
        let records: usize = self.records.iter().map(|entry| entry_text(entry).len() + 1).sum();
        let truncated: usize = self.truncated.iter().map(|pointer| quoted(pointer).len() + 1).sum();
        fields + records + truncated + "{\"records\":[],\"truncated\":[]}".len()
    }

    fn text(mut self) -> String {
        self.truncated.dedup();
        let records: Vec<_> = self.records.iter().map(entry_text).collect();
        let records = format!("[{}]", records.join(","));
        self.set("records", records);
        let truncated = Value::from(std::mem::take(&mut self.truncated)).to_string();
        self.set("truncated", truncated);
        let fields: Vec<_> = self.fields.iter().map(|(key, value)| format!("{}:{value}", quoted(key))).collect();
        format!("{{{}}}", fields.join(","))
    }
}

fn entry_text((source, record): &(String, String)) -> String {
    format!("{{\"source\":{source},\"record\":{record}}}")
}

/// The record without its longest field, and the field's pointer; `None` where all are small.
fn without_longest_field(record: &str) -> Option<(String, String)> {
    let record = Object::parse(record).ok()?;
    let (longest, (key, value)) = record.fields().enumerate().max_by_key(|(_, (_, value))| value.raw().len())?;
    if value.raw().len() <= SMALL_FIELD_BYTES || key.len() > SMALL_FIELD_BYTES {
        return None;
    }
    let kept: Vec<_> = record
        .fields()
        .enumerate()
        .filter(|(number, _)| *number != longest)
        .map(|(_, (key, value))| format!("{}:{}", quoted(key), value.raw()))
        .collect();
    Some((format!("/records/0/record/{}", super::cut::pointer_token(key)), format!("{{{}}}", kept.join(","))))
}

/// How deep brackets are nested outside of strings.
fn depth(message: &str) -> usize {
    use crate::json::{Token, Tokens};
    let (mut depth, mut deepest) = (0usize, 0);
    for token in Tokens::new(message) {
        match token {
            Token::Open(_) => depth += 1,
            Token::Close(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}
