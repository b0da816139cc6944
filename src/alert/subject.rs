//! What is known of a match without its record's text.

use std::sync::Arc;

use crate::counted::NamedRead;
use crate::facts::{Identity, VaultAccess};
use crate::rules::Rule;
use crate::usual::Sighting;

/// Who accessed what by which rule, and by what the match is grouped and counted: all that expected access and windows ask.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'m> {
    /// The rule.
    pub rule: &'m Arc<Rule>,
    /// Panther's dedup string.
    pub dedup: &'m str,
    /// The name that the rule's window counts.
    pub unique: Option<&'m NamedRead>,
    /// The vault and the object that an alert would name.
    pub access: &'m VaultAccess,
    /// Who made the call.
    pub identity: &'m Identity,
    /// [`Identity::key`].
    pub identity_key: &'m Arc<str>,
}

impl Subject<'_> {
    /// Who read what, from where and with what, for rules that learn; for `learn_days` reads only teach.
    #[must_use]
    pub fn sighting(&self, learn_days: u32) -> Sighting {
        Sighting::of(self.identity_key, self.identity, self.access, learn_days)
    }
}
