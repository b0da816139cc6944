//! Which record an entry is of, and when that was.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::alert::MatchedRecord;
use crate::digest::Digest;

/// How far back a record's own time is believed: as long as Event Hubs keeps events in its standard tier.
const MAX_BEHIND: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How far ahead of the hub's time a record's own time is believed.
const MAX_AHEAD: SignedDuration = SignedDuration::from_mins(5);
/// How far ahead of this process's clock the hub's time is believed: where a function gets one event as text, a member of
/// the event can overwrite it in the host's metadata.
const MAX_HUB_AHEAD: SignedDuration = SignedDuration::from_hours(24);

/// Which record it was, and when: the same for all its matches.
#[derive(Debug, Clone, Copy)]
pub struct Occurred {
    /// The record.
    pub record: RecordId,
    /// When it happened.
    pub time: Timestamp,
    /// When the hub took it.
    pub hub: Timestamp,
}

impl Occurred {
    /// A record of an event.
    ///
    /// Its time is the record's own where that is near the hub's, else the hub's. Where the host does not say the hub's time,
    /// the record's own is used for both, and `now` where the record has none or one in the future.
    #[must_use]
    pub fn of(record: &MatchedRecord, now: Timestamp) -> Self {
        let own = record.time.as_ref().map(|time| time.moment);
        let enqueued = record.source.place.enqueued_time.as_deref().and_then(|time| time.parse::<Timestamp>().ok());
        let enqueued = enqueued.filter(|hub| hub.duration_since(now) <= MAX_HUB_AHEAD);
        let past = || own.filter(|own| own.duration_since(now) <= MAX_AHEAD);
        let hub = enqueued.or_else(past).unwrap_or(now);
        let time = own.filter(|own| is_near(*own, hub)).unwrap_or(hub);
        Self { record: RecordId::of(record), time, hub }
    }

    /// A record of a saved log, which the hub took when it happened.
    #[must_use]
    pub fn at(record: RecordId, time: Timestamp) -> Self {
        Self { record, time, hub: time }
    }
}

/// A record, identified by its place in the hub, or by its content where the host did not say the place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RecordId(Digest);

impl RecordId {
    /// The id of a record of an event.
    #[must_use]
    pub fn of(record: &MatchedRecord) -> Self {
        let source = &record.source;
        let place = &source.place;
        let index = source.record_index.unwrap_or_default().to_string();
        match (&place.partition_id, place.sequence_number) {
            (Some(partition), Some(sequence)) => Self(Digest::of(&["place", partition, &sequence.to_string(), &index])),
            _ => Self(Digest::of(&["content", record.squeezed().get()])),
        }
    }

    /// The id of a record that has a number, as in a replay.
    #[must_use]
    pub fn numbered(number: u64) -> Self {
        Self(Digest::of_number(number))
    }

    /// The id of a record that has another name.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self(Digest::of(&[name]))
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

fn is_near(own: Timestamp, hub: Timestamp) -> bool {
    let ahead = own.duration_since(hub);
    ahead <= MAX_AHEAD && ahead >= -MAX_BEHIND
}
