//! The files of an app: a folder, or the zip that is deployed.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use zip::ZipArchive;
use zip::result::ZipError;

use super::DoctorError;

/// The longest text that is read: settings and bindings are a few kilobytes.
const MAX_TEXT_BYTES: u64 = 4 << 20;
/// How much of an executable is read: its head tells its kind.
const MAX_HEAD_BYTES: u64 = 64 << 10;

/// An app, not yet trusted.
pub(super) enum App {
    /// A folder.
    Folder(PathBuf),
    /// A package.
    Package(ZipArchive<File>),
}

/// The beginning of a file, and whether it may be executed where that is known.
pub(super) struct Head {
    /// Its first bytes.
    pub(super) bytes: Vec<u8>,
    /// Whether its mode has an executable bit.
    pub(super) is_executable: Option<bool>,
}

impl App {
    /// Opens a folder or a zip.
    pub(super) fn open(place: &Path) -> Result<Self, DoctorError> {
        let name = || place.display().to_string();
        let unreadable = |error| DoctorError::Unreadable { name: name(), error };
        if std::fs::metadata(place).map_err(unreadable)?.is_dir() {
            return Ok(Self::Folder(place.to_owned()));
        }
        let file = File::open(place).map_err(unreadable)?;
        ZipArchive::new(file).map(Self::Package).map_err(|error| DoctorError::Zip { name: name(), error })
    }

    /// Whether it is a package, which goes to Azure as it stands.
    pub(super) fn is_package(&self) -> bool {
        matches!(self, Self::Package(_))
    }

    /// A file's text, without a byte order mark; `None` where there is no such file.
    pub(super) fn text(&mut self, name: &str) -> io::Result<Option<String>> {
        let Some(head) = self.head(name, MAX_TEXT_BYTES)? else { return Ok(None) };
        if head.bytes.len() as u64 == MAX_TEXT_BYTES {
            return Err(io::Error::other("it is too long"));
        }
        let text = String::from_utf8(head.bytes).map_err(|_| io::Error::other("it is not UTF-8"))?;
        Ok(Some(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)))
    }

    /// The beginning of an executable.
    pub(super) fn executable(&mut self, name: &str) -> io::Result<Option<Head>> {
        self.head(name, MAX_HEAD_BYTES)
    }

    fn head(&mut self, name: &str, limit: u64) -> io::Result<Option<Head>> {
        let mut bytes = Vec::new();
        let is_executable = match self {
            Self::Folder(root) => {
                let file = match File::open(root.join(name)) {
                    Ok(file) => file,
                    Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
                    Err(error) => return Err(error),
                };
                let is_executable = may_execute(&file.metadata()?);
                file.take(limit).read_to_end(&mut bytes)?;
                is_executable
            }
            Self::Package(zip) => {
                let entry = match zip.by_name(name) {
                    Ok(entry) => entry,
                    Err(ZipError::FileNotFound) => return Ok(None),
                    Err(error) => return Err(error.into()),
                };
                let is_executable = entry.unix_mode().map(|mode| mode & 0o111 != 0);
                // The limit holds for what is unpacked, so that a bomb costs nothing.
                entry.take(limit).read_to_end(&mut bytes)?;
                is_executable
            }
        };
        Ok(Some(Head { bytes, is_executable }))
    }

    /// The names of the folders that hold a function.json, sorted.
    pub(super) fn functions(&self) -> io::Result<Vec<String>> {
        let mut names: Vec<String> = match self {
            Self::Folder(root) => {
                let mut names = Vec::new();
                for entry in root.read_dir()? {
                    let entry = entry?;
                    if entry.path().join("function.json").is_file() {
                        names.push(entry.file_name().to_string_lossy().into_owned());
                    }
                }
                names
            }
            Self::Package(zip) => {
                let names = zip.file_names().filter_map(Result::ok);
                let folders = names.filter_map(|name| name.strip_suffix("/function.json").map(str::to_owned));
                folders.filter(|folder| !folder.contains('/')).collect()
            }
        };
        names.sort_unstable();
        Ok(names)
    }
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere a file has no mode")]
fn may_execute(file: &std::fs::Metadata) -> Option<bool> {
    use std::os::unix::fs::PermissionsExt as _;
    Some(file.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn may_execute(_file: &std::fs::Metadata) -> Option<bool> {
    None
}
