//! A file, cut into bodies as Event Hubs would have carried them: a line, or as many lines as one JSON text takes.

use std::io::{BufRead, Read as _};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::Deserialize;

use super::receiver::{Body, Receiver};
use super::unread::Unread;
use crate::source::Place;

/// The longest text that is read, unpacked: many times the size of an event or of a line in a blob.
pub const MAX_TEXT_BYTES: usize = 64 << 20;

/// Gives out every body of a text. A body that is too long is cut; the next one begins with the next line.
///
/// # Errors
/// When reading fails; the bodies before that were given out.
pub(super) fn read(name: &str, reader: &mut dyn BufRead, receiver: &mut dyn Receiver) -> Result<(), Unread> {
    let mut text = Text::default();
    let mut line = 0;
    loop {
        line += 1;
        let start = text.bytes.len();
        let room = (MAX_TEXT_BYTES - start) as u64 + 1;
        let read = (&mut *reader).take(room).read_until(b'\n', &mut text.bytes);
        if text.bytes.len() == start {
            text.give_out(name, false, receiver);
            return read.map(drop).map_err(Unread::from);
        }
        text.count_brackets(start, line);
        let is_cut = text.bytes.len() > MAX_TEXT_BYTES;
        let ends_line = text.bytes.ends_with(b"\n");
        if text.is_complete() || is_cut || read.is_err() {
            text.give_out(name, is_cut, receiver);
        }
        read?;
        if is_cut && !ends_line {
            reader.skip_until(b'\n')?;
        }
    }
}

/// The lines of one body so far, and what is open at their end.
#[derive(Default)]
struct Text {
    bytes: Vec<u8>,
    first_line: usize,
    depth: usize,
    in_string: bool,
}

impl Text {
    /// Counts brackets outside of strings in the line that begins at `start`.
    fn count_brackets(&mut self, start: usize, line: usize) {
        if start == 0 {
            self.first_line = line;
        }
        let mut escaped = false;
        for byte in self.bytes.iter().skip(start) {
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

    /// Whether the body ends with this line: every bracket is closed, or a string is open, which no JSON text has at the
    /// end of a line.
    fn is_complete(&self) -> bool {
        self.depth == 0 || self.in_string
    }

    fn give_out(&mut self, name: &str, is_cut: bool, receiver: &mut dyn Receiver) {
        if !self.bytes.trim_ascii().is_empty() || is_cut {
            let (file, line) = (Some(name.to_owned()), Some(self.first_line));
            match RejectedLine::read(&self.bytes) {
                Some((payload, place_in_hub)) => {
                    let place = Place { file, line, ..place_in_hub };
                    receiver.body(&Body { bytes: &payload, place, is_cut });
                }
                None => {
                    let place = Place { file, line, ..Place::default() };
                    receiver.body(&Body { bytes: self.bytes.trim_ascii_end(), place, is_cut });
                }
            }
        }
        *self = Self::default();
    }
}

/// A line of a rejected blob; its payload is the event.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RejectedLine {
    #[serde(rename = "schemaVersion")]
    _schema_version: String,
    #[serde(rename = "reason")]
    _reason: String,
    source: Place,
    payload: String,
}

impl RejectedLine {
    fn read(line: &[u8]) -> Option<(Vec<u8>, Place)> {
        if !line.starts_with(b"{\"schemaVersion\"") {
            return None;
        }
        let line: Self = serde_json::from_slice(line).ok()?;
        Some((BASE64_STANDARD.decode(line.payload).ok()?, line.source))
    }
}
