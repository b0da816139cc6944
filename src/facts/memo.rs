//! Facts of other records, each read once: few callers make many calls, and read few objects.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use super::entra::is_of_entra;
use super::vault_access::Details;
use super::{Caller, Identity, VaultAccess};
use crate::decode::Record;
use crate::json::Value;

/// How many bytes of what records say are known of each kind of fact; with more, all are forgotten.
const MAX_BYTES: usize = 1 << 20;
/// A record that says more of a fact is read by itself.
const MAX_TEXT_BYTES: usize = 4 * 1024;
/// About how many bytes a fact takes besides.
const FACT_BYTES: usize = 512;

/// Callers and accesses by what records say of them.
#[derive(Debug, Default)]
pub struct Memo(RefCell<Known>);

#[derive(Debug, Default)]
struct Known {
    callers: ByText<Caller>,
    accesses: ByText<Arc<VaultAccess>>,
    /// What the record says that was asked for last, kept for its room.
    text: String,
}

/// Facts of one kind by what records say of them.
#[derive(Debug)]
struct ByText<T> {
    facts: HashMap<Box<str>, T>,
    bytes: usize,
}

impl<T> Default for ByText<T> {
    fn default() -> Self {
        Self { facts: HashMap::new(), bytes: 0 }
    }
}

impl Memo {
    /// The caller of a record, as it was read of another that says the same.
    pub(super) fn caller(&self, record: &Record<'_>) -> Caller {
        if is_of_entra(record) {
            // Anywhere in it may stand who it was.
            return Caller::of(record);
        }
        let Known { callers, text, .. } = &mut *self.0.borrow_mut();
        match write(text, Identity::FIELDS.iter().map(|field| record.get(field))) {
            true => callers.recall(text, || Caller::of(record)),
            false => Caller::of(record),
        }
    }

    /// What a record accessed, as it was read of another that says the same.
    pub(super) fn access(&self, record: &Record<'_>) -> Arc<VaultAccess> {
        let properties = record.object_text("properties");
        let details = Details::of(record, properties.as_deref());
        let Known { accesses, text, .. } = &mut *self.0.borrow_mut();
        match write(text, details.values()) {
            true => accesses.recall(text, || Arc::new(VaultAccess::read(&details))),
            false => Arc::new(VaultAccess::read(&details)),
        }
    }
}

/// Writes what a record says, so that no two that differ are equal; returns whether it is short enough to be remembered.
fn write<'v>(text: &mut String, values: impl IntoIterator<Item = Option<Value<'v>>>) -> bool {
    text.clear();
    for value in values {
        let value = value.map_or("", Value::raw);
        if text.len() + value.len() > MAX_TEXT_BYTES {
            return false;
        }
        text.push_str(value);
        // No JSON text has it.
        text.push('\0');
    }
    true
}

impl<T: Clone> ByText<T> {
    /// The fact of this text, which is read where it is not known.
    fn recall(&mut self, text: &str, read: impl FnOnce() -> T) -> T {
        if let Some(fact) = self.facts.get(text) {
            return fact.clone();
        }
        let fact = read();
        self.bytes += text.len() + FACT_BYTES;
        if self.bytes > MAX_BYTES {
            self.facts.clear();
            self.bytes = text.len() + FACT_BYTES;
        }
        self.facts.insert(text.into(), fact.clone());
        fact
    }
}
