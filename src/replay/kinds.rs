//! What matching records have in common: most are reads of the same object by the same caller as others.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use crate::alert::{Match, Subject};
use crate::counted::NamedRead;
use crate::facts::{Caller, Identity, VaultAccess};
use crate::rules::Rule;

/// Who accessed what, and what the rules make of that.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Kind {
    pub(super) identity: Arc<Identity>,
    pub(super) identity_key: Arc<str>,
    /// What the record accessed.
    pub(super) access: Arc<VaultAccess>,
    /// What each rule that matches makes of it.
    pub(super) findings: Vec<Finding>,
    /// Whether it is a read that was refused: it raises no alert, and an incident tells it.
    pub(super) is_refused: bool,
}

/// What a rule makes of a record.
#[derive(Debug)]
pub(super) struct Finding {
    pub(super) rule: Arc<Rule>,
    pub(super) dedup: String,
    pub(super) unique: Option<NamedRead>,
    /// What an alert of the rule would name.
    pub(super) access: Arc<VaultAccess>,
}

impl Kind {
    /// The kind of a record by its matches, of which there is at least one.
    pub(super) fn of(matches: Vec<Match>, is_refused: bool) -> Option<Self> {
        let record = Arc::clone(&matches.first()?.record);
        let finding = |Match { rule, dedup, unique, access, .. }| Finding { rule, dedup, unique, access };
        Some(Self {
            identity: Arc::clone(&record.identity),
            identity_key: Arc::clone(&record.identity_key),
            access: Arc::clone(&record.access),
            findings: matches.into_iter().map(finding).collect(),
            is_refused,
        })
    }

    /// Who made the call.
    pub(super) fn caller(&self) -> Caller {
        Caller { identity: Arc::clone(&self.identity), key: Arc::clone(&self.identity_key) }
    }

    /// What is known of each match of such a record.
    pub(super) fn subjects(&self) -> impl ExactSizeIterator<Item = Subject<'_>> {
        self.findings.iter().map(|Finding { rule, dedup, unique, access }| Subject {
            rule,
            dedup,
            unique: unique.as_ref(),
            access,
            identity: &self.identity,
            identity_key: &self.identity_key,
        })
    }
}

impl Finding {
    fn parts(&self) -> (&str, &str, Option<&NamedRead>, &VaultAccess) {
        (&self.rule.metadata.id, &self.dedup, self.unique.as_ref(), &self.access)
    }
}

impl PartialEq for Finding {
    fn eq(&self, other: &Self) -> bool {
        self.parts() == other.parts()
    }
}

impl Eq for Finding {}

/// By what tells nearly all kinds apart: there is one for each record that matches.
impl Hash for Kind {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        let object = self.access.object.as_ref();
        (&self.identity_key, &self.identity.caller_address, object.map(|object| &object.name)).hash(hasher);
        for Finding { dedup, unique, .. } in &self.findings {
            (dedup, unique.as_ref().map(|read| &read.name)).hash(hasher);
        }
    }
}

/// Kinds, each with a number.
#[derive(Debug, Default)]
pub(super) struct Kinds {
    numbers: HashMap<Arc<Kind>, u32>,
    kinds: Vec<Arc<Kind>>,
}

impl Kinds {
    /// The number of a kind, which is new or known.
    pub(super) fn number(&mut self, kind: impl Into<Arc<Kind>>) -> u32 {
        let kind = kind.into();
        if let Some(number) = self.numbers.get(&kind) {
            return *number;
        }
        let number = self.kinds.len() as u32;
        self.kinds.push(Arc::clone(&kind));
        self.numbers.insert(kind, number);
        number
    }

    /// All of them, by their numbers.
    pub(super) fn into_all(self) -> Vec<Arc<Kind>> {
        self.kinds
    }
}
