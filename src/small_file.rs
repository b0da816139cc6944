//! A small file that a setting names, read without waiting and without end.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

/// Why a file cannot be read. Nothing of the file is repeated.
#[derive(Debug, thiserror::Error)]
pub enum SmallFileFault {
    /// It is not there, or may not be read.
    #[error("the file cannot be read: {0}")]
    Unreadable(#[from] io::Error),
    /// A folder, a pipe or a device.
    #[error("it is a folder, a pipe or a device, and no file; put a file in its place")]
    NoFile,
    /// More than it can be meant to hold.
    #[error("the file is over {} MiB; look whether it is the right one", .0 >> 20)]
    TooLong(usize),
    /// Bytes that are no text.
    #[error("the file is not UTF-8; save it as UTF-8")]
    NotUtf8,
}

/// Reads a file of at most `max_bytes`.
///
/// # Errors
/// [`SmallFileFault`] says what it is instead.
pub fn read(path: &Path, max_bytes: usize) -> Result<String, SmallFileFault> {
    // Before it is opened: opening a pipe would wait for somebody to write.
    if !path.metadata()?.is_file() {
        return Err(SmallFileFault::NoFile);
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(max_bytes as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > max_bytes {
        return Err(SmallFileFault::TooLong(max_bytes));
    }
    String::from_utf8(bytes).map_err(|_| SmallFileFault::NotUtf8)
}
