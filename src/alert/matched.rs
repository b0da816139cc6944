//! A match: what is kept of a record that a rule is true for, until it is known whether it becomes an alert.

use std::sync::{Arc, OnceLock};

use serde_json::value::RawValue;

use super::Callers;
use crate::counted::NamedRead;
use crate::decode::{NormalForm, Record};
use crate::digest::Digest;
use crate::facts::{Facts, Identity, RecordTime, VaultAccess};
use crate::json::{Value, raw_value};
use crate::rules::Rule;
use crate::source::Source;
use crate::usual::Sighting;

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
    /// The id of an alert that begins with this match: of the rule, the dedup string and the content of the record.
    #[must_use]
    pub fn alert_id(&self) -> Digest {
        Digest::of(&[&self.rule.metadata.id, &self.dedup, self.record.squeezed().get()])
    }
}

impl MatchedRecord {
    /// Keeps what is known of a record, its caller together with others of the batch.
    #[must_use]
    pub fn of(facts: &Facts<'_>, source: Source, callers: &mut Callers) -> Self {
        let text = facts.record.raw();
        let (identity, identity_key) = callers.kept(facts.identity());
        Self {
            text: text.into(),
            squeezed: OnceLock::new(),
            normal: facts.record.normal().cloned(),
            squeezed_bytes: text.as_bytes().chunks(u8::MAX.into()).map(bytes_of_tokens).sum(),
            source,
            time: RecordTime::of(&facts.record),
            identity,
            identity_key,
            access: Arc::clone(facts.access()),
        }
    }

    /// Who read what, from where and with what, for rules that learn; for `learn_days` reads only teach.
    #[must_use]
    pub fn sighting(&self, learn_days: u32) -> Sighting {
        Sighting::of(&self.identity_key, &self.identity, &self.access, learn_days)
    }

    /// The record as it came, but for white space between its tokens.
    pub fn squeezed(&self) -> &RawValue {
        self.squeezed.get_or_init(|| raw_value(Value::checked(&self.text).squeezed().into_owned()))
    }

    /// The record and its facts, read again from the text.
    #[must_use]
    pub fn facts(&self) -> Facts<'_> {
        let record = Record::again(&self.text, self.normal.as_ref(), self.source.marks);
        Facts::known(record, Arc::clone(&self.identity), Arc::clone(&self.access))
    }
}

/// How many bytes of a text so short are no white space; counted in a byte, which takes a fraction of the time.
fn bytes_of_tokens(text: &[u8]) -> usize {
    text.iter().map(|byte| u8::from(!byte.is_ascii_whitespace())).sum::<u8>().into()
}
