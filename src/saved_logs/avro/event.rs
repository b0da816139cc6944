//! An event as Capture keeps it: its body, and where it was in the hub.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::super::receiver::{Body, Receiver, bytes_of};
use super::fault::AvroFault;
use super::schema::{Schema, Type};
use super::values::Values;
use crate::source::Place;

/// The longest text of an offset or a time that is kept.
const MAX_TEXT_BYTES: usize = 256;
/// The parts of a path that Capture names by default: partition, year, month, day, hour, minute, and `second.avro`.
const PATH_PARTS: usize = 7;

/// The events of a file.
pub(super) struct Events<'a> {
    file: Arc<str>,
    schema: &'a Schema,
    partition_id: Option<String>,
    body: Vec<u8>,
}

/// What of a value is of use.
enum Found {
    Nothing,
    Number(i64),
    Text(String),
}

impl<'a> Events<'a> {
    /// Events of a schema, if it has a body.
    pub(super) fn new(name: &str, schema: &'a Schema) -> Result<Self, AvroFault> {
        let may_be_bytes = |kind: &Type| match kind {
            Type::Bytes => true,
            Type::Union(branches) => branches.iter().any(|branch| matches!(branch, Type::Bytes)),
            _ => false,
        };
        let has_body = schema.event().iter().any(|field| field.name == "Body" && may_be_bytes(&field.kind));
        let partition_id = partition_id(name);
        if has_body {
            Ok(Self { file: name.into(), schema, partition_id, body: Vec::new() })
        } else {
            Err(AvroFault::NoCapture)
        }
    }

    /// Gives back the memory of the last body, because unpacking the next block takes as much again.
    pub(super) fn forget(&mut self) {
        self.body = Vec::new();
    }

    /// Reads one event and gives it out. An empty one, as some senders send, is passed over: nothing can be in it.
    pub(super) fn read(&mut self, values: &mut Values<'_>, receiver: &mut dyn Receiver) -> Result<(), AvroFault> {
        let file = Some(Arc::clone(&self.file));
        let mut place = Place { file, partition_id: self.partition_id.clone(), ..Place::default() };
        self.body.clear();
        for field in self.schema.event() {
            match field.name.as_str() {
                "Body" => self.read_body(values, &field.kind)?,
                "SequenceNumber" => {
                    if let Found::Number(number) = self.found(values, &field.kind)? {
                        place.sequence_number = Some(number);
                    }
                }
                "Offset" => {
                    place.offset = match self.found(values, &field.kind)? {
                        Found::Text(text) => Some(text),
                        Found::Number(number) => Some(number.to_string()),
                        Found::Nothing => None,
                    };
                }
                "EnqueuedTimeUtc" => {
                    if let Found::Text(text) = self.found(values, &field.kind)? {
                        place.enqueued_time = utc(&text);
                    }
                }
                _ => values.skip_value(&field.kind, self.schema, 0)?,
            }
        }
        if !self.body.is_empty() {
            receiver.body(Body { bytes: bytes_of(&mut self.body), place, offset: None, is_cut: false });
        }
        Ok(())
    }

    fn read_body(&mut self, values: &mut Values<'_>, kind: &Type) -> Result<(), AvroFault> {
        match kind {
            Type::Bytes => values.bytes(&mut self.body),
            Type::Union(branches) => match values.branch(branches)? {
                Type::Bytes => values.bytes(&mut self.body),
                kind => values.skip_value(kind, self.schema, 1),
            },
            kind => values.skip_value(kind, self.schema, 0),
        }
    }

    fn found(&self, values: &mut Values<'_>, kind: &Type) -> Result<Found, AvroFault> {
        let kind = match kind {
            Type::Union(branches) => values.branch(branches)?,
            kind => kind,
        };
        match kind {
            Type::Number => values.number().map(Found::Number),
            Type::Bytes => Ok(values.short_text(MAX_TEXT_BYTES)?.map_or(Found::Nothing, Found::Text)),
            kind => values.skip_value(kind, self.schema, 1).map(|()| Found::Nothing),
        }
    }
}

/// The partition in a path as Capture names it by default.
fn partition_id(name: &str) -> Option<String> {
    let path = name.strip_suffix(".avro")?;
    let mut parts: Vec<_> = path.rsplit(['/', '\\', ':']).take(PATH_PARTS).collect();
    let is_default = parts.iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    let partition = parts.pop().filter(|_| parts.len() + 1 == PATH_PARTS)?;
    is_default.then(|| partition.to_owned())
}

/// A time of Capture, such as `2/1/2024 10:34:56 AM`, in RFC 3339.
fn utc(text: &str) -> Option<String> {
    let moment = text.parse::<Timestamp>().ok().or_else(|| {
        let civil = DateTime::strptime("%m/%d/%Y %I:%M:%S %p", text).ok()?;
        TimeZone::UTC.to_timestamp(civil).ok()
    });
    moment.map(|moment| moment.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_capture_are_told_in_rfc_3339() {
        assert_eq!(utc("2/1/2024 10:34:56 AM").as_deref(), Some("2024-02-01T10:34:56Z"));
        assert_eq!(utc("12/31/2024 12:00:05 AM").as_deref(), Some("2024-12-31T00:00:05Z"));
        assert_eq!(utc("12/31/2024 12:00:05 PM").as_deref(), Some("2024-12-31T12:00:05Z"));
        assert_eq!(utc("2024-02-01T10:34:56Z").as_deref(), Some("2024-02-01T10:34:56Z"));
        assert_eq!(utc("31/12/2024 12:00:05 PM"), None);
    }

    #[test]
    fn the_partition_stands_in_a_path_of_the_default_form_only() {
        assert_eq!(partition_id("x/evhns/hub/13/2026/03/02/08/14/58.avro").as_deref(), Some("13"));
        assert_eq!(partition_id("logs.zip:13/2026/03/02/08/14/58.avro").as_deref(), Some("13"));
        assert_eq!(partition_id("evhns/hub/p13/2026/03/02/08/14/58.avro"), None);
        assert_eq!(partition_id("2026/03/02/08/14/58.avro"), None);
        assert_eq!(partition_id("capture.avro"), None);
    }
}
