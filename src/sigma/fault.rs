//! Why a rule is off.

/// A rule that is off: where it stands, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {reason}")]
pub struct Fault {
    /// The file's name.
    pub file: String,
    /// The line in it, from 1.
    pub line: usize,
    /// Why the rule is off, and what to do.
    pub reason: String,
}
