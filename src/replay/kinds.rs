//! What matching records have in common: most are reads of the same object by the same caller as others.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::mem::take;
use std::sync::Arc;

use crate::alert::{Match, MatchedRecord, Subject};
use crate::counted::NamedRead;
use crate::facts::{Caller, Identity, VaultAccess};
use crate::rules::Rule;

/// With more kinds than this, all are forgotten when the new ones are taken.
const MAX_KNOWN: usize = 8_192;

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
    /// The kind of a record by its matches.
    pub(super) fn of(record: &MatchedRecord, matches: Vec<Match>, is_refused: bool) -> Self {
        let finding = |Match { rule, dedup, unique, access, .. }| Finding { rule, dedup, unique, access };
        Self {
            identity: Arc::clone(&record.identity),
            identity_key: Arc::clone(&record.identity_key),
            access: Arc::clone(&record.access),
            findings: matches.into_iter().map(finding).collect(),
            is_refused,
        }
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

impl PartialEq for Finding {
    fn eq(&self, other: &Self) -> bool {
        let Self { rule, dedup, unique, access } = self;
        let is_same_rule = || rule.metadata.id == other.rule.metadata.id;
        (Arc::ptr_eq(rule, &other.rule) || is_same_rule())
            && (dedup, unique, access) == (&other.dedup, &other.unique, &other.access)
    }
}

impl Eq for Finding {}

/// By what tells nearly all kinds apart; computed for each record that matches. An object's name stands for what rules make of it:
/// where there is none, as in Entra's logs, what they count is asked itself.
impl Hash for Kind {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        let VaultAccess { vault, object, client, .. } = &*self.access;
        (&self.identity_key, &self.identity.caller_address, vault, client).hash(hasher);
        match object {
            Some(object) => (&object.name, &object.version).hash(hasher),
            None => self.findings.iter().for_each(|Finding { dedup, unique, .. }| {
                (dedup, unique.as_ref().map(|read| &read.name)).hash(hasher);
            }),
        }
    }
}

/// Kinds, each with a number.
#[derive(Debug, Default)]
pub(super) struct Kinds {
    numbers: HashMap<Arc<Kind>, u32>,
    count: u32,
    /// Those that are new since somebody took them.
    new: Vec<Arc<Kind>>,
}

impl Kinds {
    /// The number of a kind, which is new or known.
    pub(super) fn number(&mut self, kind: impl Into<Arc<Kind>>) -> u32 {
        let kind = kind.into();
        if let Some(number) = self.numbers.get(&kind) {
            return *number;
        }
        self.new.push(Arc::clone(&kind));
        self.numbers.insert(kind, self.count);
        self.count += 1;
        self.count - 1
    }

    /// Takes those that are new since this was asked last, in the order of their numbers. With too many, all are forgotten, and get
    /// another number when they come again.
    pub(super) fn take_new(&mut self) -> Vec<Arc<Kind>> {
        if self.numbers.len() > MAX_KNOWN {
            self.numbers.clear();
        }
        take(&mut self.new)
    }

    /// All of them by their numbers, where nobody took any before.
    pub(super) fn into_all(self) -> Vec<Arc<Kind>> {
        self.new
    }
}
