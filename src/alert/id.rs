//! The alert's name: a hash of what it stands for, never of when or where it was made.

use std::fmt;

use serde::{Serialize, Serializer};
use sha2::{Digest, Sha256};

/// 32 hex digits from the rule, the dedup string and the content of the first record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AlertId([u8; 16]);

impl AlertId {
    /// Names an alert; equal parts give equal ids on any instance, on any retry and in `replay`.
    #[must_use]
    pub fn new(rule_id: &str, dedup: &str, record: &str) -> Self {
        let mut hash = Sha256::new();
        for part in [rule_id, dedup, record] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        let mut id = [0; 16];
        for (byte, hashed) in id.iter_mut().zip(hash.finalize()) {
            *byte = hashed;
        }
        Self(id)
    }
}

impl fmt::Display for AlertId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

impl Serialize for AlertId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
