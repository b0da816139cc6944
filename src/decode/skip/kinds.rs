//! Of which kinds the records of an event are, told from its bytes where each has one category, as Azure writes them.
//!
//! It costs one quick search. What it cannot tell for sure is decoded: a record without a category, one that holds another
//! `category` further inside, an audit log whose records name no vault. Only a record that has none of its own and one
//! inside would be taken for what that says.

use memchr::memmem::Finder;

use super::Escaping;
use crate::decode::{KindCounts, RecordKind};

/// A key and what parts it from its value, per way in which an event's text stands before us.
#[derive(Debug)]
pub(super) struct Kinds {
    key: Finder<'static>,
    escaped_key: Finder<'static>,
}

impl Kinds {
    pub(super) fn new() -> Self {
        Self { key: Finder::new(b"\"category\""), escaped_key: Finder::new(b"\\\\\\\"category\\\\\\\"") }
    }

    /// Counts `records` of a text by kind; `None` where the bytes do not say it of each.
    pub(super) fn counts(&self, text: &[u8], escaping: Escaping, records: u64) -> Option<KindCounts> {
        let (key, quote): (_, &[u8]) = match escaping {
            Escaping::None => (&self.key, b"\""),
            Escaping::Twice => (&self.escaped_key, b"\\\\\\\""),
        };
        let (mut counts, mut found, mut audited) = (KindCounts::default(), 0, 0);
        for at in key.find_iter(text) {
            let value = text.get(at + key.needle().len()..)?.trim_ascii_start().strip_prefix(b":")?;
            let value = value.trim_ascii_start().strip_prefix(quote)?;
            let end = memchr::memchr2(b'"', b'\\', value)?;
            let kind = RecordKind::of_category(std::str::from_utf8(value.get(..end)?).ok()?, || true);
            counts.add(kind, 1);
            found += 1;
            audited += u64::from(kind == RecordKind::KeyVaultAudit);
        }
        (found == records && (audited == 0 || name_vaults(text, audited))).then_some(counts)
    }
}

/// Whether a text names a vault's resource as often as this, in one of the spellings that Azure writes.
fn name_vaults(text: &[u8], times: u64) -> bool {
    let named = |name: &[u8]| memchr::memmem::find_iter(text, name).count() as u64;
    named(b"/MICROSOFT.KEYVAULT/") + named(b"/Microsoft.KeyVault/") >= times
}
