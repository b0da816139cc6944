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
}

/// Reads a file; of one with more than `max_bytes` no more than is needed to see that.
///
/// # Errors
/// [`SmallFileFault`] says what it is instead.
pub fn read(path: &Path, max_bytes: usize) -> Result<Vec<u8>, SmallFileFault> {
    // Checked before opening, because opening a pipe waits for a writer.
    if !path.metadata()?.is_file() {
        return Err(SmallFileFault::NoFile);
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(max_bytes as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}
