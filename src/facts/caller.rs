//! Who made a call, with the key that stands for it.

use std::sync::Arc;

use super::Identity;
use crate::decode::Record;

/// Who made a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// What the record says.
    pub identity: Arc<Identity>,
    /// [`Identity::key`].
    pub key: Arc<str>,
}

impl Caller {
    /// Reads the caller of a record.
    #[must_use]
    pub fn of(record: &Record<'_>) -> Self {
        let identity = Identity::of(record);
        Self { key: identity.key().into(), identity: Arc::new(identity) }
    }
}
