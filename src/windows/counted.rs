//! What an alert of a rule with a threshold counts.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// How many distinct values there were, and the first of them; empty where a rule counts nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// How many there were.
    pub count: usize,
    /// The first of them, in the order of their times.
    pub names: Vec<Arc<str>>,
}

impl Counted {
    /// Whether nothing was counted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// About how many bytes the names take.
    pub(super) fn weight(&self) -> usize {
        self.names.iter().map(|name| 16 + name.len()).sum()
    }
}
