//! An alert as a queue message, cut to what a queue takes.
//!
//! A queue message may hold 64 KiB of base64, so 49,152 bytes of ours; a longer one would fail the whole invocation.

use serde_json::value::RawValue;

use super::cut::{Limits, MAX_POINTER_BYTES, Pointers, cut, depth, shortened};
use crate::alert::{Alert, Entities, RecordEntry, Summary};
use crate::json::{Object, quoted, raw_value, to_text};

/// The longest message, in bytes.
pub const MAX_MESSAGE_BYTES: usize = 49_152;
/// How deep a message may be nested.
const MAX_DEPTH: usize = 64;
/// No limit but the depth of a context or record, which is nested in the message itself.
const WHOLE: Limits = Limits { string_bytes: usize::MAX, depth: MAX_DEPTH - 4 };
/// How hard context, summary and entities are cut, one step after another, until they leave room for the first record.
const STEPS: [Limits; 6] = [
    Limits { string_bytes: 8192, depth: 32 },
    Limits { string_bytes: 2048, depth: 16 },
    Limits { string_bytes: 1024, depth: 8 },
    Limits { string_bytes: 256, depth: 4 },
    Limits { string_bytes: 128, depth: 2 },
    Limits { string_bytes: 64, depth: 1 },
];
/// How much of the first record is kept in preference to long strings elsewhere.
const RECORD_SHARE: usize = 16 * 1024;
/// Fields of a record up to this length are equally worth keeping.
const SMALL_FIELD_BYTES: usize = 512;
/// What is kept free until it is known which pointers into the records there are.
const RESERVED: usize = MAX_POINTER_BYTES + 64;

/// The alert's compact JSON, at most [`MAX_MESSAGE_BYTES`] long and 64 deep; `truncated` says what was cut.
#[must_use]
pub fn queue_message(alert: &Alert<'_>) -> String {
    let message = to_text(alert);
    let is_deep = is_deep(alert.alert_context) || alert.records.iter().any(|entry| is_deep(entry.record));
    if message.len() > MAX_MESSAGE_BYTES || is_deep { fitted(alert) } else { message }
}

/// Whether a context or a record is nested too deep for a message.
fn is_deep(part: &RawValue) -> bool {
    // A text cannot be deeper than it has brackets, and these are counted faster.
    memchr::memchr2_iter(b'{', b'[', part.get().as_bytes()).nth(WHOLE.depth).is_some()
        && depth(part.get()) > WHOLE.depth
}

fn fitted(alert: &Alert<'_>) -> String {
    let mut pointers = Pointers::into_part("/records/0/record");
    let first = alert.records.first().map(|entry| (entry, cut_depth(entry.record, &mut pointers)));
    let others: Vec<_> =
        (1..).zip(alert.records.iter().skip(1)).map(|(number, entry)| numbered(number, entry)).collect();

    // First what is said of all matches, as far as it leaves the first record its share.
    let share = first.as_ref().map_or(0, |(entry, record)| frame_bytes(entry) + record.get().len()).min(RECORD_SHARE);
    let about = AboutMatches::fitted(alert, MAX_MESSAGE_BYTES - RESERVED - share);
    let mut draft = about.put_into(alert);
    let room = MAX_MESSAGE_BYTES.saturating_sub(to_text(&draft).len() + RESERVED);

    // Second the first record.
    let first = first.and_then(|(entry, record)| {
        let max_bytes = room.checked_sub(frame_bytes(entry))?;
        Some((entry, fitted_record(&record, max_bytes, &mut pointers)?))
    });
    if let Some((entry, record)) = &first {
        draft.records.push(RecordEntry { record, ..**entry });
        draft.truncated.extend(pointers.into_vec());
        // Third as many of the other records as there is room for.
        let mut room = MAX_MESSAGE_BYTES.saturating_sub(to_text(&draft).len() + "\"/records\",".len());
        for (entry, (record, pointers)) in alert.records.iter().skip(1).zip(&others) {
            let pointer_bytes: usize = pointers.iter().map(|pointer| pointer.len() + "\"\",".len()).sum();
            let Some(left) = room.checked_sub(frame_bytes(entry) + record.get().len() + pointer_bytes) else { break };
            room = left;
            draft.records.push(RecordEntry { record, ..*entry });
            draft.truncated.extend_from_slice(pointers);
        }
    }
    if draft.records.len() < alert.records.len() {
        draft.truncated.push("/records".to_owned());
    }
    to_text(&draft)
}

/// The record of this number as deep as a message may hold it, and the pointers to what was cut.
fn numbered(number: usize, entry: &RecordEntry<'_>) -> (Box<RawValue>, Vec<String>) {
    let mut pointers = Pointers::into_part(&format!("/records/{number}/record"));
    (cut_depth(entry.record, &mut pointers), pointers.into_vec())
}

/// A record as deep as a message may hold it.
fn cut_depth(record: &RawValue, pointers: &mut Pointers) -> Box<RawValue> {
    if is_deep(record) { cut(record, WHOLE, pointers) } else { record.to_owned() }
}

/// The record with as many of its fields as fit into `max_bytes`, and `pointers` with those left out: the longest first,
/// and of the small ones the last. `None` if not even an empty record fits.
fn fitted_record(record: &RawValue, max_bytes: usize, pointers: &mut Pointers) -> Option<Box<RawValue>> {
    if record.get().len() <= max_bytes {
        return Some(record.to_owned());
    }
    let object = Object::parse(record.get()).ok()?;
    let mut fields: Vec<_> = object
        .fields()
        .enumerate()
        .map(|(index, (key, value))| (index, key, format!("{}:{}", quoted(key), value.raw())))
        .collect();
    let mut bytes = "{}".len() + fields.iter().map(|(_, _, field)| field.len() + ",".len()).sum::<usize>();
    fields.sort_unstable_by_key(|(index, _, field)| (field.len().max(SMALL_FIELD_BYTES), *index));
    while bytes > max_bytes {
        let (_, key, field) = fields.pop()?;
        bytes -= field.len() + ",".len();
        pointers.add([key]);
    }
    fields.sort_unstable_by_key(|(index, ..)| *index);
    let fields: Vec<_> = fields.into_iter().map(|(_, _, field)| field).collect();
    Some(raw_value(format!("{{{}}}", fields.join(","))))
}

/// What an entry of `records` takes besides its record.
fn frame_bytes(entry: &RecordEntry<'_>) -> usize {
    to_text(entry.source).len() + "{\"source\":,\"record\":},".len()
}

/// What an alert says of all its matches, cut.
struct AboutMatches {
    context: Box<RawValue>,
    summary: Summary,
    entities: Entities,
    truncated: Vec<String>,
}

impl AboutMatches {
    /// Cuts no harder than is needed for a message of `max_bytes` without its records.
    fn fitted(alert: &Alert<'_>, max_bytes: usize) -> Self {
        let mut about = Self::cut(alert, WHOLE);
        for limits in STEPS {
            if to_text(&about.put_into(alert)).len() <= max_bytes {
                break;
            }
            about = Self::cut(alert, limits);
        }
        about
    }

    fn cut(alert: &Alert<'_>, limits: Limits) -> Self {
        let mut pointers = Pointers::into_part("/alertContext");
        let context = cut(alert.alert_context, limits, &mut pointers);
        let (mut summary, mut entities) = (alert.summary.clone(), alert.entities.clone());
        let mut shorten =
            |text: &mut String| *text = shortened(text, limits.string_bytes).unwrap_or_else(|| text.clone());
        summary.for_each_text(&mut shorten);
        entities.for_each_text(&mut shorten);
        let mut truncated = alert.truncated.clone();
        truncated.extend(pointers.into_vec());
        truncated.extend((summary != *alert.summary).then(|| "/summary".to_owned()));
        truncated.extend((entities != *alert.entities).then(|| "/entities".to_owned()));
        Self { context, summary, entities, truncated }
    }

    /// The alert with these parts and without records.
    fn put_into<'p>(&'p self, alert: &Alert<'p>) -> Alert<'p> {
        let mut draft = alert.clone();
        (draft.alert_context, draft.summary, draft.entities) = (&self.context, &self.summary, &self.entities);
        (draft.records, draft.truncated) = (Vec::new(), self.truncated.clone());
        draft
    }
}
