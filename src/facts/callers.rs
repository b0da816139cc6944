//! The callers of a batch, each read once: few make many calls.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use super::Identity;
use super::entra::is_of_entra;
use crate::decode::Record;

/// How many callers are known at once, and how long what says who one is may be: beyond that each record is read by itself.
const MAX_CALLERS: usize = 4_096;
const MAX_TEXT_BYTES: usize = 4 * 1024;

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

/// Callers by what their records say of them.
#[derive(Debug, Default)]
pub struct Callers(RefCell<Known>);

#[derive(Debug, Default)]
struct Known {
    callers: HashMap<String, Caller>,
    /// The text of the record that was asked for last, kept for its room.
    text: String,
}

impl Callers {
    /// The caller of a record, as it was read of another that says the same.
    pub(super) fn of(&self, record: &Record<'_>) -> Caller {
        if is_of_entra(record) {
            // Anywhere in it may stand who it was.
            return Caller::of(record);
        }
        let Known { callers, text } = &mut *self.0.borrow_mut();
        text.clear();
        for field in Identity::FIELDS {
            text.push_str(record.get(field).map_or("", |value| value.raw()));
            // No JSON text has it.
            text.push('\0');
        }
        if let Some(caller) = callers.get(text.as_str()) {
            return caller.clone();
        }
        let caller = Caller::of(record);
        if callers.len() < MAX_CALLERS && text.len() <= MAX_TEXT_BYTES {
            callers.insert(text.clone(), caller.clone());
        }
        caller
    }
}
