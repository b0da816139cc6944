//! Any file: no panic, nothing that is told twice, and no body longer than what is promised.

#![no_main]

use std::io::Cursor;

use certificate_accessed::saved_logs::{Body, MAX_TEXT_BYTES, Receiver, Unread, read_seekable, read_stream};

#[derive(Default)]
struct Bounded {
    ends: usize,
}

impl Receiver for Bounded {
    fn body(&mut self, body: Body<'_>) {
        assert!(body.bytes.len() <= MAX_TEXT_BYTES + 1, "a body without a bound");
        assert!(!body.bytes.is_empty() && body.place.file.is_some());
    }

    fn fault(&mut self, name: &str, fault: Unread) {
        assert!(!name.is_empty() && !fault.to_string().is_empty());
    }

    fn end(&mut self, _name: &str) {
        self.ends += 1;
    }
}

libfuzzer_sys::fuzz_target!(|file: &[u8]| {
    let (mut as_file, mut as_pipe) = (Bounded::default(), Bounded::default());
    read_seekable("file", Cursor::new(file), &mut as_file);
    read_stream("-", file, &mut as_pipe);
    assert_eq!(as_pipe.ends, 1);
});
