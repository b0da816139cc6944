//! All windows: a fold over the log that instances share, or over what one process has seen.

mod learning;
mod room;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::incident::OpenIncident;
use super::memory::{Memory, Outlook};
use super::values::VALUES_AFTER_WINDOW;
use super::{Entry, Role, Verdict, WindowKey, WindowState};
use crate::alert::Due;
use crate::incident::Incident;
use crate::usual::Usual;
use learning::portrait;

/// How often what is no longer needed is forgotten, by the hub's clock.
const FORGET_EVERY_SECONDS: i64 = 600;
/// How often what was usual is: it is known by days.
const DAY_SECONDS: i64 = 24 * 60 * 60;

/// The windows after some entries of a log. Equal entries in equal order give equal windows, on any instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fold {
    /// The latest time of the hub in any entry; it decides what is forgotten.
    clock: Timestamp,
    /// How many entries were taken.
    entries: u64,
    keys: BTreeMap<WindowKey, Memory>,
    /// What is usual for each identity.
    #[serde(default, skip_serializing_if = "Usual::is_empty")]
    usual: Usual,
    #[serde(skip)]
    weight: usize,
}

impl Default for Fold {
    fn default() -> Self {
        Self { clock: Timestamp::MIN, entries: 0, keys: BTreeMap::new(), usual: Usual::default(), weight: 0 }
    }
}

impl Fold {
    /// Takes the next entry of the log.
    ///
    /// One that is settled changes no window, as an instance that knew the log so far would not have written it: so no
    /// instance can settle what another one has alerted.
    pub fn take(&mut self, role: Role, entry: &Entry) {
        if entry.period.minutes > 0 {
            self.advance(entry.hub);
            if !self.settles(role, entry) {
                self.change(role, entry);
            }
        }
    }

    /// Takes an entry in one process, and returns whether it was taken: one that is settled is not.
    pub fn take_new(&mut self, role: Role, entry: &Entry) -> bool {
        let is_new = !self.settles(role, entry);
        if is_new {
            self.take_unsettled(role, entry);
        }
        is_new
    }

    /// Takes an entry in one process that is known not to be settled.
    pub fn take_unsettled(&mut self, role: Role, entry: &Entry) {
        self.advance(entry.hub);
        self.change(role, entry);
    }

    /// Whether the verdict of an entry is known without taking it, because it would change nothing.
    #[must_use]
    pub fn settles(&self, role: Role, entry: &Entry) -> bool {
        let memory = self.keys.get(&entry.key);
        match (role, &entry.known, &entry.sighting) {
            (Role::Lost, ..) => self.usual.has_told_loss(entry.time),
            (Role::Known, known, _) => {
                known.as_ref().is_none_or(|known| !self.usual.would_learn(&entry.identity, &known.0, known.1))
            }
            (_, _, Some(seen)) if entry.learns => {
                memory.is_some_and(|memory| memory.owns(entry.record)) || self.usual.knows(seen, entry.time)
            }
            _ => entry.period.minutes == 0 || memory.is_some_and(|memory| memory.settles(role, entry)),
        }
    }

    /// Whether a match that is not settled may open an incident when it is taken next; if not, its alert need not have a name
    /// before.
    #[must_use]
    pub fn may_open(&self, entry: &Entry) -> bool {
        if entry.learns {
            // An alert of what is unfamiliar may give the incident its id.
            return self.usual.may_judge(entry.sighting.as_ref(), entry.time);
        }
        let clock = self.clock.max(entry.hub);
        entry.period.counts() && self.keys.get(&entry.key).is_some_and(|memory| memory.may_open(entry, clock))
    }

    /// What becomes of a match whose entry was taken or is settled.
    #[must_use]
    pub fn verdict(&self, entry: &Entry) -> Verdict {
        let memory = self.keys.get(&entry.key).filter(|_| entry.period.minutes > 0);
        match memory.map_or(Verdict::Pending, |memory| memory.verdict(entry)) {
            Verdict::Pending if entry.learns => self.familiar(entry),
            // Each match alerts, or the owner was forgotten, to make room or after its time: in doubt, the alert is sent.
            Verdict::Pending if entry.period.minutes == 0 || !entry.period.counts() => {
                let portrait = portrait(&self.usual, entry).map(Box::new);
                Verdict::Alert { created_at: entry.hub, due: Due { portrait, ..self.joined(entry) } }
            }
            verdict => verdict,
        }
    }

    /// Whether an entry comes so late that the values around it may be forgotten: it is counted only with others as late.
    #[must_use]
    pub fn is_late(&self, entry: &Entry) -> bool {
        let kept = entry.period.span().saturating_add(VALUES_AFTER_WINDOW);
        entry.period.counts() && self.clock.duration_since(entry.hub) > kept
    }

    /// The latest time of the hub in any entry.
    #[must_use]
    pub fn clock(&self) -> Timestamp {
        self.clock
    }

    /// The windows of each key, for people.
    pub fn windows(&self) -> impl ExactSizeIterator<Item = WindowState<'_>> {
        self.keys.iter().map(|(key, memory)| WindowState {
            key: *key,
            rule: &memory.rule,
            identity: &memory.identity,
            values: memory.values.len(),
            reads: memory.values.count,
            first_read: memory.values.reads().map(|read| read.time).min(),
            last_read: memory.values.reads().map(|read| read.time).max(),
            alerts: memory.owners.iter().map(|owner| owner.time).collect(),
            incident: memory.last_incident().map(OpenIncident::state),
        })
    }

    /// What is usual for each identity.
    #[must_use]
    pub fn usual(&self) -> &Usual {
        &self.usual
    }

    /// Begins with what is usual by a baseline.
    #[must_use]
    pub fn knowing(usual: Usual) -> Self {
        Self { usual, ..Self::default() }
    }

    /// Computes again what is not written down.
    pub fn restore(&mut self) {
        self.keys.values_mut().for_each(Memory::restore);
        self.usual.restore();
        self.weigh();
    }

    /// Counts an entry and moves the clock. Whenever the clock passes a multiple of [`FORGET_EVERY_SECONDS`], what is no
    /// longer needed is forgotten; never by another clock, or instances would differ.
    fn advance(&mut self, hub: Timestamp) {
        self.entries += 1;
        if hub <= self.clock {
            return;
        }
        let is_next = |seconds: i64| hub.as_second().div_euclid(seconds) > self.clock.as_second().div_euclid(seconds);
        let (is_due, is_new_day) = (is_next(FORGET_EVERY_SECONDS), is_next(DAY_SECONDS));
        self.clock = hub;
        if is_due {
            self.keys.retain(|_, memory| memory.forget(hub));
            self.weigh();
        }
        if is_due && (self.usual.is_full() || is_new_day) {
            self.usual.forget(hub);
        }
    }

    /// The incident that an alert of this entry joins.
    fn joined(&self, entry: &Entry) -> Due {
        let incident = entry.joins.and_then(|joins| self.keys.get(&joins.key)?.incident_at(entry.time));
        let may_have_no_card = entry.joins.is_some_and(|joins| joins.may_have_no_card);
        Due {
            incident: incident.map(|incident| Incident { id: incident.id, step: None }),
            has_no_card: may_have_no_card && incident.is_some_and(|incident| incident.has_card),
            ..Due::default()
        }
    }

    fn change(&mut self, role: Role, entry: &Entry) {
        let joined = self.joined(entry);
        let opened_by = entry.joins.and_then(|joins| self.keys.get(&joins.key)?.high_before(entry));
        // An alert of a read that teaches something says what was usual before it.
        let before = if entry.learns { portrait(&self.usual, entry) } else { None };
        let novelty = self.learn(role, entry);
        if matches!(role, Role::Known | Role::Lost) || novelty.is_some_and(|novelty| novelty.is_nothing()) {
            return;
        }
        let portrait = || before.clone().or_else(|| portrait(&self.usual, entry));
        let outlook = Outlook { joined, opened_by, novelty, portrait: &portrait };
        let memory = self.keys.entry(entry.key).or_insert_with(|| {
            let memory = Memory::new(entry);
            self.weight += memory.weight();
            memory
        });
        let before = memory.weight();
        memory.take(role, entry, outlook, self.clock, self.entries);
        self.weight = self.weight + memory.weight() - before;
        self.make_room();
    }
}
