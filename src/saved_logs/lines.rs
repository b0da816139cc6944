//! A file, cut into bodies as Event Hubs would have carried them: a line, or as many lines as one JSON text takes.

use std::io::{BufRead, Read as _};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::Deserialize;

use super::list::List;
use super::receiver::{Body, Receiver};
use super::unread::Unread;
use crate::source::Place;

/// The longest text that is read, unpacked: many times the size of a record or of an event.
pub const MAX_TEXT_BYTES: usize = 16 << 20;
/// A list that is longer is given out in parts of about this size, so that one of any length is read.
const PART_BYTES: usize = 1 << 20;

/// What stands before such a list is shorter than this.
const MAX_START_BYTES: usize = 256;

/// Gives out every body of a text. A body that is too long is cut; the next one begins with the next line.
///
/// # Errors
/// When reading fails; the bodies before that were given out.
pub(super) fn read(name: &str, reader: &mut dyn BufRead, receiver: &mut dyn Receiver) -> Result<(), Unread> {
    let mut text = Text { line: 1, ..Text::default() };
    loop {
        let start = text.bytes.len();
        let room = (MAX_TEXT_BYTES - start).min(PART_BYTES) as u64 + 1;
        let read = (&mut *reader).take(room).read_until(b'\n', &mut text.bytes);
        if text.bytes.len() == start {
            text.give_out(name, false, receiver);
            return read.map(drop).map_err(Unread::from);
        }
        let ends_line = text.bytes.ends_with(b"\n");
        text.scan(start);
        let is_cut = text.bytes.len() > MAX_TEXT_BYTES;
        if (ends_line && text.is_complete()) || is_cut || read.is_err() {
            text.give_out(name, is_cut, receiver);
        } else if text.bytes.len() > PART_BYTES {
            text.give_out_part(name, receiver);
        }
        read?;
        if is_cut && !ends_line {
            reader.skip_until(b'\n')?;
            text.line += 1;
        }
    }
}

/// The lines of one body so far, and what is open at their end.
#[derive(Default)]
struct Text {
    bytes: Vec<u8>,
    /// The line that is read, from 1.
    line: usize,
    first_line: usize,
    depth: usize,
    in_string: bool,
    is_escaped: bool,
    /// The list that the body is, or that is all that is in it.
    list: Option<List>,
    /// Where the last element of that list ends, after its comma.
    end_of_element: Option<usize>,
}

impl Text {
    /// Looks through the bytes from `start` on for brackets outside of strings, and for the ends of a list's elements.
    fn scan(&mut self, start: usize) {
        if start == 0 {
            self.first_line = self.line;
        }
        for index in start..self.bytes.len() {
            match self.bytes.get(index) {
                Some(b'\n') => (self.line, self.is_escaped) = (self.line + 1, false),
                _ if std::mem::take(&mut self.is_escaped) => {}
                Some(b'\\') if self.in_string => self.is_escaped = true,
                Some(b'"') => self.in_string = !self.in_string,
                _ if self.in_string => {}
                Some(b'[') if self.depth < 2 && index < MAX_START_BYTES && self.list.is_none() => {
                    self.list = self.bytes.get(..=index).and_then(List::of);
                    self.depth += 1;
                }
                Some(b'{' | b'[') => self.depth += 1,
                Some(b'}' | b']') => self.depth = self.depth.saturating_sub(1),
                Some(b',') if self.list.as_ref().is_some_and(|list| list.depth() == self.depth) => {
                    self.end_of_element = Some(index + 1);
                }
                _ => {}
            }
        }
    }

    /// Whether the body ends with this line: every bracket is closed, or a string is open, which no JSON text has at the
    /// end of a line.
    fn is_complete(&self) -> bool {
        self.depth == 0 || self.in_string
    }

    /// Gives out the elements of a list that were read so far, as a list of their own.
    fn give_out_part(&mut self, name: &str, receiver: &mut dyn Receiver) {
        let Some((list, end)) = self.list.as_ref().zip(self.end_of_element.take()) else { return };
        let rest = self.bytes.split_off(end);
        let lines = self.bytes.iter().filter(|byte| **byte == b'\n').count();
        self.bytes.pop();
        self.bytes.extend_from_slice(list.end());
        let place = Place { file: Some(name.to_owned()), line: Some(self.first_line), ..Place::default() };
        receiver.body(&Body { bytes: &self.bytes, place, is_cut: false });
        self.first_line += lines;
        self.bytes = [list.start(), &rest].concat();
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
        *self = Self { line: self.line, ..Self::default() };
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
