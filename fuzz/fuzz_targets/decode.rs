//! Any bytes: every record that comes out is one valid JSON object, and reading it never panics.

#![no_main]

use certificate_accessed::decode::{Piece, Record, read_body};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    read_body(bytes, &mut |piece| {
        if let Piece::Record { record, .. } = piece {
            let again = Record::parse(record.raw()).expect("a record is valid JSON");
            again.get("properties").map(|value| (value.is_truthy(), value.squeezed().len(), value.compact().len()));
        }
    });
});
