//! How a command ended, where it could do its work at all.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// All is right.
    Right,
    /// Something was not read, or is wrong; it was told.
    Wrong,
    /// Ctrl-C ended it; what was found so far was told.
    Interrupted,
}

impl From<bool> for Outcome {
    fn from(is_right: bool) -> Self {
        if is_right { Self::Right } else { Self::Wrong }
    }
}
