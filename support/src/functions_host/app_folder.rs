//! An app folder put together from the repository, as a deployment would.

use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::app::{HostJson, SetupFailure, read_json};

/// Puts `host.json`, every function's folder and the handler into a temporary folder. The handler is
/// linked to rather than copied: a fresh copy cannot be started while another test forks.
pub fn assemble(repository: &Path, handler: &Path) -> Result<TempDir, SetupFailure> {
    let folder = tempfile::tempdir().map_err(|source| failure(repository, source))?;
    let place = |file: &Path| {
        let from = repository.join(file);
        copy(&from, &folder.path().join(file)).map_err(|source| failure(&from, source))
    };
    place(Path::new("host.json"))?;
    let entries = repository.read_dir().map_err(|source| failure(repository, source))?;
    for entry in entries {
        let name = entry.map_err(|source| failure(repository, source))?.file_name();
        let file = Path::new(&name).join("function.json");
        if repository.join(&file).is_file() {
            place(&file)?;
        }
    }
    let target = folder.path().join(executable_path(repository)?);
    let handler = handler.canonicalize().map_err(|source| failure(handler, source))?;
    link(&handler, &target).map_err(|source| failure(&handler, source))?;
    Ok(folder)
}

/// Where host.json wants the handler, relative to the app's root.
pub fn executable_path(repository: &Path) -> Result<PathBuf, SetupFailure> {
    let host: HostJson = read_json(&repository.join("host.json"))?;
    let path = PathBuf::from(host.custom_handler.description.default_executable_path);
    if path.as_os_str().is_empty() { Err(SetupFailure::NoHandler) } else { Ok(path) }
}

fn failure(path: &Path, source: io::Error) -> SetupFailure {
    SetupFailure::Assemble { path: path.to_owned(), source }
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    make_parent(to)?;
    std::fs::copy(from, to).map(drop)
}

#[cfg(unix)]
fn link(from: &Path, to: &Path) -> io::Result<()> {
    make_parent(to)?;
    std::os::unix::fs::symlink(from, to)
}

#[cfg(not(unix))]
fn link(from: &Path, to: &Path) -> io::Result<()> {
    copy(from, to)
}

fn make_parent(file: &Path) -> io::Result<()> {
    file.parent().map_or(Ok(()), std::fs::create_dir_all)
}
