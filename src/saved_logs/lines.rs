//! A file, cut into bodies as Event Hubs would have carried them: a line, or as many lines as one JSON text takes.

use std::io::{self, BufRead};
use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::Deserialize;

use super::list::List;
use super::receiver::{Body, Receiver, bytes_of};
use super::unread::Unread;
use crate::source::Place;

/// The longest text that is read, unpacked: many times the size of a record or of an event.
pub const MAX_TEXT_BYTES: usize = 16 << 20;
/// A list that is longer is given out in parts of about this size, so that one of any length is read.
const PART_BYTES: usize = 1 << 20;
/// What stands before such a list is shorter than this.
const MAX_START_BYTES: usize = 256;

/// Gives out every body of a text. A body that is too long is cut; the next one begins with the next line. `offset` is where the
/// text begins in its file, where its bytes are the file's own.
///
/// # Errors
/// When reading fails; the bodies before that were given out.
pub(super) fn read(
    name: &str,
    offset: Option<u64>,
    reader: &mut dyn BufRead,
    receiver: &mut dyn Receiver,
) -> Result<(), Unread> {
    let file: Arc<str> = name.into();
    let mut text = Text { line: 1, offset, ..Text::default() };
    loop {
        let start = text.bytes.len();
        let room = (MAX_TEXT_BYTES - start).min(PART_BYTES) + 1;
        let read = read_line(reader, room, &mut text.bytes);
        if text.bytes.len() == start {
            text.give_out(&file, false, receiver);
            return read.map_err(Unread::from);
        }
        let ends_line = text.bytes.ends_with(b"\n");
        if read.is_ok() && is_object(text.bytes.get(start..).unwrap_or_default()) {
            let next = reader.fill_buf().map(|rest| rest.starts_with(b"{") || (start == 0 && rest.is_empty()));
            if !matches!(next, Ok(false)) {
                if start > 0 {
                    // What stands open before it was cut off: nothing that is whole goes on with an object and another.
                    let line = text.bytes.split_off(start);
                    text.give_out(&file, false, receiver);
                    text.bytes = line;
                }
                text.skip_line();
                text.give_out(&file, false, receiver);
                // A fault is told once, so it may not be taken for the end.
                next?;
                continue;
            }
        }
        text.scan(start);
        let is_cut = text.bytes.len() > MAX_TEXT_BYTES;
        if (ends_line && text.is_complete()) || is_cut || read.is_err() {
            text.give_out(&file, is_cut, receiver);
        } else if text.bytes.len() > PART_BYTES {
            text.give_out_part(&file, receiver);
        }
        read?;
        if is_cut && !ends_line {
            text.skip(reader.skip_until(b'\n')?);
            text.line += 1;
        }
    }
}

/// Adds the rest of a line, of which as much as there is room for. The standard library's search for its end takes several times as
/// long.
fn read_line(reader: &mut dyn BufRead, mut room: usize, line: &mut Vec<u8>) -> io::Result<()> {
    loop {
        let read = match reader.fill_buf() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            read => read?,
        };
        let read = read.get(..room).unwrap_or(read);
        let end = memchr::memchr(b'\n', read).map(|newline| newline + 1);
        let taken = end.unwrap_or(read.len());
        line.extend_from_slice(read.split_at(taken).0);
        reader.consume(taken);
        room -= taken;
        if end.is_some() || taken == 0 || room == 0 {
            return Ok(());
        }
    }
}

/// Whether a line looks like an object of its own, as nearly every line of a log is. If another one begins after it, it is one, or
/// broken: no JSON text goes on so.
fn is_object(line: &[u8]) -> bool {
    line.starts_with(b"{") && (line.ends_with(b"}\n") || line.ends_with(b"}\r\n"))
}

/// The lines of one body so far, and what is open at their end.
#[derive(Default)]
struct Text {
    bytes: Vec<u8>,
    /// Where they begin in the file.
    offset: Option<u64>,
    /// The line that is read, from 1.
    line: usize,
    first_line: usize,
    depth: usize,
    in_string: bool,
    is_escaped: bool,
    /// The list that the body is, or that is all that is in it.
    list: Option<List>,
    /// Whether the end of that list was read.
    is_closed: bool,
    /// The last character outside of strings that is no blank.
    last: u8,
    /// After a comma between two elements of the list, if it was the last character.
    comma: Option<usize>,
    /// Where the latest element of the list begins: up to there it may be cut.
    start_of_element: Option<usize>,
    /// Where the latest value ends that lies outside of all brackets.
    end_of_value: Option<usize>,
}

impl Text {
    /// Passes over bytes that follow the body.
    fn skip(&mut self, bytes: usize) {
        self.offset = self.offset.map(|offset| offset + bytes as u64);
    }

    /// Takes its one line without looking into it.
    fn skip_line(&mut self) {
        self.first_line = self.line;
        self.line += 1;
    }

    /// Looks through the bytes from `start` on for brackets outside of strings, and for the ends of a list's elements.
    fn scan(&mut self, start: usize) {
        if start == 0 {
            self.first_line = self.line;
        }
        let mut index = start;
        while let Some(rest) = self.bytes.get(index..).filter(|rest| !rest.is_empty()) {
            // Most of a log is in strings, where little matters.
            if self.in_string && !self.is_escaped {
                index += memchr::memchr3(b'"', b'\\', b'\n', rest).unwrap_or(rest.len());
            }
            match self.bytes.get(index).copied().unwrap_or_default() {
                b'\n' => (self.line, self.is_escaped) = (self.line + 1, false),
                _ if std::mem::take(&mut self.is_escaped) => {}
                b'\\' if self.in_string => self.is_escaped = true,
                b'"' => (self.in_string, self.last, self.comma) = (!self.in_string, b'"', None),
                byte if self.in_string || byte.is_ascii_whitespace() => {}
                byte => self.take(byte, index),
            }
            index += 1;
        }
    }

    /// Takes a character outside of strings. A list is only cut between two objects in it, so that a bracket too many or too
    /// few never makes a cut within a record.
    fn take(&mut self, byte: u8, index: usize) {
        let in_list = self.list.as_ref().is_some_and(|list| list.depth() == self.depth) && !self.is_closed;
        match byte {
            b'[' if self.depth < 2 && index < MAX_START_BYTES && self.list.is_none() => {
                self.list = self.bytes.get(..=index).and_then(List::of);
                self.depth += 1;
            }
            b'{' | b'[' => {
                self.start_of_element = self.comma.filter(|_| byte == b'{').or(self.start_of_element);
                self.depth += 1;
            }
            b'}' | b']' => {
                self.depth = self.depth.saturating_sub(1);
                self.is_closed |= self.list.as_ref().is_some_and(|list| self.depth < list.depth());
                self.end_of_value = Some(index + 1).filter(|_| self.depth == 0).or(self.end_of_value);
            }
            _ => {}
        }
        self.comma = Some(index + 1).filter(|_| byte == b',' && in_list && self.last == b'}');
        self.last = byte;
    }

    /// Whether the body ends with this line: every bracket is closed, or a string is open, which no JSON text has at the
    /// end of a line.
    fn is_complete(&self) -> bool {
        self.depth == 0 || self.in_string
    }

    /// Gives out the elements of a list that were read so far, as a list of their own, or else the values.
    fn give_out_part(&mut self, file: &Arc<str>, receiver: &mut dyn Receiver) {
        let element = self.list.clone().zip(self.start_of_element.take());
        let Some(end) = element.as_ref().map(|(_, end)| *end).or(self.end_of_value.take()) else { return };
        let rest = self.bytes.split_off(end);
        let lines = self.bytes.iter().filter(|byte| **byte == b'\n').count();
        if let Some((list, _)) = &element {
            self.bytes.pop();
            self.bytes.extend_from_slice(list.end());
        }
        let (place, offset) = (Place::in_file(Arc::clone(file), self.first_line), self.offset);
        receiver.body(Body { bytes: bytes_of(&mut self.bytes), place, offset, is_cut: false });
        self.skip(end);
        match element {
            Some((list, _)) => {
                self.first_line += lines;
                self.bytes = [list.start(), &rest].concat();
                // The list's start is not there again, and what stands after it is at its own place.
                self.offset = self.offset.map(|offset| offset.saturating_sub(list.start().len() as u64));
                // It begins with an element, whatever was noted of the text before.
                (self.comma, self.end_of_value) = (None, None);
            }
            None => {
                let line = self.line - rest.iter().filter(|byte| **byte == b'\n').count();
                *self = Self { bytes: rest, line, offset: self.offset, ..Self::default() };
                self.scan(0);
            }
        }
    }

    fn give_out(&mut self, file: &Arc<str>, is_cut: bool, receiver: &mut dyn Receiver) {
        let length = self.bytes.len();
        if !self.bytes.trim_ascii().is_empty() || is_cut {
            let here = Place::in_file(Arc::clone(file), self.first_line);
            match RejectedLine::read(&self.bytes) {
                Some((payload, in_hub)) => {
                    let place = Place { file: here.file, line: here.line, ..in_hub };
                    receiver.body(Body { bytes: payload.into(), place, offset: None, is_cut });
                }
                None => {
                    self.bytes.truncate(self.bytes.trim_ascii_end().len());
                    let (bytes, offset) = (bytes_of(&mut self.bytes), self.offset);
                    receiver.body(Body { bytes, place: here, offset, is_cut });
                }
            }
        }
        self.skip(length);
        let mut bytes = std::mem::take(&mut self.bytes);
        bytes.clear();
        *self = Self { bytes, line: self.line, offset: self.offset, ..Self::default() };
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
