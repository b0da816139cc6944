//! With what an identity works: addresses, clients and vaults, before a moment and from it on.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;

use crate::counted::Span;
use crate::facts::{Identity, VaultAccess};
use crate::usual::Sighting;

/// How many values are kept of one identity; what comes after them is counted with the others.
const MAX_VALUES: usize = 5_000;
/// What stands for what a record does not say.
const MISSING: &str = "none";

/// A kind of thing that may be usual.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    /// An address range: /24 or /48, all private ones as one.
    Address,
    /// The client's own words up to the first `/`.
    Client,
    /// A vault.
    Vault,
}

/// One value of a kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Habit {
    /// What it is.
    pub kind: Kind,
    /// The value.
    pub value: Arc<str>,
    /// When it was first and last seen.
    #[serde(flatten)]
    pub span: Span,
    /// How many records had it before the moment.
    pub before: u64,
    /// How many had it from then on.
    pub after: u64,
    /// Whether it is new from the moment on, where the identity was known before.
    pub is_new: bool,
}

/// All values of an identity.
#[derive(Debug, Clone, Default)]
pub(super) struct Habits(BTreeMap<(Kind, Arc<str>), (Span, u64, u64)>);

impl Kind {
    /// Its word in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Client => "client",
            Self::Vault => "vault",
        }
    }
}

impl Habits {
    /// Counts what one access to a vault was made with.
    pub(super) fn add(&mut self, access: &VaultAccess, address: Option<&str>, time: Timestamp, is_before: bool) {
        let identity = Identity { caller_address: address.map(str::to_owned), ..Identity::default() };
        let seen = Sighting::of(&MISSING.into(), &identity, access, 0);
        for (kind, value) in [(Kind::Address, seen.address), (Kind::Client, seen.client), (Kind::Vault, seen.vault)] {
            let value = if self.0.len() < MAX_VALUES { value } else { "others".into() };
            if &*value == MISSING {
                continue;
            }
            let (span, before, after) = self.0.entry((kind, value)).or_insert((Span::at(time), 0, 0));
            *span = span.with(time);
            *if is_before { before } else { after } += 1;
        }
    }

    /// The values: of each kind those that are new first, then those that were seen most.
    pub(super) fn list(self) -> Vec<Habit> {
        let is_known = self.0.values().any(|(_, before, _)| *before > 0);
        let of = |((kind, value), (span, before, after))| Habit {
            kind,
            value,
            span,
            before,
            after,
            is_new: is_known && before == 0,
        };
        let mut habits: Vec<_> = self.0.into_iter().map(of).collect();
        habits.sort_by_key(|habit| (habit.kind, !habit.is_new, std::cmp::Reverse(habit.before + habit.after)));
        habits
    }
}
