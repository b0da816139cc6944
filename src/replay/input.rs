//! The files that a replay reads: named ones, all below named folders, and standard input.

use std::fs::{DirEntry, File};
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use flate2::bufread::MultiGzDecoder;

use super::progress::{Counted, Progress};
use super::summary::Summary;

/// The path that means standard input.
const STDIN: &str = "-";
/// The first bytes of a gzip file.
const GZIP_MAGIC: [u8; 2] = [0x1F, 0x8B];
/// How much is read at once.
const BUFFER_BYTES: usize = 256 * 1024;

/// Opens an input; gzip is unpacked, whatever the file is called.
///
/// # Errors
/// When it cannot be opened or read.
pub(super) fn open<'p>(path: &Path, progress: &'p Progress) -> io::Result<Box<dyn BufRead + 'p>> {
    let raw: Box<dyn io::Read> =
        if path == Path::new(STDIN) { Box::new(io::stdin()) } else { Box::new(File::open(path)?) };
    let mut buffered = BufReader::with_capacity(BUFFER_BYTES, Counted { reader: raw, progress });
    if buffered.fill_buf()?.starts_with(&GZIP_MAGIC) {
        return Ok(Box::new(BufReader::with_capacity(BUFFER_BYTES, MultiGzDecoder::new(buffered))));
    }
    Ok(Box::new(buffered))
}

/// Finds all inputs: files as named, folders with everything below them in the order of their names. What cannot be
/// read is reported, and the rest is read all the same.
pub(super) fn find(paths: &[PathBuf], summary: &mut Summary) -> Vec<PathBuf> {
    let mut inputs = Vec::new();
    for path in paths {
        match path.metadata() {
            _ if path == Path::new(STDIN) => inputs.push(path.clone()),
            Ok(metadata) if metadata.is_dir() => add_folder(path, &mut inputs, summary),
            // A pipe may be named, as shells do for `<(...)`.
            Ok(_) => inputs.push(path.clone()),
            Err(error) => summary.unreadable(path, &error),
        }
    }
    inputs
}

/// Adds what is below a folder.
fn add_folder(folder: &Path, inputs: &mut Vec<PathBuf>, summary: &mut Summary) {
    let mut report = |error: &io::Error| summary.unreadable(folder, error);
    let read = folder.read_dir().inspect_err(&mut report);
    let entries = read.into_iter().flatten().filter_map(|entry| entry.inspect_err(&mut report).ok());
    let mut entries: Vec<_> = entries.collect();
    entries.sort_by_key(DirEntry::file_name);
    for entry in entries.iter().filter(|entry| !entry.file_name().as_encoded_bytes().starts_with(b".")) {
        let path = entry.path();
        match path.metadata() {
            // A link to a folder is not followed: it could lead back here.
            Ok(metadata) if metadata.is_dir() && path.is_symlink() => {}
            Ok(metadata) if metadata.is_dir() => add_folder(&path, inputs, summary),
            Ok(metadata) if metadata.is_file() => inputs.push(path),
            // Opening a pipe would wait for somebody to write.
            Ok(_) => summary.unreadable(&path, &io::Error::other("not a file; name it on the command line to read it")),
            Err(error) => summary.unreadable(&path, &error),
        }
    }
}
