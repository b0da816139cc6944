//! The handler's binary, built if need be.

use std::error::Error;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::build_folder;
use support::functions_host::app_folder::executable_path;

/// The binary that host.json names, from the build folder of this example.
pub(super) fn find(repository: &Path, build: bool) -> Result<PathBuf, Box<dyn Error>> {
    let path = executable_path(repository)?;
    let name = path.file_name().ok_or("host.json names no handler")?.to_owned();
    let folder = build_folder()?;
    let handler = folder.join(&name).with_extension(std::env::consts::EXE_EXTENSION);
    if build || !handler.is_file() {
        let release = folder.file_name() == Some(OsStr::new("release"));
        let built = Command::new("cargo")
            .args(["build", "--bin"])
            .arg(&name)
            .args(release.then_some("--release"))
            .current_dir(repository)
            .status()?;
        if !built.success() || !handler.is_file() {
            return Err(format!("cargo build made no {}", handler.display()).into());
        }
    }
    Ok(handler)
}
