//! An open incident: the reads of one identity from its first alert until it has stayed below the threshold for a window's
//! length.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::values::{VALUES_AFTER_WINDOW, later};
use super::{Entry, Period};
use crate::counted::{Counted, Names, Span};
use crate::digest::Digest;
use crate::incident::Incident;

/// How many times as many names the next alert of an incident needs.
const GROWTH: usize = 4;
/// How many names of an incident are known; one that has more is told once more.
const MAX_NAMES: usize = 10_000;
/// How long an incident lasts at the most, unless a window is longer.
const MAX_LENGTH: SignedDuration = SignedDuration::from_hours(24);

/// What is known of an incident while reads may still belong to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OpenIncident {
    /// The id of its first alert.
    pub(super) id: Digest,
    /// The time of the read that opened it.
    opened: Timestamp,
    /// When it ends, by the time of the reads, unless they go on.
    until: Timestamp,
    /// Until when, by the hub's clock, it is known.
    known_until: Timestamp,
    /// The window under which it was opened, in minutes.
    minutes: u32,
    /// Whether its alerts are cards, too.
    pub(super) has_card: bool,
    /// The number of its last alert.
    step: u32,
    /// How many names that alert counted.
    told: usize,
    /// Its first and last read.
    span: Span,
    names: Names,
    /// Whether it has more names than are known.
    #[serde(default)]
    is_beyond: bool,
    /// About how many bytes it takes.
    #[serde(skip)]
    pub(super) weight: usize,
}

impl OpenIncident {
    /// Opens an incident with the alert of this id, which belongs to `entry` and counts `names`.
    pub(super) fn open(id: Digest, entry: &Entry, names: Names, span: Option<Span>, clock: Timestamp) -> Self {
        let mut incident = Self {
            id,
            opened: entry.time,
            until: later(entry.time, entry.period.window()),
            known_until: clock,
            minutes: entry.period.minutes,
            has_card: entry.has_card,
            step: 1,
            told: names.len(),
            span: span.unwrap_or(Span::at(entry.time)),
            names,
            is_beyond: false,
            weight: 0,
        };
        incident.keep(entry, clock);
        incident.weigh();
        incident
    }

    /// Whether a read of this time belongs to it.
    pub(super) fn holds(&self, time: Timestamp) -> bool {
        time.duration_since(self.opened) > -self.window() && time < self.until
    }

    /// Whether a read adds nothing to what is known of the names.
    pub(super) fn knows(&self, entry: &Entry) -> bool {
        self.is_beyond || self.names.contains(&entry.value, entry.reads)
    }

    /// Whether a read is late enough to make it last longer; not asked of every read, because the answer takes time.
    pub(super) fn may_last_until_after(&self, entry: &Entry) -> bool {
        let period = entry.period;
        later(entry.time, period.window() - period.repeat()) >= self.until && self.until < self.end()
    }

    /// Makes it last for another window after a read.
    pub(super) fn extend(&mut self, entry: &Entry) {
        self.until = later(entry.time, entry.period.window()).clamp(self.until, self.end());
    }

    /// Takes a read that belongs to it.
    pub(super) fn take(&mut self, entry: &Entry, clock: Timestamp) {
        self.span = self.span.with(entry.time);
        self.keep(entry, clock);
        if self.names.len() < MAX_NAMES || self.knows(entry) {
            let is_new = self.names.add(&entry.value, entry.reads);
            self.weight += if is_new { weight_of(&entry.value) } else { 0 };
        } else {
            self.is_beyond = true;
        }
    }

    /// Takes an alert that went out without the log.
    pub(super) fn take_alert(&mut self, step: u32, counted: &Counted) {
        for name in &counted.names {
            self.names.add(name, Default::default());
        }
        self.told = self.told.max(counted.count);
        self.step = self.step.max(step);
        self.weigh();
    }

    /// The next alert that its size calls for, with what that counts; `refused` tells how many reads were refused meanwhile.
    pub(super) fn next_step(
        &mut self,
        threshold: usize,
        refused: impl FnOnce(Span) -> usize,
    ) -> Option<(Counted, Incident)> {
        let count = self.names.len() + usize::from(self.is_beyond);
        let needed = |step| GROWTH.saturating_pow(step).saturating_mul(threshold).min(MAX_NAMES + 1);
        if count <= self.told || count < needed(self.step) {
            return None;
        }
        self.step += 1;
        while count >= needed(self.step) && count <= MAX_NAMES {
            self.step += 1;
        }
        self.told = count;
        let counted = Counted { count, ..Counted::of(&self.names, Some(self.span), refused(self.span)) };
        Some((counted, Incident { id: self.id, step: Some(self.step) }))
    }

    /// Whether reads may still come that belong to it.
    pub(super) fn is_known(&self, clock: Timestamp) -> bool {
        self.known_until > clock
    }

    /// Its names, its first and its last read, for people.
    pub(super) fn state(&self) -> super::IncidentState {
        let Self { id, step, until, .. } = *self;
        super::IncidentState { id, step, names: self.names.len(), since: self.span.first, until }
    }

    /// Shares the text of names that are kept elsewhere, too, and weighs what is left.
    pub(super) fn restore(&mut self, known: impl Fn(&str) -> Option<std::sync::Arc<str>>) {
        self.names.share(known);
        self.weigh();
    }

    fn window(&self) -> SignedDuration {
        Period { minutes: self.minutes, threshold: 0 }.window()
    }

    fn end(&self) -> Timestamp {
        later(self.opened, self.window().max(MAX_LENGTH))
    }

    fn keep(&mut self, entry: &Entry, clock: Timestamp) {
        self.known_until = later(clock, entry.period.span().saturating_add(VALUES_AFTER_WINDOW)).max(self.known_until);
    }

    fn weigh(&mut self) {
        self.weight = 256 + self.names.iter().map(|(name, _)| weight_of(name)).sum::<usize>();
    }
}

/// About how many bytes a name takes.
fn weight_of(name: &str) -> usize {
    48 + name.len()
}
