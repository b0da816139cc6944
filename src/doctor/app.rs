//! The files of an app: a folder, or the zip that is deployed.

mod package;
mod unreadable;

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use zip::result::ZipError;
use zip::{System, ZipArchive};

use super::DoctorError;
pub(super) use package::check;
pub(super) use unreadable::Unreadable;

/// The longest text that is read: settings and bindings are a few kilobytes.
const MAX_TEXT_BYTES: u64 = 4 << 20;
/// How much of an executable is read: its head tells its kind.
const MAX_HEAD_BYTES: u64 = 64 << 10;

/// An app, not yet trusted.
pub(super) enum App {
    /// A folder.
    Folder(PathBuf),
    /// A package, and the folder in it that holds all the rest: nothing, or a name and a slash.
    Package(ZipArchive<File>, String),
}

/// The beginning of a file, and what else is known of it.
pub(super) struct Head {
    /// Its first bytes.
    pub(super) bytes: Vec<u8>,
    /// How many bytes it has.
    pub(super) length: u64,
    /// Whether its mode has an executable bit, where it has a mode.
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
        let zip = ZipArchive::new(file).map_err(|error| DoctorError::Zip { name: name(), error })?;
        let top = package::top_folder(&zip);
        Ok(Self::Package(zip, top))
    }

    /// Whether it is a package, which goes to Azure as it stands.
    pub(super) fn is_package(&self) -> bool {
        matches!(self, Self::Package(..))
    }

    /// A file's text, without a byte order mark; `None` where there is no such file.
    pub(super) fn text(&mut self, name: &str) -> Result<Option<String>, Unreadable> {
        let Some(head) = self.head(name, MAX_TEXT_BYTES)? else { return Ok(None) };
        if head.bytes.len() as u64 == MAX_TEXT_BYTES {
            return Err(Unreadable::TooLong);
        }
        let text = String::from_utf8(head.bytes).map_err(|_| Unreadable::NotUtf8)?;
        Ok(Some(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)))
    }

    /// The beginning of an executable.
    pub(super) fn executable(&mut self, name: &str) -> Result<Option<Head>, Unreadable> {
        self.head(name, MAX_HEAD_BYTES)
    }

    fn head(&mut self, name: &str, limit: u64) -> Result<Option<Head>, Unreadable> {
        let mut bytes = Vec::new();
        let (length, is_executable) = match self {
            Self::Folder(root) => {
                let path = root.join(name);
                let about = match path.metadata() {
                    Ok(about) => about,
                    Err(error) => return Unreadable::unless_missing(&error),
                };
                if !about.is_file() {
                    return Err(if about.is_dir() { Unreadable::Folder } else { Unreadable::Device });
                }
                let file = File::open(path)?;
                file.take(limit).read_to_end(&mut bytes)?;
                (about.len(), may_execute(&about))
            }
            Self::Package(zip, top) => {
                let entry = match zip.by_name(&format!("{top}{name}")) {
                    Ok(entry) => entry,
                    Err(ZipError::FileNotFound) => return Ok(None),
                    Err(_) => return Err(Unreadable::Damaged),
                };
                // Windows writes attributes of its own where others write a mode.
                let mode = entry.unix_mode().filter(|_| entry.system() != System::Dos);
                let about = (entry.size(), mode.map(|mode| mode & 0o111 != 0));
                // The limit holds for what is unpacked, so that a bomb costs nothing.
                entry.take(limit).read_to_end(&mut bytes).map_err(|_| Unreadable::Damaged)?;
                about
            }
        };
        Ok(Some(Head { bytes, length, is_executable }))
    }

    /// The name in the app of a path that is meant from one of its folders; `None` where it leads out of a package.
    pub(super) fn locate(&self, folder: &str, path: &str) -> Option<String> {
        match self {
            Self::Folder(_) => Some(Path::new(folder).join(path).to_string_lossy().into_owned()),
            Self::Package(..) => package::locate(folder, path),
        }
    }

    /// The names of the folders that hold a function.json, sorted.
    pub(super) fn functions(&self) -> Vec<String> {
        let mut names: Vec<String> = match self {
            Self::Folder(root) => {
                let entries = root.read_dir().into_iter().flatten().filter_map(Result::ok);
                let folders = entries.filter(|entry| entry.path().join("function.json").is_file());
                folders.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
            }
            Self::Package(zip, top) => {
                let names = zip.file_names().filter_map(Result::ok);
                let folders = names.filter_map(|name| {
                    name.strip_prefix(top.as_str())?.strip_suffix("/function.json").map(str::to_owned)
                });
                folders.filter(|folder| !folder.contains('/')).collect()
            }
        };
        names.sort_unstable();
        names
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
