//! The folder that is written into.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::hash;

/// Why the report cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum OutFault {
    /// There is something in the folder.
    #[error("{} is not empty, and a report is not mixed with other files: name another folder with --out", .0.display())]
    NotEmpty(PathBuf),
    /// It is a file.
    #[error("{} is no folder: name another one with --out", .0.display())]
    NoFolder(PathBuf),
    /// It cannot be read or written.
    #[error("cannot write to {}: {fault}", path.display())]
    Io {
        /// The folder or file.
        path: PathBuf,
        /// What the system says.
        fault: io::Error,
    },
}

/// Checks that the folder is empty or absent, before anything is read.
///
/// # Errors
/// [`OutFault`].
pub(super) fn check(folder: &Path) -> Result<(), OutFault> {
    match fs::read_dir(folder) {
        Ok(mut entries) => match entries.next() {
            None => Ok(()),
            Some(_) => Err(OutFault::NotEmpty(folder.to_owned())),
        },
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(fault) if fault.kind() == io::ErrorKind::NotADirectory => Err(OutFault::NoFolder(folder.to_owned())),
        Err(fault) => Err(OutFault::Io { path: folder.to_owned(), fault }),
    }
}

/// Writes files, and `SHA256SUMS` of them, which `sha256sum --check` reads.
///
/// # Errors
/// [`OutFault`]; a file that is there already is not written over.
pub(super) fn write(folder: &Path, files: &[(&str, String)]) -> Result<(), OutFault> {
    fs::create_dir_all(folder).map_err(|fault| OutFault::Io { path: folder.to_owned(), fault })?;
    let sums = files.iter().map(|(name, text)| format!("{}  {name}\n", hash::of_text(text))).collect();
    for (name, text) in files.iter().chain([&("SHA256SUMS", sums)]) {
        let path = folder.join(name);
        write_new(&path, text).map_err(|fault| OutFault::Io { path, fault })?;
    }
    Ok(())
}

fn write_new(path: &Path, text: &str) -> io::Result<()> {
    use std::io::Write as _;
    fs::File::create_new(path)?.write_all(text.as_bytes())
}
