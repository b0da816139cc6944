//! A match: what is kept of a record that a rule is true for, until it is known whether it becomes an alert.

use std::sync::{Arc, OnceLock};

use serde_json::value::RawValue;

use super::Subject;
use crate::counted::NamedRead;
use crate::decode::{NormalForm, Record};
use crate::digest::Digest;
use crate::facts::{Caller, Facts, Identity, RecordTime, VaultAccess};
use crate::json::{Object, Value, raw_value};
use crate::rules::Rule;
use crate::source::{Marks, Source};

/// One match. Title, context and everything else that only an alert needs are made from the record when there is an alert.
#[derive(Debug, Clone)]
pub struct Match {
    /// The rule.
    pub rule: Arc<Rule>,
    /// Panther's dedup string.
    pub dedup: String,
    /// The name that the rule's window counts, each distinct one once.
    pub unique: Option<NamedRead>,
    /// The vault and the object that an alert would name.
    pub access: Arc<VaultAccess>,
    /// The record, one for all rules that match it.
    pub record: Arc<MatchedRecord>,
}

/// A record that some rule matches, free of the bytes that it was read from.
#[derive(Debug, Clone)]
pub struct MatchedRecord {
    /// The record's text exactly as it came.
    text: Box<str>,
    /// The same without white space between its tokens, once it was asked for: most matches become no alert.
    squeezed: OnceLock<Box<RawValue>>,
    /// The record in the hub's form, where it came in another one.
    normal: Option<NormalForm>,
    /// About how long the record is without white space between its tokens, in bytes.
    pub squeezed_bytes: usize,
    /// Where it came from.
    pub source: Source,
    /// Where its text begins in the bytes that it was read from, if it stands there byte for byte.
    pub at: Option<usize>,
    /// Its time, where it can be read.
    pub time: Option<RecordTime>,
    /// Who made the call.
    pub identity: Arc<Identity>,
    /// [`Identity::key`], computed once.
    pub identity_key: Arc<str>,
    /// Which vault and object were accessed.
    pub access: Arc<VaultAccess>,
}

impl Match {
    /// What is known of it without the record's text.
    #[must_use]
    pub fn subject(&self) -> Subject<'_> {
        let Self { rule, dedup, unique, access, record } = self;
        let MatchedRecord { identity, identity_key, .. } = &**record;
        Subject { rule, dedup, unique: unique.as_ref(), access, identity, identity_key }
    }

    /// The id of an alert that begins with this match.
    #[must_use]
    pub fn alert_id(&self) -> Digest {
        alert_id(&self.rule, &self.dedup, self.record.squeezed().get())
    }
}

impl MatchedRecord {
    /// Keeps what is known of a record, which was read from these bytes.
    #[must_use]
    pub fn of(facts: &Facts<'_>, event: &[u8], source: Source) -> Self {
        let text = facts.record.raw();
        let Caller { identity, key: identity_key } = facts.caller().clone();
        Self {
            text: text.into(),
            squeezed: OnceLock::new(),
            normal: facts.record.normal().cloned(),
            squeezed_bytes: squeezed_bytes(text),
            source,
            at: position(text, event),
            time: RecordTime::of(&facts.record),
            identity,
            identity_key,
            access: Arc::clone(facts.access()),
        }
    }

    /// A record whose text was given back and is read again, with who made the call and what was accessed as known before; `None` if
    /// the text does not say that any more.
    #[must_use]
    pub fn again(text: Box<str>, source: Source, caller: Caller, access: &Arc<VaultAccess>) -> Option<Self> {
        let normal = NormalForm::of(&Object::parse(&text).ok()?);
        let marks = Marks { form: normal.as_ref().map(|normal| normal.form), ..source.marks };
        let facts = Facts::of(Record::again(&text, normal.as_ref(), marks));
        if *facts.caller() != caller || facts.access() != access {
            return None;
        }
        let Caller { identity, key: identity_key } = caller;
        Some(Self {
            squeezed: OnceLock::new(),
            squeezed_bytes: squeezed_bytes(&text),
            time: RecordTime::of(&facts.record),
            source: Source { marks, ..source },
            at: None,
            identity,
            identity_key,
            access: Arc::clone(access),
            normal,
            text,
        })
    }

    /// Its text, exactly as it came.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The record as it came, but for white space between its tokens.
    pub fn squeezed(&self) -> &RawValue {
        self.squeezed.get_or_init(|| raw_value(Value::checked(&self.text).squeezed().into_owned()))
    }

    /// The record and its facts, read again from the text.
    #[must_use]
    pub fn facts(&self) -> Facts<'_> {
        let record = Record::again(&self.text, self.normal.as_ref(), self.source.marks);
        let caller = Caller { identity: Arc::clone(&self.identity), key: Arc::clone(&self.identity_key) };
        Facts::known(record, caller, Arc::clone(&self.access))
    }
}

/// The id of an alert: of its rule, of Panther's dedup string, and of the text of the record that it begins with, without white space
/// between its tokens.
#[must_use]
pub fn alert_id(rule: &Rule, dedup: &str, squeezed: &str) -> Digest {
    Digest::of(&[&rule.metadata.id, dedup, squeezed])
}

/// About how long a text is without white space between its tokens, in bytes.
fn squeezed_bytes(text: &str) -> usize {
    text.as_bytes().chunks(u8::MAX.into()).map(bytes_of_tokens).sum()
}

/// How many bytes of a text so short are no white space; counted in a byte, which takes a fraction of the time.
fn bytes_of_tokens(text: &[u8]) -> usize {
    text.iter().map(|byte| u8::from(!byte.is_ascii_whitespace())).sum::<u8>().into()
}

/// Where a text begins in the bytes of which it is a part; `None` of one that is somewhere else.
fn position(text: &str, bytes: &[u8]) -> Option<usize> {
    let start = text.as_ptr().addr().checked_sub(bytes.as_ptr().addr())?;
    (start + text.len() <= bytes.len()).then_some(start)
}
