//! An entry of the log that instances share: what a window has to know about one match, with the names of the window and of
//! the record.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Occurred, Period, RecordId};
use crate::alert::Subject;
use crate::counted::Counted;
use crate::digest::Digest;
use crate::incident::Incident;
use crate::private_key::Reads;
use crate::usual::{Reader, Sighting};

/// The longest text of an entry, in bytes; the end of a longer one is replaced by a digest of the whole.
const MAX_TEXT_BYTES: usize = 256;

/// A match as the windows see it, with the period under which it counts.
///
/// Each entry has the period, so that instances with different settings, as during a deployment, agree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// The rule's id.
    pub rule: Arc<str>,
    /// The window's key: the rule and the dedup string.
    pub key: WindowKey,
    /// Who made the call, for people and for what joins the windows of one identity.
    pub identity: Arc<str>,
    /// The value that the window counts, each distinct one once.
    pub value: Arc<str>,
    /// The record.
    pub record: RecordId,
    /// When it happened.
    pub time: Timestamp,
    /// When the hub took it.
    pub hub: Timestamp,
    /// How long a window lasts.
    #[serde(flatten)]
    pub period: Period,
    /// What was read of the value.
    #[serde(default, skip_serializing_if = "Reads::is_empty")]
    pub reads: Reads,
    /// The id that its alert would have, and an incident that it opens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alert_id: Option<Digest>,
    /// Whether its alert would be a card, too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub has_card: bool,
    /// The incident that its alert may join.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joins: Option<Joins>,
    /// Who read what, from where: what a rule that learns learns, and what an alert compares.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sighting: Option<Sighting>,
    /// Whether the sighting is learnt.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub learns: bool,
    /// What is known of the identity elsewhere, and since when reads were learnt there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known: Option<Box<(Reader, Option<Timestamp>)>>,
    /// What an alert counted that was sent without the shared log; empty in all other entries.
    #[serde(default, skip_serializing_if = "Counted::is_empty")]
    pub counted: Counted,
    /// The incident of such an alert.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incident: Option<Incident>,
}

impl Entry {
    /// An entry with what each has to say, and nothing else: its value is its identity, and the hub took it when it happened.
    #[must_use]
    pub fn plain(
        rule: Arc<str>,
        key: WindowKey,
        identity: Arc<str>,
        record: RecordId,
        time: Timestamp,
        period: Period,
    ) -> Self {
        Self {
            rule,
            key,
            value: Arc::clone(&identity),
            identity,
            record,
            time,
            hub: time,
            period,
            reads: Reads::default(),
            alert_id: None,
            has_card: false,
            joins: None,
            sighting: None,
            learns: false,
            known: None,
            counted: Counted::default(),
            incident: None,
        }
    }

    /// The entry of a match of a record.
    #[must_use]
    pub fn of(subject: Subject<'_>, period: Period, occurred: Occurred) -> Self {
        let rule = &subject.rule.metadata;
        let Occurred { record, time, hub } = occurred;
        let (value, reads) = match subject.unique {
            Some(unique) => (shared(&unique.name), unique.reads),
            None => (record.to_string().into(), Reads::default()),
        };
        let key = WindowKey::new(&rule.id, subject.dedup);
        let identity = shared(subject.identity_key);
        Self { value, reads, hub, ..Self::plain(Arc::clone(&rule.id), key, identity, record, time, period) }
    }

    /// A key of the identity alone, whatever the rule.
    pub(super) fn whose(&self) -> WindowKey {
        WindowKey::new("identity", &self.identity)
    }

    /// What is known of an identity elsewhere, for the log; `now` is the time at which it is brought in.
    #[must_use]
    pub fn of_reader(identity: &Arc<str>, reader: Reader, since: Option<Timestamp>, now: Timestamp) -> Self {
        Self { known: Some(Box::new((reader, since))), ..Self::about(identity, "known elsewhere", now) }
    }

    /// That what was learnt before is gone.
    #[must_use]
    pub fn of_lost_memory(now: Timestamp) -> Self {
        Self::about(&"all".into(), "lost", now)
    }

    fn about(identity: &Arc<str>, what: &str, now: Timestamp) -> Self {
        let (key, period) = (WindowKey::new(what, identity), Period { minutes: 60, threshold: 1 });
        Self::plain("usual".into(), key, Arc::clone(identity), RecordId::named(what), now, period)
    }
}

/// An incident that the alert of an entry may join.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Joins {
    /// The key of the rule that opens it: of the same record, and so of the same identity.
    pub key: WindowKey,
    /// Whether its card may stand for the alert.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub may_have_no_card: bool,
}

/// The key of a window: rule and dedup string.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WindowKey(Digest);

impl WindowKey {
    /// The key of a rule's matches with one dedup string.
    #[must_use]
    pub fn new(rule_id: &str, dedup: &str) -> Self {
        Self(Digest::of(&[rule_id, dedup]))
    }
}

/// A text that several entries share, unless it is too long.
fn shared(text: &Arc<str>) -> Arc<str> {
    if text.len() <= MAX_TEXT_BYTES {
        return Arc::clone(text);
    }
    let digest = Digest::of(&[text]).to_string();
    let (start, _) = text.split_at(text.floor_char_boundary(MAX_TEXT_BYTES - digest.len()));
    format!("{start}{digest}").into()
}
