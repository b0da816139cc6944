//! What an alert counts: distinct names, what was read of each, and when.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::private_key::{PrivateKey, Reads};

/// How many names are kept; more would not fit into a queue message.
const MAX_NAMES: usize = 1_000;

/// Distinct names, each in its vault (`vault/name`), with what was read of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Names(BTreeMap<Arc<str>, Reads>);

/// One read of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedRead {
    /// The name in its vault: `vault/name`.
    pub name: Arc<str>,
    /// What was read of it.
    pub reads: Reads,
}

/// How many distinct names there were, the first of them, and when they were read; empty where a rule counts nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Counted {
    /// How many there were.
    pub count: usize,
    /// The first of them, those first whose private key may have left, then by vault and name.
    pub names: Vec<Arc<str>>,
    /// How many of all may have lost their private keys: one number for each of [`PrivateKey::ALL`].
    #[serde(default, skip_serializing_if = "is_default")]
    pub private_keys: [usize; 4],
    /// How many vaults they are in.
    #[serde(default, skip_serializing_if = "is_default")]
    pub vaults: usize,
    /// How many names the caller was refused.
    #[serde(default, skip_serializing_if = "is_default")]
    pub refused: usize,
    /// The time of the first read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<Timestamp>,
    /// The time of the last read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<Timestamp>,
    /// Whether it is over, so that no more names can come.
    #[serde(default, skip_serializing_if = "is_default")]
    pub has_stopped: bool,
}

/// The first and the last of some reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// The time of the first one.
    pub first: Timestamp,
    /// The time of the last one.
    pub last: Timestamp,
}

impl Names {
    /// Adds a read of a name, and returns whether the name is new.
    pub fn add(&mut self, name: &Arc<str>, reads: Reads) -> bool {
        match self.0.get_mut(name) {
            Some(known) => {
                *known = known.and(reads);
                false
            }
            None => self.0.insert(Arc::clone(name), reads).is_none(),
        }
    }

    /// Whether the name is known with all of these reads.
    #[must_use]
    pub fn contains(&self, name: &str, reads: Reads) -> bool {
        self.0.get(name).is_some_and(|known| known.contains(reads))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each name with its reads, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&Arc<str>, Reads)> {
        self.0.iter().map(|(name, reads)| (name, *reads))
    }

    /// Takes the text of names that are kept elsewhere, too, from there.
    pub fn share(&mut self, known: impl Fn(&str) -> Option<Arc<str>>) {
        let names = std::mem::take(&mut self.0);
        self.0 = names.into_iter().map(|(name, reads)| (known(&name).unwrap_or(name), reads)).collect();
    }
}

impl Counted {
    /// Counts names.
    #[must_use]
    pub fn of(names: &Names, span: Option<Span>, refused: usize) -> Self {
        let mut ranked: Vec<_> = names.iter().map(|(name, reads)| (reads.private_key(), name)).collect();
        ranked.sort();
        let private_keys = PrivateKey::ALL.map(|key| ranked.iter().filter(|(known, _)| *known == key).count());
        let mut vaults: Vec<_> = ranked.iter().map(|(_, name)| vault_of(name)).collect();
        vaults.sort_unstable();
        vaults.dedup();
        Self {
            count: ranked.len(),
            names: ranked.iter().take(MAX_NAMES).map(|(_, name)| Arc::clone(name)).collect(),
            private_keys,
            vaults: vaults.len(),
            refused,
            first: span.map(|span| span.first),
            last: span.map(|span| span.last),
            has_stopped: false,
        }
    }

    /// Whether nothing was counted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// About how many bytes the names take.
    #[must_use]
    pub fn weight(&self) -> usize {
        self.names.iter().map(|name| 16 + name.len()).sum()
    }
}

impl Span {
    /// The span of one moment.
    #[must_use]
    pub fn at(moment: Timestamp) -> Self {
        Self { first: moment, last: moment }
    }

    /// The span with another moment in it.
    #[must_use]
    pub fn with(self, moment: Timestamp) -> Self {
        Self { first: self.first.min(moment), last: self.last.max(moment) }
    }
}

/// The vault of a name (`vault/name`).
#[must_use]
pub fn vault_of(name: &str) -> &str {
    name.split_once('/').map_or(name, |(vault, _)| vault)
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
