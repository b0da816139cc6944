//! A reader whose beginning is looked at before it is read.

use std::io::{self, BufReader, Read};

/// How much is read at once.
const BUFFER_BYTES: usize = 256 * 1024;
/// How much of a beginning is looked at: the first line of a CSV has a few kilobytes.
const HEAD_BYTES: usize = 64 * 1024;

/// A reader whose beginning was looked at.
pub(super) struct Peeked<'r> {
    head: Vec<u8>,
    /// How much of the head was given out.
    given: usize,
    /// What broke off the reading of the head: told after what was read.
    error: Option<io::Error>,
    reader: &'r mut dyn Read,
}

impl<'r> Peeked<'r> {
    /// Looks at the beginning.
    pub(super) fn new(reader: &'r mut dyn Read) -> Self {
        let mut head = Vec::new();
        let error = (&mut *reader).take(HEAD_BYTES as u64).read_to_end(&mut head).err();
        Self { head, given: 0, error, reader }
    }

    /// The beginning, as far as it was not given out.
    pub(super) fn head(&self) -> &[u8] {
        self.head.get(self.given..).unwrap_or_default()
    }

    /// Leaves out what the beginning begins with, if it does, and returns how many bytes that are.
    pub(super) fn drop_prefix(&mut self, prefix: &[u8]) -> usize {
        let dropped = if self.head().starts_with(prefix) { prefix.len() } else { 0 };
        self.given += dropped;
        dropped
    }

    /// The whole, its beginning included.
    pub(super) fn buffered(self) -> BufReader<Self> {
        BufReader::with_capacity(BUFFER_BYTES, self)
    }
}

impl Read for Peeked<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut rest = self.head();
        if !rest.is_empty() {
            let read = rest.read(buffer)?;
            self.given += read;
            return Ok(read);
        }
        if let Some(error) = self.error.take() {
            return Err(error);
        }
        loop {
            match self.reader.read(buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => return read,
            }
        }
    }
}
