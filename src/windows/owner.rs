//! The record that an alert belongs to.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::values::later;
use super::{Entry, RecordId};
use crate::counted::Counted;
use crate::incident::Incident;

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
    /// What the alert counts.
    #[serde(default, skip_serializing_if = "Counted::is_empty")]
    pub(super) counted: Counted,
    /// The incident that the alert belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) incident: Option<Incident>,
    /// Whether the incident's own card stands for the alert.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) has_no_card: bool,
}

/// What an alert that is due says besides its record.
#[derive(Debug, Clone, Default)]
pub(super) struct Due {
    /// What it counts.
    pub(super) counted: Counted,
    /// The incident that it belongs to.
    pub(super) incident: Option<Incident>,
    /// Whether the incident's own card stands for it.
    pub(super) has_no_card: bool,
}

impl Owner {
    /// Makes the record of an entry an owner; `clock` is the latest time of the hub.
    pub(super) fn of(entry: &Entry, due: Due, clock: Timestamp) -> Self {
        let Entry { record, time, hub, period, .. } = *entry;
        let Due { counted, incident, has_no_card } = due;
        let until = later(clock, period.window().saturating_add(OWNERS_AFTER_WINDOW));
        Self { record, time, hub, until, minutes: period.minutes, counted, incident, has_no_card }
    }

    /// How long its window is.
    pub(super) fn window(&self) -> SignedDuration {
        SignedDuration::from_mins(i64::from(self.minutes))
    }
}
