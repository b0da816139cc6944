//! Any text after a broken record and before a good one on a line of its own: the good one is found.

#![no_main]

use certificate_accessed::decode::{Piece, Reason, read_body};

const GOOD: &str = r#"{"time":"2026-03-02T08:00:00Z","operationName":"fuzz-good"}"#;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let event = format!("{{'broken':1}}{text}\n{GOOD}\n");
    let mut found = false;
    read_body(event.as_bytes(), &mut |piece| match piece {
        Piece::Record { record, .. } => found |= record.raw().contains("fuzz-good"),
        Piece::EnvelopeMembers { .. } => {}
        // An empty piece would mean that reading makes no progress; only a string may be empty.
        Piece::Undecodable { reason, text, .. } => assert!(!text.is_empty() || reason == Reason::NotAnObject),
    });
    assert!(found, "the good record is lost");
});
