//! The callers of a batch's matches, each kept once: few make many calls.

use std::collections::HashMap;
use std::sync::Arc;

use crate::facts::Identity;

/// Callers with their keys.
#[derive(Debug, Default)]
pub struct Callers(HashMap<Arc<Identity>, Arc<str>>);

impl Callers {
    /// The caller as it was kept when it first came, and [`Identity::key`].
    pub(super) fn kept(&mut self, caller: &Arc<Identity>) -> (Arc<Identity>, Arc<str>) {
        if let Some((caller, key)) = self.0.get_key_value(caller) {
            return (Arc::clone(caller), Arc::clone(key));
        }
        let key: Arc<str> = caller.key().into();
        self.0.insert(Arc::clone(caller), Arc::clone(&key));
        (Arc::clone(caller), key)
    }
}
