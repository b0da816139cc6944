//! A file, cut into bodies as Event Hubs would have carried them: a line, or as many lines as one JSON text takes.

use std::io::{self, BufRead, Read as _};
use std::path::Path;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::Deserialize;

use super::input;
use super::progress::Progress;
use crate::source::Place;

/// The longest text that is read, unpacked: many times the size of an event or of a line in a blob.
pub(super) const MAX_TEXT_BYTES: usize = 64 << 20;

/// A body as Event Hubs would have carried it.
pub(super) struct Text<'b> {
    /// Its bytes.
    pub(super) bytes: &'b [u8],
    /// Where it begins.
    pub(super) place: Place,
    /// Whether it is longer than what is read of it.
    pub(super) is_cut: bool,
}

/// Calls `each` with every body of the input. A body that is too long is cut; the next one begins with the next line.
///
/// # Errors
/// When the input cannot be opened, or reading fails; `each` has had the bodies before that.
pub(super) fn for_each_body(path: &Path, progress: &Progress, each: &mut dyn FnMut(&Text<'_>)) -> io::Result<()> {
    let mut reader = input::open(path, progress)?;
    let name = path.display().to_string();
    if is_utf16(reader.fill_buf()?) {
        let mut bytes = Vec::new();
        reader.take(MAX_TEXT_BYTES as u64 + 1).read_to_end(&mut bytes)?;
        let is_cut = bytes.len() > MAX_TEXT_BYTES;
        each(&Text { bytes: &bytes, place: place(&name, 1), is_cut });
        return Ok(());
    }
    let mut body = Body::default();
    let mut line = 0;
    loop {
        line += 1;
        let start = body.bytes.len();
        let room = (MAX_TEXT_BYTES - start) as u64 + 1;
        let read = reader.by_ref().take(room).read_until(b'\n', &mut body.bytes);
        if body.bytes.len() == start {
            body.give_out(&name, false, each);
            return read.map(drop);
        }
        body.count_brackets(start, line);
        let is_cut = body.bytes.len() > MAX_TEXT_BYTES;
        let ends_line = body.bytes.ends_with(b"\n");
        if body.is_complete() || is_cut || read.is_err() {
            body.give_out(&name, is_cut, each);
        }
        read?;
        if is_cut && !ends_line {
            reader.skip_until(b'\n')?;
        }
    }
}

fn is_utf16(start: &[u8]) -> bool {
    matches!(start, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [0, ..] | [_, 0, ..])
}

fn place(file: &str, line: usize) -> Place {
    Place { file: Some(file.to_owned()), line: Some(line), ..Place::default() }
}

/// The lines of one body so far, and what is open at their end.
#[derive(Default)]
struct Body {
    bytes: Vec<u8>,
    first_line: usize,
    depth: usize,
    in_string: bool,
}

impl Body {
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

    fn give_out(&mut self, name: &str, is_cut: bool, each: &mut dyn FnMut(&Text<'_>)) {
        if !self.bytes.trim_ascii().is_empty() || is_cut {
            let here = place(name, self.first_line);
            match RejectedLine::read(&self.bytes) {
                Some((payload, place_in_hub)) => {
                    let place = Place { file: here.file, line: here.line, ..place_in_hub };
                    each(&Text { bytes: &payload, place, is_cut });
                }
                None => each(&Text { bytes: self.bytes.trim_ascii_end(), place: here, is_cut }),
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
