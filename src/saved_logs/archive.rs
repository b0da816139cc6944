//! A zip, each file in it as an input of its own.

use std::borrow::Cow;
use std::io::{Read, Seek, SeekFrom};

use zip::read::{Config, ZipFileEntry};
// Unlike `ZipArchive` it holds one entry at a time, however many there are, and does not drop those with the same name.
// It is called unstable: a newer minor version may ask for a change here.
use zip::unstable::read::ZipIterable;
use zip::{CompressionMethod, ZipReadOptions};

use super::budget::{Budget, Unpacked};
use super::layer::{Depth, Layer};
use super::receiver::Receiver;
use super::unread::Unread;

/// The first file of every workbook of Excel.
const WORKBOOK: &str = "[Content_Types].xml";

/// After so many bombs in one archive the rest of it is not read.
const MAX_BOMBS: usize = 3;

/// Reads every file of a zip in the archive's order. One that cannot be read is reported, and the others are read.
pub(super) fn read(name: &str, reader: &mut (impl Read + Seek), receiver: &mut dyn Receiver) {
    if let Err(fault) = read_entries(name, reader, receiver) {
        receiver.fault(name, fault);
        receiver.end(name);
    }
}

fn read_entries(name: &str, reader: &mut (impl Read + Seek), receiver: &mut dyn Receiver) -> Result<(), Unread> {
    let length = reader.seek(SeekFrom::End(0))?;
    let mut zip = ZipIterable::try_new(reader, Config::default()).map_err(Unread::Zip)?;
    let files = zip.files().map_err(Unread::Zip)?;
    // Entries may share their packed bytes, so each alone can be small and all of them a bomb.
    let whole = Budget::of(length);
    let (mut bombs, mut read) = (0, 0);
    while let Some(entry) = files.next() {
        let entry = entry.map_err(Unread::Zip)?;
        let lossy = || String::from_utf8_lossy(entry.name_raw()).into_owned();
        let path = entry.name().map_or_else(|_| lossy(), Cow::into_owned);
        if path == WORKBOOK {
            return Err(Unread::Format { format: "a workbook of Excel", way_out: "save the sheet as CSV UTF-8" });
        }
        if entry.is_dir() || is_hidden(&path) {
            continue;
        }
        let full = format!("{name}:{path}");
        let budget = Budget::of(entry.compressed_size().min(length));
        let entry = read_entry(&full, &path, entry, files.reader_mut(), &budget, receiver);
        if let Err(fault) = entry {
            receiver.fault(&full, fault);
        }
        receiver.end(&full);
        read += 1;
        // A bomb was stopped and told, and costs the other entries nothing; several of them are the whole archive's doing.
        bombs += usize::from(budget.is_spent());
        if bombs > MAX_BOMBS {
            return Err(Unread::Bomb);
        }
        if !budget.is_spent() {
            whole.spend(budget.unpacked())?;
        }
    }
    if read == 0 { Err(Unread::EmptyZip) } else { Ok(()) }
}

fn read_entry<R: Read + Seek>(
    full: &str,
    path: &str,
    entry: ZipFileEntry<'_>,
    reader: &mut R,
    budget: &Budget,
    receiver: &mut dyn Receiver,
) -> Result<(), Unread> {
    if leads_outside(path) {
        return Err(Unread::Outside);
    }
    if entry.is_symlink() {
        return Err(Unread::Link);
    }
    if entry.encrypted() {
        return Err(Unread::Encrypted);
    }
    let method = entry.compression();
    if !matches!(method, CompressionMethod::Stored | CompressionMethod::Deflated) {
        return Err(Unread::Compression(method.to_string()));
    }
    let file = entry.with_reader(reader, ZipReadOptions::new()).map_err(Unread::Zip)?;
    let mut unpacked = Unpacked { reader: file, budget };
    Layer { name: full, budget, depth: Depth::Entry }.read(&mut unpacked, receiver)
}

/// Whether a path is absolute, or goes up.
fn leads_outside(path: &str) -> bool {
    let has_drive = path.as_bytes().get(1) == Some(&b':');
    has_drive || path.starts_with(['/', '\\']) || parts(path).any(|part| part == "..")
}

/// Whether a file is none of the user's, as in a folder: macOS puts `__MACOSX/._name` beside each file.
fn is_hidden(path: &str) -> bool {
    !leads_outside(path) && parts(path).any(|part| part == "__MACOSX" || (part.starts_with('.') && part != "."))
}

fn parts(path: &str) -> impl Iterator<Item = &str> {
    path.split(['/', '\\'])
}
