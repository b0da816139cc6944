//! Every kind of file in which people hold these logs, and what is none.

/// Event Hubs Capture.
mod avro;

/// Avro files, written for the tests.
mod avro_file;

/// CSV of the tables of Log Analytics.
mod csv;

/// Small files that unpack to large ones.
mod bombs;

/// UTF-16 and byte order marks.
mod text;

/// Formats that are not read, and files without logs.
mod unread;

/// Zips, and what stands in them.
mod zips;

use std::io::{Cursor, Write as _};

use certificate_accessed::saved_logs::{Body, Receiver, Unread, read_seekable};
use certificate_accessed::source::Place;
use serde_json::Value;

use crate::given::READ;
use crate::replay::{messages, replay};

/// What a replay of one file says.
struct Replayed {
    alerts: Vec<Value>,
    stderr: String,
    code: Option<i32>,
}

impl Replayed {
    /// The place of the first record of each alert.
    fn sources(&self) -> Vec<&Value> {
        self.alerts.iter().map(|alert| &alert["records"][0]["source"]).collect()
    }

    /// The lines on stderr with these words.
    fn lines_with(&self, words: &str) -> Vec<&str> {
        self.stderr.lines().filter(|line| line.contains(words)).collect()
    }
}

/// Replays one file of this name.
fn replayed(name: &str, bytes: &[u8]) -> Replayed {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, bytes).unwrap();

    let output = replay(&["replay", "--format", "ndjson", path.to_str().unwrap()], b"");

    let stderr = String::from_utf8(output.stderr.clone()).unwrap();
    Replayed { alerts: messages(&output), stderr, code: output.status.code() }
}

/// What a file holds.
#[derive(Default)]
struct Held {
    bodies: Vec<(String, Place)>,
    faults: Vec<String>,
    ends: Vec<String>,
}

impl Receiver for Held {
    fn body(&mut self, body: Body<'_>) {
        self.bodies.push((String::from_utf8(body.bytes.to_vec()).unwrap(), body.place.clone()));
    }

    fn fault(&mut self, name: &str, fault: Unread) {
        self.faults.push(format!("{name}: {fault}"));
    }

    fn end(&mut self, name: &str) {
        self.ends.push(name.to_owned());
    }
}

impl Held {
    fn in_file(name: &str, bytes: &[u8]) -> Self {
        let mut held = Self::default();
        read_seekable(name, Cursor::new(bytes), &mut held);
        held
    }

    fn texts(&self) -> Vec<&str> {
        self.bodies.iter().map(|(text, _)| text.as_str()).collect()
    }

    fn lines(&self) -> Vec<Option<usize>> {
        self.bodies.iter().map(|(_, place)| place.line).collect()
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn utf16(text: &str, with_mark: bool, is_big: bool) -> Vec<u8> {
    let mark = if with_mark { "\u{feff}" } else { "" };
    let bytes = |unit: u16| if is_big { unit.to_be_bytes() } else { unit.to_le_bytes() };
    format!("{mark}{text}").encode_utf16().flat_map(bytes).collect()
}

#[test]
fn a_gzip_whose_checksum_is_wrong_is_told_although_all_its_lines_were_read() {
    let mut packed = gzip(format!("{READ}\n").as_bytes());
    let in_checksum = packed.len() - 6;
    packed[in_checksum] ^= 1;

    let replayed = replayed("logs.json.gz", &packed);

    assert_eq!(replayed.alerts.len(), 1);
    assert_eq!(replayed.lines_with("cannot read").len(), 1, "{}", replayed.stderr);
    assert_eq!(replayed.code, Some(1));
}
