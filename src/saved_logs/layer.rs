//! One input from its first bytes to its bodies, through as many layers as it has.

use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;

use super::budget::{Budget, Unpacked};
use super::form::Form;
use super::inputs::STDIN;
use super::peeked::Peeked;
use super::receiver::Receiver;
use super::table::{self, Table};
use super::unread::Unread;
use super::utf16::Utf16;
use super::{archive, avro, lines};

/// Reads a file, or standard input if the path is `-`. `on_read` is told of the bytes as they are read, and ends the reading
/// by an error.
pub fn read_path(path: &Path, on_read: OnRead<'_>, receiver: &mut dyn Receiver) {
    let name = path.display().to_string();
    if path == Path::new(STDIN) {
        return read_stream(&name, Counted { reader: io::stdin(), on_read }, receiver);
    }
    // A pipe that is named, as shells do for `<(...)`, has a path and cannot be read twice.
    match File::open(path).and_then(|file| Ok((file.metadata()?.is_file(), file))) {
        Ok((true, file)) => read_seekable(&name, Counted { reader: file, on_read }, receiver),
        Ok((false, file)) => read_stream(&name, Counted { reader: file, on_read }, receiver),
        Err(error) => end(&name, Err(error.into()), receiver),
    }
}

/// Reads an input that can be read again from its beginning, as a zip has to be.
pub fn read_seekable(name: &str, mut reader: impl Read + Seek, receiver: &mut dyn Receiver) {
    let mut head = Vec::new();
    let peeked = reader.by_ref().take(4).read_to_end(&mut head).and_then(|_| reader.rewind());
    match peeked {
        Ok(()) if matches!(Form::of(&head), Ok(Form::Zip)) => archive::read(name, &mut reader, receiver),
        Ok(()) => read_layer(name, Depth::File, &mut reader, receiver),
        Err(error) => end(name, Err(error.into()), receiver),
    }
}

/// Reads an input that comes once.
pub fn read_stream(name: &str, mut reader: impl Read, receiver: &mut dyn Receiver) {
    read_layer(name, Depth::Stream, &mut reader, receiver);
}

fn read_layer(name: &str, depth: Depth, reader: &mut dyn Read, receiver: &mut dyn Receiver) {
    let budget = Budget::default();
    let on_read = |bytes| {
        budget.earn(bytes);
        Ok(())
    };
    let mut counted = Counted { reader, on_read: &on_read };
    end(name, Layer { name, budget: &budget, depth }.read(&mut counted, receiver), receiver);
}

fn end(name: &str, read: Result<(), Unread>, receiver: &mut dyn Receiver) {
    if let Err(fault) = read {
        receiver.fault(name, fault);
    }
    receiver.end(name);
}

/// Told of bytes that were read; its error ends the reading.
pub type OnRead<'r> = &'r dyn Fn(u64) -> io::Result<()>;

/// What a layer lies in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    /// In nothing: a file.
    File,
    /// In nothing: what comes once.
    Stream,
    /// In a zip.
    Entry,
    /// In a gzip, whatever that lies in.
    Gzip,
}

/// A layer of an input: what is known of it before its first byte.
#[derive(Clone, Copy)]
pub(super) struct Layer<'a> {
    pub(super) name: &'a str,
    pub(super) budget: &'a Budget,
    pub(super) depth: Depth,
}

impl Layer<'_> {
    /// Reads what is in it.
    ///
    /// # Errors
    /// What ended the reading; the bodies before it were given out.
    pub(super) fn read(self, reader: &mut dyn Read, receiver: &mut dyn Receiver) -> Result<(), Unread> {
        let peeked = Peeked::new(reader);
        match (Form::of(peeked.head())?, self.depth) {
            (Form::Gzip, Depth::Gzip) => Err(Unread::GzipInside),
            (Form::Gzip, _) => {
                let reader = MultiGzDecoder::new(peeked.buffered());
                let mut unpacked = Unpacked { reader, budget: self.budget };
                Layer { depth: Depth::Gzip, ..self }.read(&mut unpacked, receiver)
            }
            (Form::Zip, Depth::Stream | Depth::File) => Err(Unread::ZipFromStream),
            (Form::Zip, _) => Err(Unread::ZipInside),
            (Form::Avro, _) => avro::read(self, &mut peeked.buffered(), receiver),
            (Form::Utf16(order), _) => {
                let unpacked = Self { depth: Depth::Stream, ..self };
                unpacked.text(Peeked::new(&mut Utf16::new(peeked, order)), receiver)
            }
            (Form::Text, _) => self.text(peeked, receiver),
        }
    }

    /// Reads UTF-8.
    fn text(self, mut peeked: Peeked<'_>, receiver: &mut dyn Receiver) -> Result<(), Unread> {
        let dropped = peeked.drop_prefix("\u{feff}".as_bytes());
        let offset = (self.depth == Depth::File).then_some(dropped as u64);
        match Table::of(peeked.head())? {
            Some(table) => table::read(self.name, &table, &mut peeked.buffered(), receiver),
            None => lines::read(self.name, offset, &mut peeked.buffered(), receiver),
        }
    }
}

/// A reader that tells how much it read.
struct Counted<'c, R> {
    reader: R,
    on_read: OnRead<'c>,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        (self.on_read)(read as u64)?;
        Ok(read)
    }
}

impl<R: Seek> Seek for Counted<'_, R> {
    fn seek(&mut self, position: io::SeekFrom) -> io::Result<u64> {
        self.reader.seek(position)
    }
}
