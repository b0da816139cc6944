//! Where the list of expected access is: a file of the app, or a blob of its storage account.

use std::path::PathBuf;

/// How a setting that names a blob begins.
pub(super) const BLOB: &str = "blob:";
/// The container of a blob that is named without one. The product's own container would not do: a deployment deletes old
/// blobs there.
const CONTAINER: &str = "expected-access";
/// The longest name of a blob.
const MAX_NAME_LEN: usize = 1024;

/// Where the list is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExpectedPlace {
    /// In a file of the app, read once at the start.
    File(PathBuf),
    /// In a blob of the app's own account, read again each minute.
    Blob(BlobPlace),
}

/// A blob of the app's own account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlobPlace {
    /// The container.
    pub container: String,
    /// The name in it, with slashes between folders.
    pub name: String,
}

/// Containers of the product and the host, in which old blobs are deleted.
const OWN_CONTAINERS: [&str; 3] = ["certificate-state", "rejected", "deployments"];

impl ExpectedPlace {
    /// Reads the setting; `None` if no blob can have such a name.
    pub(crate) fn parse(setting: &str) -> Option<Self> {
        let Some(place) = setting.strip_prefix(BLOB) else { return Some(Self::File(setting.into())) };
        let (container, name) = place.trim().split_once('/').unwrap_or((CONTAINER, place.trim()));
        (is_container(container) && !is_own_container(container) && is_name(name))
            .then(|| Self::Blob(BlobPlace { container: container.to_owned(), name: name.to_owned() }))
    }
}

/// Whether it is a container of the product or the host.
pub(super) fn is_own_container(name: &str) -> bool {
    OWN_CONTAINERS.contains(&name)
}

/// Whether it is a valid name of a container.
pub(crate) fn is_container(name: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let has_stray_hyphen = name.starts_with('-') || name.ends_with('-') || name.contains("--");
    (3..=63).contains(&name.len()) && name.bytes().all(is_part) && !has_stray_hyphen
}

/// Whether it is a valid name of a blob, made of characters that need no escape in a URL.
pub(super) fn is_name(name: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'/');
    let is_path = name.split('/').all(|part| !matches!(part, "" | "." | ".."));
    name.len() <= MAX_NAME_LEN && name.bytes().all(is_part) && is_path
}
