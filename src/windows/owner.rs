//! The record that an alert belongs to.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::values::later;
use super::{Entry, RecordId, WindowKey};
use crate::alert::Due;
use crate::digest::Digest;

/// How long an owner knows what was usual for the identity.
const PORTRAIT_KEPT_FOR: SignedDuration = SignedDuration::from_hours(24);
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
    /// Whose it was, where the incident's own card stands for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) whose: Option<WindowKey>,
    /// What its alert says.
    #[serde(flatten)]
    pub(super) due: Due,
}

impl Owner {
    /// Makes the record of an entry an owner; `clock` is the latest time of the hub.
    pub(super) fn of(entry: &Entry, due: Due, clock: Timestamp) -> Self {
        let Entry { record, time, hub, period, .. } = *entry;
        let whose = due.has_no_card.then(|| entry.whose());
        let until = later(clock, period.window().saturating_add(OWNERS_AFTER_WINDOW));
        Self {
            record,
            time,
            hub,
            until,
            minutes: period.minutes,
            alert_id: entry.alert_id.filter(|_| entry.learns),
            whose,
            due,
        }
    }

    /// Drops what is said of the identity a day after, so that many alerts do not take the room of counts.
    pub(super) fn forget_portrait(&mut self, clock: Timestamp) {
        if clock.duration_since(self.hub) > PORTRAIT_KEPT_FOR {
            self.due.portrait = None;
        }
    }

    /// How long its window is.
    pub(super) fn window(&self) -> SignedDuration {
        SignedDuration::from_mins(i64::from(self.minutes))
    }
}
