//! A small file that a setting names; reading it never waits, and never reads more than expected.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

/// Why a file cannot be read. Nothing of its content is repeated.
#[derive(Debug, thiserror::Error)]
pub enum SmallFileFault {
    /// It is not there, or may not be read.
    #[error("the file cannot be read: {0}")]
    Unreadable(#[from] io::Error),
    /// A folder, a pipe or a device.
    #[error("it is a folder, a pipe or a device, and no file; put a file in its place")]
    NoFile,
    /// Longer than any such file.
    #[error("the file is over {} MiB; check that it is the right one", .0 >> 20)]
    TooLong(usize),
    /// Not UTF-8.
    #[error("the file is not UTF-8; save it as UTF-8")]
    NotUtf8,
}

/// Reads a file of at most `max_bytes`.
///
/// # Errors
/// [`SmallFileFault`] says what it is instead.
pub fn read(path: &Path, max_bytes: usize) -> Result<String, SmallFileFault> {
    // Checked before opening, because opening a pipe waits for a writer.
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
