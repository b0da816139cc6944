//! What the windows learn of each identity, and how they judge a read by it.

use jiff::Timestamp;

use super::Fold;
use crate::usual::{Judgement, Novelty, Portrait, Usual};
use crate::windows::{Entry, Role, Verdict};

impl Fold {
    /// Until when reads like that of an entry only teach, where that is so because nothing is known of any identity yet.
    #[must_use]
    pub fn learning_until(&self, entry: &Entry) -> Option<Timestamp> {
        let seen = entry.sighting.as_ref().filter(|_| entry.learns)?;
        self.usual.learning_until(seen).filter(|until| entry.time < *until)
    }

    /// The verdict on a read whose record no alert belongs to.
    pub(super) fn familiar(&self, entry: &Entry) -> Verdict {
        let is_learning = entry.sighting.as_ref().is_none_or(|seen| self.usual.is_learning(seen, entry.time));
        if is_learning { Verdict::Pending } else { Verdict::Familiar }
    }

    /// Learns what an entry teaches, and returns what is new in it; `None` of an entry that teaches nothing.
    pub(super) fn learn(&mut self, role: Role, entry: &Entry) -> Option<Novelty> {
        match (role, &entry.known, &entry.sighting) {
            (Role::Lost, ..) => self.usual.lose(entry.time),
            (Role::Known, Some(known), _) => self.usual.learn(&entry.identity, &known.0, known.1),
            (_, _, Some(seen)) if entry.learns => {
                return Some(match self.usual.see(seen, entry.time, role == Role::Match) {
                    Judgement::Unfamiliar(novelty) => novelty,
                    Judgement::Learning | Judgement::Familiar => Novelty::default(),
                });
            }
            _ => {}
        }
        None
    }
}

/// What is usual for the identity of an entry, where anything was learnt.
pub(super) fn portrait(usual: &Usual, entry: &Entry) -> Option<Portrait> {
    let seen = entry.sighting.as_ref().filter(|_| !usual.is_empty())?;
    Some(Portrait::of(usual, seen, entry.time))
}
