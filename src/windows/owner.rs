//! The record that an alert belongs to.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::values::later;
use super::{Entry, RecordId};
use crate::alert::Due;
use crate::digest::Digest;

/// How long an owner is known after its window: a day longer than a record's own time is believed.
const OWNERS_AFTER_WINDOW: SignedDuration = SignedDuration::from_hours(8 * 24);

/// The record that an alert belongs to: it alerts whenever it comes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Owner {
    pub(super) record: RecordId,
    pub(super) time: Timestamp,
    pub(super) hub: Timestamp,
    /// Until when, by the hub's clock, it is known.
    pub(super) until: Timestamp,
    /// The window under which it was written, in minutes: nothing nearer becomes an owner.
    pub(super) minutes: u32,
    /// The id of its alert, where it may give an incident its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) alert_id: Option<Digest>,
    /// What its alert says.
    #[serde(flatten)]
    pub(super) due: Due,
}

impl Owner {
    /// Makes the record of an entry an owner; `clock` is the latest time of the hub.
    pub(super) fn of(entry: &Entry, due: Due, clock: Timestamp) -> Self {
        let Entry { record, time, hub, period, .. } = *entry;
        let until = later(clock, period.window().saturating_add(OWNERS_AFTER_WINDOW));
        Self {
            record,
            time,
            hub,
            until,
            minutes: period.minutes,
            alert_id: entry.alert_id.filter(|_| entry.learns),
            due,
        }
    }

    /// How long its window is.
    pub(super) fn window(&self) -> SignedDuration {
        SignedDuration::from_mins(i64::from(self.minutes))
    }
}
