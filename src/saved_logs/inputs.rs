//! The files that are read: named ones, all below named folders, and standard input.

use std::fs::DirEntry;
use std::io;
use std::path::{Path, PathBuf};

/// The path that means standard input.
pub(super) const STDIN: &str = "-";

/// Entries of folders that are not read, because nobody means them who names the folder.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PassedOver {
    /// Files and folders whose names begin with a full stop.
    pub hidden: u64,
    /// Links to folders, which could lead back.
    pub links: u64,
}

/// Told of what cannot be read, and why.
type Report<'r> = &'r mut dyn FnMut(&Path, &io::Error);

/// Finds all inputs: files as named, folders with everything below them in the order of their names. What cannot be
/// read is reported, and the rest is read all the same; what of folders is passed over is counted.
pub fn find(paths: &[PathBuf], report: Report<'_>) -> (Vec<PathBuf>, PassedOver) {
    let (mut inputs, mut passed_over) = (Vec::new(), PassedOver::default());
    for path in paths {
        match path.metadata() {
            _ if path == Path::new(STDIN) => inputs.push(path.clone()),
            Ok(metadata) if metadata.is_dir() => {
                let before = inputs.len();
                add_folder(path, &mut inputs, &mut passed_over, report);
                if inputs.len() == before {
                    report(path, &io::Error::other("there is no file in it that could be read"));
                }
            }
            // A pipe may be named, as shells do for `<(...)`.
            Ok(_) => inputs.push(path.clone()),
            Err(error) => report(path, &error),
        }
    }
    (inputs, passed_over)
}

/// Adds what is below a folder.
fn add_folder(folder: &Path, inputs: &mut Vec<PathBuf>, passed_over: &mut PassedOver, report: Report<'_>) {
    let mut of_folder = |error: &io::Error| report(folder, error);
    let read = folder.read_dir().inspect_err(&mut of_folder);
    let entries = read.into_iter().flatten().filter_map(|entry| entry.inspect_err(&mut of_folder).ok());
    let mut entries: Vec<_> = entries.collect();
    entries.sort_by_key(DirEntry::file_name);
    for entry in entries {
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            passed_over.hidden += 1;
            continue;
        }
        let path = entry.path();
        match path.metadata() {
            // It could lead back here.
            Ok(metadata) if metadata.is_dir() && path.is_symlink() => passed_over.links += 1,
            Ok(metadata) if metadata.is_dir() => add_folder(&path, inputs, passed_over, report),
            Ok(metadata) if metadata.is_file() => inputs.push(path),
            // Opening a pipe would wait for somebody to write.
            Ok(_) => report(&path, &io::Error::other("not a file; name it on the command line to read it")),
            Err(error) => report(&path, &error),
        }
    }
}
