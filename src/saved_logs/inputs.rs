//! The files that are read: named ones, all below named folders, and standard input.

use std::fs::DirEntry;
use std::io;
use std::path::{Path, PathBuf};

/// The path that means standard input.
pub(super) const STDIN: &str = "-";

/// Told of what cannot be read, and why.
type Report<'r> = &'r mut dyn FnMut(&Path, &io::Error);

/// Finds all inputs: files as named, folders with everything below them in the order of their names. What cannot be
/// read is reported, and the rest is read all the same.
pub fn find(paths: &[PathBuf], report: Report<'_>) -> Vec<PathBuf> {
    let mut inputs = Vec::new();
    for path in paths {
        match path.metadata() {
            _ if path == Path::new(STDIN) => inputs.push(path.clone()),
            Ok(metadata) if metadata.is_dir() => {
                let before = inputs.len();
                add_folder(path, &mut inputs, report);
                if inputs.len() == before {
                    report(path, &io::Error::other("there is no file in it that could be read"));
                }
            }
            // A pipe may be named, as shells do for `<(...)`.
            Ok(_) => inputs.push(path.clone()),
            Err(error) => report(path, &error),
        }
    }
    inputs
}

/// Adds what is below a folder.
fn add_folder(folder: &Path, inputs: &mut Vec<PathBuf>, report: Report<'_>) {
    let mut of_folder = |error: &io::Error| report(folder, error);
    let read = folder.read_dir().inspect_err(&mut of_folder);
    let entries = read.into_iter().flatten().filter_map(|entry| entry.inspect_err(&mut of_folder).ok());
    let mut entries: Vec<_> = entries.collect();
    entries.sort_by_key(DirEntry::file_name);
    for entry in entries.iter().filter(|entry| !entry.file_name().as_encoded_bytes().starts_with(b".")) {
        let path = entry.path();
        match path.metadata() {
            // A link to a folder is not followed: it could lead back here.
            Ok(metadata) if metadata.is_dir() && path.is_symlink() => {}
            Ok(metadata) if metadata.is_dir() => add_folder(&path, inputs, report),
            Ok(metadata) if metadata.is_file() => inputs.push(path),
            // Opening a pipe would wait for somebody to write.
            Ok(_) => report(&path, &io::Error::other("not a file; name it on the command line to read it")),
            Err(error) => report(&path, &error),
        }
    }
}
