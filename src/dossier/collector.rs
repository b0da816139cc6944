//! Records as they come out of files: those of the identities that are asked for are kept.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::coverage::Coverage;
use super::event::Event;
use super::habits::Habits;
use super::sign_in::SignIn;
use super::wanted::Wanted;
use crate::decode::{Piece, Reason, Record, RecordKind, read_body};
use crate::digest::Digest;
use crate::facts::{Facts, Identity, RecordTime};
use crate::json::Value;
use crate::rules::Parameters;
use crate::source::Place;
use crate::time_bound::TimeBounds;

/// How many ids with names of sign-in logs are kept.
const MAX_NAMES: usize = 200_000;

/// What is asked for, and what was found of it so far. Its memory grows with the records of the identities that are asked for.
#[derive(Debug, Default)]
pub struct Collector {
    /// Whom it is about.
    pub(super) wanted: Wanted,
    /// When.
    pub(super) bounds: TimeBounds,
    parameters: Parameters,
    pub(super) events: Vec<Event>,
    pub(super) persons: BTreeMap<Arc<str>, Known>,
    /// Records of the identities, to tell copies from them.
    seen: HashMap<Digest, usize>,
    /// Ids in lower case with the names of sign-in logs.
    pub(super) names: BTreeMap<String, String>,
    pub(super) coverage: Coverage,
    /// Records that were left out because they are earlier or later.
    pub(super) outside: u64,
    /// What was read since that was last asked for.
    tally: Tally,
}

/// What is known of an identity.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub(super) identity: Identity,
    /// What it worked with before the period.
    pub(super) before: Habits,
}

/// What was in one input.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Records.
    pub records: u64,
    /// What is no record, by reason.
    pub undecodable: BTreeMap<Reason, u64>,
    /// Records of the identities that may be reads and do not say so.
    pub undetermined: u64,
}

impl Collector {
    /// Begins with nothing found.
    #[must_use]
    pub fn new(wanted: Wanted, bounds: TimeBounds, parameters: Parameters) -> Self {
        Self { wanted, bounds, parameters, ..Self::default() }
    }

    /// Takes one body as Event Hubs would have carried it.
    pub fn take(&mut self, body: &[u8], place: &Place) {
        read_body(body, &mut |piece| match piece {
            Piece::Record { record, index } => self.record(record, place, index),
            Piece::Undecodable { reason, .. } => *self.tally.undecodable.entry(reason).or_default() += 1,
            // What stands beside an envelope's list is none of its records, and of no identity.
            Piece::EnvelopeMembers { .. } => {}
        });
    }

    /// What was read since this was last asked for.
    pub fn take_tally(&mut self) -> Tally {
        std::mem::take(&mut self.tally)
    }

    fn record(&mut self, record: Record<'_>, place: &Place, index: usize) {
        self.tally.records += 1;
        let sign_in = SignIn::of(&record);
        if let Some(sign_in) = &sign_in
            && self.names.len() < MAX_NAMES
        {
            self.names.extend(sign_in.names.iter().cloned());
        }
        let facts = Facts::of(record);
        let time = RecordTime::of(&facts.record).map(|time| time.moment);
        if let Some(vault) = facts.access().vault.as_deref().filter(|_| sign_in.is_none()) {
            match time.filter(|_| RecordKind::of(&facts.record) == RecordKind::KeyVaultAudit) {
                Some(time) => self.coverage.add(vault, time),
                None => self.coverage.know(vault),
            }
        }
        let identity = facts.identity();
        if !self.wanted.is(identity) {
            return;
        }
        if let Some(time) = time.filter(|time| !self.bounds.hold(*time)) {
            self.outside += 1;
            if self.bounds.is_before(time) {
                let person = self.persons.entry(identity.key().into()).or_default();
                person.identity.join(identity);
                let address = identity.caller_address.as_deref().filter(|_| facts.access().vault.is_some());
                person.before.add(facts.access(), address, time, true);
            }
            return;
        }
        let key: Arc<str> = identity.key().into();
        match self.seen.entry(Digest::of(&[&Value::checked(facts.record.raw()).squeezed()])) {
            Entry::Occupied(first) => {
                if let Some(first) = self.events.get_mut(*first.get()) {
                    first.also_at.push(place.clone());
                }
                return;
            }
            Entry::Vacant(new) => drop(new.insert(self.events.len())),
        }
        self.persons.entry(Arc::clone(&key)).or_default().identity.join(identity);
        let (event, fault) = Event::of(&facts, sign_in, &self.parameters, key, (place.clone(), index));
        self.tally.undetermined += u64::from(fault.is_some());
        self.events.push(event);
    }
}
