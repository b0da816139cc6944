//! The files of an app: a folder, or the zip that is deployed.

use std::fs::File;
use std::io::{self, ErrorKind, Read as _};
use std::path::{Path, PathBuf};

use zip::read::ZipFile;
use zip::{System, ZipArchive};

use super::{DoctorError, Report};
use crate::sigma_files;

/// Why a file cannot be read and how to fix it: the rest of a sentence that begins with its name.
pub(super) type Unreadable = &'static str;

/// The longest text that is read; settings and bindings have a few kilobytes.
const MAX_TEXT_BYTES: u64 = 4 << 20;
/// How much of an executable is read: its headers are at its beginning.
const HEADER_BYTES: u64 = 4 << 10;
/// Where Azure puts a package's files.
const APP_ROOT: &str = "home/site/wwwroot/";

/// An app, not yet trusted.
pub(super) enum App {
    Folder(PathBuf),
    /// A package, and the folder in it that holds everything: empty, or a name and a slash.
    Package(ZipArchive<File>, String),
}

/// The beginning of a file, its length and its mode.
pub(super) struct Head {
    pub(super) bytes: Vec<u8>,
    /// The length of the whole file in bytes.
    pub(super) length: u64,
    /// Whether its mode has an executable bit; `None` on systems without modes.
    pub(super) is_executable: Option<bool>,
}

impl App {
    pub(super) fn open(place: &Path) -> Result<Self, DoctorError> {
        let name = || place.display().to_string();
        let unreadable = |error| DoctorError::Unreadable(name(), error);
        if std::fs::metadata(place).map_err(unreadable)?.is_dir() {
            return Ok(Self::Folder(place.to_owned()));
        }
        let file = File::open(place).map_err(unreadable)?;
        let zip = ZipArchive::new(file).map_err(|error| DoctorError::Zip(name(), error))?;
        let top = top_folder(&zip);
        Ok(Self::Package(zip, top))
    }

    /// Whether it is a package, which goes to Azure as it is.
    pub(super) fn is_package(&self) -> bool {
        matches!(self, Self::Package(..))
    }

    /// A file's text, without a byte order mark; `None` if there is no such file.
    pub(super) fn text(&mut self, name: &str) -> Result<Option<String>, Unreadable> {
        let Some(head) = self.head(name, MAX_TEXT_BYTES)? else { return Ok(None) };
        if head.bytes.len() as u64 == MAX_TEXT_BYTES {
            return Err("is longer than 4 MiB: check that it is the right file");
        }
        let text = String::from_utf8(head.bytes).map_err(|_| "is not UTF-8: save it as UTF-8")?;
        Ok(Some(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)))
    }

    pub(super) fn executable(&mut self, name: &str) -> Result<Option<Head>, Unreadable> {
        self.head(name, HEADER_BYTES)
    }

    fn head(&mut self, name: &str, limit: u64) -> Result<Option<Head>, Unreadable> {
        self.read(name, limit).map(Some).or_else(|error| match error.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory => Ok(None),
            ErrorKind::IsADirectory => Err("is a folder: put the file in its place"),
            ErrorKind::NotSeekable => Err("is a pipe or a device: put the file in its place"),
            ErrorKind::PermissionDenied => {
                Err("may not be read by this user: give it a mode of 644, or 755 if it is the executable")
            }
            _ => Err("is damaged, or cannot be read: put it there again; scripts/package makes a package again"),
        })
    }

    fn read(&mut self, name: &str, limit: u64) -> io::Result<Head> {
        let mut bytes = Vec::new();
        let (length, is_executable) = match self {
            Self::Folder(root) => {
                let path = root.join(name);
                let about = path.metadata()?;
                if !about.is_file() {
                    let kind = if about.is_dir() { ErrorKind::IsADirectory } else { ErrorKind::NotSeekable };
                    return Err(kind.into());
                }
                File::open(path)?.take(limit).read_to_end(&mut bytes)?;
                (about.len(), may_execute(&about))
            }
            Self::Package(zip, top) => {
                let entry = zip.by_name(&format!("{top}{name}"))?;
                let about = (entry.size(), Some(is_executable(&entry)));
                // The limit counts unpacked bytes, so that a zip bomb does no harm.
                entry.take(limit).read_to_end(&mut bytes)?;
                about
            }
        };
        Ok(Head { bytes, length, is_executable })
    }

    /// The name in the app of a path relative to one of its folders; `None` if it leads out of a package.
    pub(super) fn locate(&self, folder: &str, path: &str) -> Option<String> {
        match self {
            Self::Folder(_) => Some(Path::new(folder).join(path).to_string_lossy().into_owned()),
            Self::Package(..) => locate_in_package(folder, path),
        }
    }

    /// The names of the files of Sigma rules in a folder of the app and those below it, sorted.
    pub(super) fn rules(&self, folder: &str) -> Vec<String> {
        let mut names: Vec<String> = match self {
            Self::Folder(root) => {
                let paths = sigma_files::paths(&root.join(folder)).unwrap_or_default();
                let name = |path: PathBuf| path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
                paths.into_iter().map(name).collect()
            }
            Self::Package(zip, top) => {
                let start = format!("{top}{}/", folder.trim_end_matches('/'));
                let names = zip.file_names().filter_map(Result::ok).filter(|name| name.starts_with(&start));
                let rules = names.filter(|name| sigma_files::is_rule_file(name));
                rules.filter_map(|name| Some(name.strip_prefix(&**top)?.to_owned())).collect()
            }
        };
        names.sort_unstable();
        names
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
                let folder = |name: &str| Some(name.strip_prefix(&**top)?.strip_suffix("/function.json")?.to_owned());
                names.filter_map(|name| folder(&name)).filter(|folder| !folder.contains('/')).collect()
            }
        };
        names.sort_unstable();
        names
    }
}

#[cfg_attr(not(unix), expect(unused_variables, reason = "elsewhere a file has no mode"))]
fn may_execute(file: &std::fs::Metadata) -> Option<bool> {
    #[cfg(unix)]
    let mode = Some(std::os::unix::fs::PermissionsExt::mode(&file.permissions()));
    #[cfg(not(unix))]
    let mode: Option<u32> = None;
    mode.map(|mode| mode & 0o111 != 0)
}

/// The folder that holds the host.json of a zip that has none at its top.
fn top_folder(zip: &ZipArchive<File>) -> String {
    let names = zip.file_names().filter_map(Result::ok);
    let tops = names.filter_map(|name| name.strip_suffix("host.json").map(str::to_owned));
    let near = tops.filter(|top| top.is_empty() || top.find('/') == Some(top.len() - 1));
    near.min_by_key(String::len).unwrap_or_default()
}

/// Checks how a package is made; returns whether its files can be found at all.
pub(super) fn check(app: &App, report: &mut Report) -> bool {
    let App::Package(zip, top) = app else { return true };
    if zip.file_names().filter_map(Result::ok).any(|name| name.contains('\\')) {
        report.fault(
            "the zip separates folders with \\, so Linux finds no folders in it: pack it with scripts/package, which writes / \
             on any machine",
        );
        return false;
    }
    if !top.is_empty() {
        report.fault(format!(
            "host.json is in the folder {top} of the zip, where the host does not look: pack what is in that folder, not the \
             folder; the lines below are about what is in it"
        ));
    }
    true
}

/// The name in a package of a path relative to one of its folders; `None` if it leads out of the package.
fn locate_in_package(folder: &str, path: &str) -> Option<String> {
    let from = |start: &str, path: &str| {
        if path.starts_with('/') { path.to_owned() } else { format!("{start}/{path}") }
    };
    let whole = from(&from(APP_ROOT, folder), path);
    let mut parts = Vec::new();
    for part in whole.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/").strip_prefix(APP_ROOT).map(str::to_owned)
}

/// Whether a file has an executable bit. Zips made on Windows have attributes instead of a mode.
fn is_executable(entry: &ZipFile<'_, File>) -> bool {
    entry.system() != System::Dos && entry.unix_mode().is_some_and(|mode| mode & 0o111 != 0)
}
