//! Why a file that is there cannot be read, and what to do about it.

use std::io;

/// What stands against reading a file.
#[derive(Debug, Clone, Copy)]
pub(in crate::doctor) enum Unreadable {
    TooLong,
    NotUtf8,
    Folder,
    Device,
    Forbidden,
    Damaged,
}

impl Unreadable {
    /// Nothing where there is no such file, which others have words for.
    pub(super) fn unless_missing<T>(error: &io::Error) -> Result<Option<T>, Self> {
        match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Ok(None),
            _ => Err(Self::of(error)),
        }
    }

    fn of(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::PermissionDenied => Self::Forbidden,
            io::ErrorKind::IsADirectory => Self::Folder,
            _ => Self::Damaged,
        }
    }

    /// The rest of a sentence that begins with the file.
    pub(in crate::doctor) fn what(self) -> &'static str {
        match self {
            Self::TooLong => "is longer than 4 MiB",
            Self::NotUtf8 => "is not UTF-8",
            Self::Folder => "is a folder",
            Self::Device => "is a pipe or a device",
            Self::Forbidden => "may not be read by this user",
            Self::Damaged => "is damaged, or cannot be read",
        }
    }

    /// What to do.
    pub(in crate::doctor) fn mend(self) -> &'static str {
        match self {
            Self::TooLong => "look whether it is the right file",
            Self::NotUtf8 => "save it as UTF-8",
            Self::Folder | Self::Device => "put the file in its place",
            Self::Forbidden => "give it a mode of 644, or 755 where it is the executable",
            Self::Damaged => "put it there again; a package is made again with scripts/package",
        }
    }
}

impl From<io::Error> for Unreadable {
    fn from(error: io::Error) -> Self {
        Self::of(&error)
    }
}
