//! What one record says: who read which object of which vault, from where, when, and how it ended.
//!
//! Rules, windows, expected access and alerts ask for the same facts, so each is read when it is first asked for, and once.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod caller;
mod entra;
mod identity;
mod memo;
mod time;
mod vault_access;

pub use caller::Caller;
pub use identity::Identity;
pub(crate) use identity::{is_local, is_private};
pub use memo::Memo;
pub use time::RecordTime;
pub use vault_access::VaultAccess;

use std::borrow::Cow;
use std::cell::OnceCell;
use std::sync::Arc;

use crate::decode::Record;
use crate::json::Value;

/// What a missing value or a Boolean is as text.
const NO_WORDS: &[&str] = &["null", "None", "undefined", "true", "false", "True", "False"];

/// A record with its facts.
#[derive(Debug)]
pub struct Facts<'a> {
    /// The record.
    pub record: Record<'a>,
    memo: Option<&'a Memo>,
    caller: OnceCell<Caller>,
    access: OnceCell<Arc<VaultAccess>>,
}

impl<'a> Facts<'a> {
    /// Begins with nothing read.
    #[must_use]
    pub fn of(record: Record<'a>) -> Self {
        Self { record, memo: None, caller: OnceCell::new(), access: OnceCell::new() }
    }

    /// Begins with nothing read, but for the facts of other records.
    #[must_use]
    pub fn among(memo: &'a Memo, record: Record<'a>) -> Self {
        Self { memo: Some(memo), ..Self::of(record) }
    }

    /// The facts of a record whose caller and access were read before.
    #[must_use]
    pub fn known(record: Record<'a>, caller: Caller, access: Arc<VaultAccess>) -> Self {
        Self { record, memo: None, caller: caller.into(), access: access.into() }
    }

    /// A field of the record by its Event Hubs name, as [`Record::get`] finds it.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Value<'a>> {
        self.record.get(name)
    }

    /// A field that says something in a word or a few, such as how a call ended; `None` for anything else, and for what
    /// writers of JSON make of a missing value when they write it as text.
    #[must_use]
    pub fn word(&self, name: &str) -> Option<Cow<'a, str>> {
        let is_of_word = |c: char| c.is_alphabetic() || matches!(c, ' ' | '.' | '-' | '_');
        let is_word = |text: &str| text.starts_with(char::is_alphabetic) && text.ends_with(char::is_alphabetic);
        let text = self.get(name).and_then(Value::as_str)?;
        (is_word(&text) && text.chars().all(is_of_word) && !NO_WORDS.contains(&&*text)).then_some(text)
    }

    /// Who made the call, with the key.
    pub fn caller(&self) -> &Caller {
        let read = || self.memo.map_or_else(|| Caller::of(&self.record), |memo| memo.caller(&self.record));
        self.caller.get_or_init(read)
    }

    /// Who made the call.
    pub fn identity(&self) -> &Arc<Identity> {
        &self.caller().identity
    }

    /// Which vault and object were accessed, and how it ended.
    pub fn access(&self) -> &Arc<VaultAccess> {
        let of = |record| Arc::new(VaultAccess::of(record));
        self.access.get_or_init(|| self.memo.map_or_else(|| of(&self.record), |memo| memo.access(&self.record)))
    }
}
