//! Sigma rules from a folder, or from blobs of the app's own storage account, read once at the start.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::config::{Settings, SigmaPlace};
use crate::sigma::{Fault, MAX_RULE_BYTES, RuleText, SigmaRules};
use crate::small_file;
use crate::storage::{Account, AccountFault, Container, StorageFault};

/// How many files are read; a folder with more is not one of rules for this app.
const MAX_FILES: usize = 5000;
/// How long reading the blobs may take.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Why there are no Sigma rules although a setting names some.
#[derive(Debug, thiserror::Error)]
pub enum NoRules {
    /// The folder, or one below it, cannot be read.
    #[error("{} cannot be read: {fault}", folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// Why.
        fault: io::Error,
    },
    /// There are more files than anybody writes rules.
    #[error("there are more than {MAX_FILES} files with rules; name the folder that holds those for this app")]
    TooMany,
    /// There is no file.
    #[error("there is no file whose name ends in .yml; put the rules there, or unset SIGMA_RULES")]
    Empty,
    /// The account that the settings name.
    #[error(transparent)]
    Account(#[from] AccountFault),
    /// The storage does not give the blobs out.
    #[error(transparent)]
    Storage(#[from] StorageFault),
    /// The storage is slow, or away.
    #[error("the storage account did not answer within {} seconds; restart the app to read them again", TIMEOUT.as_secs())]
    Late,
}

/// A file or blob: its name, and its bytes or why there are none.
type Named = (String, Result<Vec<u8>, String>);

/// Reads the rules that the settings name; `None` where they name none. What is wrong is in the rules' faults.
pub async fn of_settings(settings: &Settings) -> Option<SigmaRules> {
    if let Some(fault) = settings.optional_faults.sigma_rules.sentence() {
        return Some(SigmaRules::broken(fault));
    }
    let read = match settings.sigma_rules.as_ref()? {
        SigmaPlace::Folder(folder) => files(folder),
        SigmaPlace::Blobs { container, prefix } => {
            let blobs = blobs(settings.storage.as_ref(), container, prefix);
            tokio::time::timeout(TIMEOUT, blobs).await.unwrap_or(Err(NoRules::Late))
        }
    };
    Some(read.map_or_else(|fault| SigmaRules::broken(format!("SIGMA_RULES: {fault}")), rules))
}

/// Reads the rules in a folder and those below it.
///
/// # Errors
/// [`NoRules`] where no file of it can be read.
pub fn of_folder(folder: &Path) -> Result<SigmaRules, NoRules> {
    Ok(rules(files(folder)?))
}

/// Whether a file of this name holds rules, and not tests of some.
#[must_use]
pub fn is_rule_file(name: &str) -> bool {
    [".yml", ".yaml"].iter().any(|end| name.ends_with(end) && !name.ends_with(&format!(".tests{end}")))
}

/// The files of rules in a folder and those below it, in the order of their names.
///
/// # Errors
/// [`NoRules`] where the folder cannot be read.
pub fn paths(folder: &Path) -> Result<Vec<PathBuf>, NoRules> {
    let (mut folders, mut files) = (vec![folder.to_owned()], Vec::new());
    while let Some(folder) = folders.pop() {
        let unreadable = |fault| NoRules::Folder { folder: folder.clone(), fault };
        for entry in folder.read_dir().map_err(unreadable)? {
            let path = entry.map_err(unreadable)?.path();
            // A link to a folder could lead back to it.
            if path.is_dir() && !path.is_symlink() {
                folders.push(path);
            } else if path.file_name().is_some_and(|name| is_rule_file(&name.to_string_lossy())) {
                files.push(path);
            }
        }
        if files.len() > MAX_FILES || folders.len() > MAX_FILES {
            return Err(NoRules::TooMany);
        }
    }
    files.sort_unstable();
    if files.is_empty() { Err(NoRules::Empty) } else { Ok(files) }
}

fn files(folder: &Path) -> Result<Vec<Named>, NoRules> {
    let named = |path: PathBuf| {
        let name = path.strip_prefix(folder).unwrap_or(&path).to_string_lossy().into_owned();
        (name, small_file::read(&path, MAX_RULE_BYTES).map_err(|fault| fault.to_string()))
    };
    Ok(paths(folder)?.into_iter().map(named).collect())
}

async fn blobs(account: Result<&Account, &AccountFault>, container: &str, prefix: &str) -> Result<Vec<Named>, NoRules> {
    let container = Container::of(account.map_err(Clone::clone)?, container)?;
    let mut names = container.list(prefix).await?;
    names.retain(|name| is_rule_file(name));
    names.sort_unstable();
    match names.len() {
        0 => return Err(NoRules::Empty),
        1..=MAX_FILES => {}
        _ => return Err(NoRules::TooMany),
    }
    let mut read = Vec::new();
    for name in names {
        let chunks = container.read(&name, 0, Some(MAX_RULE_BYTES as u64 + 1)).await;
        read.push((name, chunks.map(|chunks| chunks.concat()).map_err(|fault| fault.to_string())));
    }
    Ok(read)
}

fn rules(files: Vec<Named>) -> SigmaRules {
    let texts = files.iter().filter_map(|(file, bytes)| Some(RuleText { file, bytes: bytes.as_ref().ok()? }));
    let unread = |(file, bytes): &Named| {
        let reason = bytes.as_ref().err()?.clone();
        Some(Fault { file: file.clone(), line: 1, reason })
    };
    SigmaRules::read(texts).with_faults(files.iter().filter_map(unread))
}
