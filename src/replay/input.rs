//! The files that a replay reads: named ones, all below named folders, and standard input.

use std::fs::{DirEntry, File};
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use flate2::bufread::MultiGzDecoder;

use super::progress::{Counted, Progress};
use super::summary::Summary;

/// The first bytes of a gzip file.
const GZIP_MAGIC: [u8; 2] = [0x1F, 0x8B];
/// How much is read at once.
const BUFFER_BYTES: usize = 256 * 1024;

/// One input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Input {
    /// Standard input, `-`.
    Stdin,
    /// A file.
    File(PathBuf),
}

impl Input {
    /// The name that alerts and messages give the input.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Stdin => "-".to_owned(),
            Self::File(path) => path.display().to_string(),
        }
    }

    /// Opens the input; gzip is unpacked, whatever the file is called.
    ///
    /// # Errors
    /// When it cannot be opened or read.
    pub(super) fn open(&self, progress: &Progress) -> io::Result<Box<dyn BufRead>> {
        let raw: Box<dyn io::Read> = match self {
            Self::Stdin => Box::new(io::stdin()),
            Self::File(path) => Box::new(File::open(path)?),
        };
        let mut buffered = BufReader::with_capacity(BUFFER_BYTES, Counted::new(raw, progress));
        if buffered.fill_buf()?.starts_with(&GZIP_MAGIC) {
            return Ok(Box::new(BufReader::with_capacity(BUFFER_BYTES, MultiGzDecoder::new(buffered))));
        }
        Ok(Box::new(buffered))
    }
}

/// Finds all inputs: files as named, folders with everything below them in the order of their names. Each entry that
/// cannot be read is told, and costs no other.
pub(super) fn find(paths: &[PathBuf], summary: &mut Summary) -> Vec<Input> {
    let mut inputs = Vec::new();
    for path in paths {
        if path == Path::new("-") {
            inputs.push(Input::Stdin);
        } else {
            match path.metadata() {
                Ok(metadata) if metadata.is_dir() => collect(path, &mut inputs, summary),
                // A pipe may be named, as shells do for `<(...)`.
                Ok(_) => inputs.push(Input::File(path.clone())),
                Err(error) => summary.unreadable(&path.display().to_string(), &error),
            }
        }
    }
    inputs
}

/// Adds what is below a folder.
fn collect(folder: &Path, inputs: &mut Vec<Input>, summary: &mut Summary) {
    let read = match folder.read_dir() {
        Ok(read) => read,
        Err(error) => return summary.unreadable(&folder.display().to_string(), &error),
    };
    let mut entries = Vec::new();
    for entry in read {
        match entry {
            Ok(entry) => entries.push(entry),
            Err(error) => summary.unreadable(&folder.display().to_string(), &error),
        }
    }
    entries.sort_by_key(DirEntry::file_name);
    for entry in entries.iter().filter(|entry| !entry.file_name().as_encoded_bytes().starts_with(b".")) {
        match kind(entry) {
            Ok(Kind::Folder) => collect(&entry.path(), inputs, summary),
            Ok(Kind::File) => inputs.push(Input::File(entry.path())),
            Ok(Kind::LinkedFolder) => {}
            Err(error) => summary.unreadable(&entry.path().display().to_string(), &error),
        }
    }
}

/// What an entry of a folder is.
enum Kind {
    File,
    Folder,
    /// Not followed, so that a circle of links ends.
    LinkedFolder,
}

fn kind(entry: &DirEntry) -> io::Result<Kind> {
    let is_link = entry.file_type()?.is_symlink();
    let metadata = entry.path().metadata()?;
    match (metadata.is_dir(), metadata.is_file()) {
        (true, _) if is_link => Ok(Kind::LinkedFolder),
        (true, _) => Ok(Kind::Folder),
        (_, true) => Ok(Kind::File),
        // Opening a pipe would wait for somebody to write.
        _ => Err(io::Error::other("it is no file; name it by itself to read it all the same")),
    }
}
