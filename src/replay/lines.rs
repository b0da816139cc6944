//! A file, cut into bodies as Event Hubs would have carried them: a line, or as many lines as one JSON text takes.

use std::io::{self, BufRead};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::Deserialize;

use super::input::Input;
use super::progress::Progress;
use crate::alert::Place;

/// Calls `each` with every body of the input and the place where it begins.
///
/// # Errors
/// When the input cannot be opened or read on; the bodies before that were given out.
pub(super) fn for_each_body(input: &Input, progress: &Progress, each: &mut dyn FnMut(&[u8], &Place)) -> io::Result<()> {
    let mut reader = input.open(progress)?;
    let name = input.name();
    if is_utf16(reader.fill_buf()?) {
        let mut body = Vec::new();
        reader.read_to_end(&mut body)?;
        each(&body, &place(&name, 1));
        return Ok(());
    }
    let mut body = Body::default();
    let mut line = 0;
    loop {
        line += 1;
        let start = body.bytes.len();
        let read = reader.read_until(b'\n', &mut body.bytes);
        if body.bytes.len() == start {
            body.give_out(&name, each);
            return read.map(drop);
        }
        body.walk(start, line);
        if body.is_complete() || read.is_err() {
            body.give_out(&name, each);
        }
        read?;
    }
}

fn is_utf16(start: &[u8]) -> bool {
    matches!(start, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [0, ..] | [_, 0, ..])
}

fn place(file: &str, line: usize) -> Place {
    Place { file: Some(file.to_owned()), line: Some(line), ..Place::default() }
}

/// The lines of one body so far, with what is open at their end.
#[derive(Default)]
struct Body {
    bytes: Vec<u8>,
    first_line: usize,
    depth: usize,
    in_string: bool,
}

impl Body {
    /// Counts brackets outside of strings in the line that begins at `start`.
    fn walk(&mut self, start: usize, line: usize) {
        if start == 0 {
            self.first_line = line;
        }
        let mut escaped = false;
        for byte in self.bytes.get(start..).unwrap_or_default() {
            match byte {
                _ if escaped => escaped = false,
                b'\\' if self.in_string => escaped = true,
                b'"' => self.in_string = !self.in_string,
                b'{' | b'[' if !self.in_string => self.depth += 1,
                b'}' | b']' if !self.in_string => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
        }
    }

    /// Whether the body ends with this line: all is closed, or a string is open, which no JSON text has at a line's end.
    fn is_complete(&self) -> bool {
        self.depth == 0 || self.in_string
    }

    fn give_out(&mut self, name: &str, each: &mut dyn FnMut(&[u8], &Place)) {
        if !self.bytes.trim_ascii().is_empty() {
            match RejectedLine::read(&self.bytes) {
                Some((payload, place_in_hub)) => {
                    each(&payload, &Place { file: Some(name.to_owned()), line: Some(self.first_line), ..place_in_hub });
                }
                None => each(self.bytes.trim_ascii_end(), &place(name, self.first_line)),
            }
        }
        *self = Self::default();
    }
}

/// A line of a rejected blob: the event is in its payload.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RejectedLine {
    #[serde(rename = "schemaVersion")]
    _schema_version: String,
    #[serde(rename = "reason")]
    _reason: String,
    source: RejectedSource,
    payload: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RejectedSource {
    partition_id: Option<String>,
    sequence_number: Option<i64>,
    offset: Option<String>,
    enqueued_time: Option<String>,
}

impl RejectedLine {
    fn read(line: &[u8]) -> Option<(Vec<u8>, Place)> {
        if !line.starts_with(b"{\"schemaVersion\"") {
            return None;
        }
        let line: Self = serde_json::from_slice(line).ok()?;
        let source = line.source;
        let place = Place {
            partition_id: source.partition_id,
            sequence_number: source.sequence_number,
            offset: source.offset,
            enqueued_time: source.enqueued_time,
            ..Place::default()
        };
        Some((BASE64_STANDARD.decode(line.payload).ok()?, place))
    }
}
