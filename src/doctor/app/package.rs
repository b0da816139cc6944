//! What only a zip has: its folders, and where Azure puts its files.

use std::fs::File;

use zip::read::ZipFile;
use zip::{System, ZipArchive};

use super::App;
use crate::doctor::report::Report;

/// Where Azure puts a package's files.
const APP_ROOT: &str = "home/site/wwwroot/";

/// The folder that holds the host.json of a zip that has none at its top.
pub(super) fn top_folder(zip: &ZipArchive<File>) -> String {
    let names = zip.file_names().filter_map(Result::ok);
    let tops = names.filter_map(|name| name.strip_suffix("host.json").map(str::to_owned));
    let near = tops.filter(|top| top.is_empty() || top.find('/') == Some(top.len() - 1));
    near.min_by_key(String::len).unwrap_or_default()
}

/// Checks how a package is made; returns whether its files can be found at all.
pub(in crate::doctor) fn check(app: &App, report: &mut Report) -> bool {
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
pub(super) fn locate(folder: &str, path: &str) -> Option<String> {
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

/// The names of the folders below the top that hold a function.json.
pub(super) fn functions(zip: &ZipArchive<File>, top: &str) -> Vec<String> {
    let names = zip.file_names().filter_map(Result::ok);
    let folders = names.filter_map(|name| name.strip_prefix(top)?.strip_suffix("/function.json").map(str::to_owned));
    folders.filter(|folder| !folder.contains('/')).collect()
}

/// Whether a file has an executable bit. Zips made on Windows have attributes instead of a mode.
pub(super) fn is_executable(entry: &ZipFile<'_, File>) -> bool {
    entry.system() != System::Dos && entry.unix_mode().is_some_and(|mode| mode & 0o111 != 0)
}
