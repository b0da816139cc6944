//! The files that a replay reads: named ones, all below named folders, and standard input.

use std::fs::File;
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

/// Finds all inputs: files as named, folders with everything below them in the order of their names.
pub(super) fn find(paths: &[PathBuf], summary: &mut Summary) -> Vec<Input> {
    let mut inputs = Vec::new();
    for path in paths {
        if path == Path::new("-") {
            inputs.push(Input::Stdin);
        } else if let Err(error) = collect(path, &mut inputs) {
            summary.unreadable(&path.display().to_string(), &error);
        }
    }
    inputs
}

fn collect(path: &Path, inputs: &mut Vec<Input>) -> io::Result<()> {
    if !path.metadata()?.is_dir() {
        inputs.push(Input::File(path.to_owned()));
        return Ok(());
    }
    let mut entries: Vec<_> = path.read_dir()?.collect::<io::Result<_>>()?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let is_hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
        // A link to a folder is not followed, so that a circle of links ends.
        let is_linked_folder = entry.file_type()?.is_symlink() && entry.path().is_dir();
        if !is_hidden && !is_linked_folder {
            collect(&entry.path(), inputs)?;
        }
    }
    Ok(())
}
