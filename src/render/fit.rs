//! An alert as a queue message, cut to what a queue takes.
//!
//! A queue message may hold 64 KiB of base64, so 49,152 bytes of ours; a longer one would fail the whole invocation.

use serde_json::Value;

use super::cut::{Cut, Limits};
use super::fields;
use crate::alert::Alert;
use crate::json::{Object, for_each_element, quoted};

/// The longest message, in bytes.
pub const MAX_MESSAGE_BYTES: usize = 49_152;
/// How deep a message may be nested.
const MAX_DEPTH: usize = 64;
/// How many pointers `truncated` may hold; more become the pointers of the parts that they point into.
const MAX_POINTERS: usize = 24;
/// The pointer of all records, which tells that some are missing and nothing of those that are there.
const RECORDS: &str = "/records";
/// The pointer of the first record, the last to be cut.
const FIRST_RECORD: &str = "/records/0/record";
/// What the first record keeps before strings are cut in the whole message.
const RECORD_SHARE: usize = 16 * 1024;
/// What an entry of `records` has besides its parts.
const ENTRY_BYTES: usize = "{\"source\":,\"record\":},".len();
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
    if message.len() <= MAX_MESSAGE_BYTES && (brackets(&message) <= MAX_DEPTH || depth(&message) <= MAX_DEPTH) {
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
        self.drop_long_fields();
        self.drop_last_fields(RECORD_SHARE);
        for limits in STEPS {
            if self.excess() == 0 {
                break;
            }
            self.cut(*limits);
        }
        self.drop_last_fields(0);
        self.text()
    }

    /// Leaves out the last records; the number of matches stays in `window.matchCount`.
    fn drop_records(&mut self) {
        let before = self.records.len();
        while self.records.len() > 1 && self.excess() > 0 {
            self.records.pop();
        }
        if self.records.len() < before {
            self.truncated.push("/records".to_owned());
            let kept = self.records.len();
            self.truncated.retain(|pointer| (kept..before).all(|gone| !is_under(pointer, &format!("/records/{gone}"))));
        }
    }

    /// Leaves out fields of the first record, the longest first.
    fn drop_long_fields(&mut self) {
        let excess = self.excess();
        let Some((_, record)) = self.records.first_mut().filter(|_| excess > 0) else { return };
        let Some((shorter, pointers)) = fields::without_longest(record, excess) else { return };
        *record = shorter;
        self.truncated.extend(pointers);
        self.tidy();
    }

    /// Leaves out the first record's last fields, down to `floor` bytes: those that are left are small, and many.
    fn drop_last_fields(&mut self, floor: usize) {
        let excess = self.excess();
        let Some((_, record)) = self.records.first_mut().filter(|(_, record)| excess > 0 && record.len() > floor)
        else {
            return;
        };
        let room = record.len().saturating_sub(excess + FIRST_RECORD.len() + 8);
        *record = fields::first_of(record, room.max(floor));
        self.truncated.push(FIRST_RECORD.to_owned());
        self.tidy();
    }

    fn cut(&mut self, limits: Limits) {
        for (key, value) in &mut self.fields {
            // The form of summary and entities is ours and never deep: only their strings are others'.
            let depth = match key.as_str() {
                "alertContext" => limits.depth,
                "summary" | "entities" => MAX_DEPTH,
                _ => continue,
            };
            *value = Cut::new(Limits { depth, ..limits }, format!("/{key}"), &mut self.truncated).apply(value);
        }
        for (index, (source, record)) in self.records.iter_mut().enumerate() {
            let source_limits = Limits { depth: limits.depth.max(2), ..limits };
            *source = Cut::new(source_limits, format!("/records/{index}/source"), &mut self.truncated).apply(source);
            *record = Cut::new(limits, format!("/records/{index}/record"), &mut self.truncated).apply(record);
        }
        self.tidy();
    }

    /// Keeps of the pointers those that say something: none twice, none below another, and few.
    fn tidy(&mut self) {
        if self.truncated.len() > MAX_POINTERS {
            for pointer in &mut self.truncated {
                *pointer = root_of(pointer);
            }
        }
        let all = std::mem::take(&mut self.truncated);
        for pointer in &all {
            let is_told = all.iter().any(|other| other != RECORDS && pointer != other && is_under(pointer, other));
            if !is_told && !self.truncated.contains(pointer) {
                self.truncated.push(pointer.clone());
            }
        }
    }

    fn set(&mut self, name: &str, raw: String) {
        if let Some((_, value)) = self.fields.iter_mut().find(|(key, _)| key == name) {
            *value = raw;
        }
    }

    /// How many bytes the message is too long.
    fn excess(&self) -> usize {
        let is_fixed = |key: &str| !matches!(key, "records" | "truncated");
        let fields =
            self.fields.iter().filter(|(key, _)| is_fixed(key)).map(|(key, value)| key.len() + value.len() + 4);
        let records = self.records.iter().map(|(source, record)| source.len() + record.len() + ENTRY_BYTES);
        let truncated = self.truncated.iter().map(|pointer| quoted(pointer).len() + 1);
        let len: usize = fields.chain(records).chain(truncated).sum();
        (len + "{\"records\":[],\"truncated\":[]}".len()).saturating_sub(MAX_MESSAGE_BYTES)
    }

    fn text(mut self) -> String {
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

/// Whether a pointer points to another's value or into it.
fn is_under(pointer: &str, other: &str) -> bool {
    pointer.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The part of the message that a pointer points into: `/alertContext`, `/records/0/record` and the like.
fn root_of(pointer: &str) -> String {
    let steps = if is_under(pointer, RECORDS) { 4 } else { 2 };
    pointer.split('/').take(steps).collect::<Vec<_>>().join("/")
}

/// How many brackets open in a text, those in strings included: it is no deeper than that, and they are quickly counted.
fn brackets(message: &str) -> usize {
    message.bytes().filter(|byte| matches!(byte, b'{' | b'[')).count()
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
