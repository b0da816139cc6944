//! Facts of other records, each read once: few callers make many calls, and read few objects.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use super::entra::is_of_entra;
use super::vault_access::Details;
use super::{Caller, Identity, VaultAccess};
use crate::decode::Record;
use crate::json::Value;

/// How many facts of a kind are known at once; one more, and all are forgotten.
const MAX_FACTS: usize = 4_096;
/// How long what a record says of them may be: of a longer text they are read by itself.
const MAX_TEXT_BYTES: usize = 4 * 1024;

/// Callers and accesses by what records say of them.
#[derive(Debug, Default)]
pub struct Memo(RefCell<Facts>);

#[derive(Debug, Default)]
struct Facts {
    callers: HashMap<String, Caller>,
    accesses: HashMap<String, Arc<VaultAccess>>,
    /// What the record says that was asked for last, kept for its room.
    text: String,
}

impl Memo {
    /// The caller of a record, as it was read of another that says the same.
    pub(super) fn caller(&self, record: &Record<'_>) -> Caller {
        if is_of_entra(record) {
            // Anywhere in it may stand who it was.
            return Caller::of(record);
        }
        let Facts { callers, text, .. } = &mut *self.0.borrow_mut();
        write(text, Identity::FIELDS.iter().map(|field| record.get(field)));
        recall(callers, text, || Caller::of(record))
    }

    /// What a record accessed, as it was read of another that says the same.
    pub(super) fn access(&self, record: &Record<'_>) -> Arc<VaultAccess> {
        let properties = record.object_text("properties");
        let details = Details::of(record, properties.as_deref());
        let Facts { accesses, text, .. } = &mut *self.0.borrow_mut();
        write(text, details.values());
        recall(accesses, text, || Arc::new(VaultAccess::read(&details)))
    }
}

/// Writes what a record says, so that no two that differ are equal.
fn write<'v>(text: &mut String, values: impl IntoIterator<Item = Option<Value<'v>>>) {
    text.clear();
    for value in values {
        text.push_str(value.map_or("", Value::raw));
        // No JSON text has it.
        text.push('\0');
    }
}

fn recall<T: Clone>(known: &mut HashMap<String, T>, text: &str, read: impl FnOnce() -> T) -> T {
    if let Some(fact) = known.get(text) {
        return fact.clone();
    }
    let fact = read();
    if known.len() >= MAX_FACTS {
        known.clear();
    }
    if text.len() <= MAX_TEXT_BYTES {
        known.insert(text.to_owned(), fact.clone());
    }
    fact
}
