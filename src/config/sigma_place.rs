//! Where Sigma rules are: a folder of the app, or blobs of its storage account.

use std::path::PathBuf;

use super::expected_place::{BLOB, is_name, is_own_container};
use super::is_container;

/// Where the rules are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SigmaPlace {
    /// In a folder of the app.
    Folder(PathBuf),
    /// In the blobs of a container of the app's own account, under a prefix that is empty or ends with a slash.
    Blobs {
        /// The container.
        container: String,
        /// How the names of the blobs begin.
        prefix: String,
    },
}

impl SigmaPlace {
    /// Reads the setting: a path, `blob:NAME/` or `blob:NAME/FOLDER/`; `None` if no container or blob can have such a name.
    pub(crate) fn parse(setting: &str) -> Option<Self> {
        let Some(place) = setting.strip_prefix(BLOB) else { return Some(Self::Folder(setting.into())) };
        let (container, prefix) = place.trim().split_once('/')?;
        let folder = prefix.strip_suffix('/').unwrap_or(prefix);
        let is_usable = is_container(container) && !is_own_container(container);
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        (is_usable && (folder.is_empty() || is_name(folder)))
            .then(|| Self::Blobs { container: container.to_owned(), prefix })
    }
}
