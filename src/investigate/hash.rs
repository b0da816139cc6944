//! The SHA-256 of inputs and of what is written.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use sha2::{Digest as _, Sha256};

use crate::interrupt::Interrupt;

/// How much is read at once.
const BUFFER_BYTES: usize = 256 * 1024;

/// How many bytes a file has, and their hash.
///
/// # Errors
/// When it is no file, or cannot be read: what comes only once could not be both hashed and read. When somebody asks to stop.
pub(super) fn of(path: &Path, interrupt: &Interrupt) -> io::Result<(u64, String)> {
    let no_file = "it is no file, so its hash would say nothing later: save it as a file first, and name that";
    if !path
        .metadata()
        .map_err(|error| if path == Path::new("-") { io::Error::other(no_file) } else { error })?
        .is_file()
    {
        return Err(io::Error::other(no_file));
    }
    let (mut file, mut hash, mut bytes) = (File::open(path)?, Sha256::new(), 0);
    let mut buffer = vec![0; BUFFER_BYTES];
    loop {
        interrupt.check()?;
        match file.read(&mut buffer) {
            Ok(0) => return Ok((bytes, hex(&hash.finalize()))),
            Ok(read) => {
                bytes += read as u64;
                hash.update(buffer.get(..read).unwrap_or_default());
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// The hash of a text.
pub(super) fn of_text(text: &str) -> String {
    hex(&Sha256::digest(text))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
