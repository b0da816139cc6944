//! The alert's name: a hash of its content, independent of when and where it was made.

use std::fmt;

use serde::Serialize;

use crate::digest::Digest;

/// 32 hex digits from the rule, the dedup string and the content of the first record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct AlertId(Digest);

impl AlertId {
    /// Names an alert; equal parts give equal ids on any instance, on any retry and in `replay`.
    #[must_use]
    pub fn new(rule_id: &str, dedup: &str, record: &str) -> Self {
        Self(Digest::of(&[rule_id, dedup, record]))
    }
}

impl fmt::Display for AlertId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}
