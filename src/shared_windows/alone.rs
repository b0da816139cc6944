//! An instance that the storage refuses: it waits for a while, then it goes on with its own counts.

use std::time::Duration;

use tokio::time::Instant;

use super::WindowsFault;
use crate::alert::Due;
use crate::detector::{Decided, in_order};
use crate::windows::{Entry, Fold, Role, Verdict};

/// How many matches are kept for the log; beyond it those that are no alerts are dropped.
const MAX_KEPT: usize = 10_000;

/// Since when the storage has refused access, and what was decided without it.
#[derive(Debug)]
pub(super) struct Alone {
    patience: Duration,
    refused_since: Option<Instant>,
    own: Option<Own>,
    /// How many matches were ever decided alone.
    decided: u64,
}

/// The windows as this instance alone has seen them since then.
#[derive(Debug)]
struct Own {
    fold: Fold,
    /// What the log does not hold, each with its number among those decided alone.
    taken: Vec<(u64, Role, Entry)>,
}

impl Alone {
    pub(super) fn new(patience: Duration) -> Self {
        Self { patience, refused_since: None, own: None, decided: 0 }
    }

    /// Decides by this instance's own counts, which begin with what was last read of the log; `None` while patience lasts.
    /// That is measured by the process's own clock, because the host's count of retries begins again after a redelivery.
    pub(super) fn decide(&mut self, entries: &[(Role, Entry)], shared: &Fold, fault: &WindowsFault) -> Option<Decided> {
        if self.refused_since.get_or_insert_with(Instant::now).elapsed() < self.patience {
            return None;
        }
        let own = self.own.get_or_insert_with(|| Own { fold: shared.clone(), taken: Vec::new() });
        // Unknown is not new: without what was learnt, nothing is judged by it, nor taught by what nobody has judged.
        let knows = !shared.usual().is_empty();
        let is_taken = |entry: &Entry| entry.period.minutes > 0 && (knows || !entry.learns);
        for (role, entry) in in_order(entries).filter(|(_, entry)| is_taken(entry)) {
            if own.fold.take_new(*role, entry) {
                self.decided += 1;
                own.taken.push((self.decided, *role, entry.clone()));
            }
        }
        if own.taken.len() > MAX_KEPT {
            let Own { fold, taken } = own;
            taken.retain(|(.., entry)| matches!(fold.verdict(entry), Verdict::Alert { .. }));
        }
        let decided = Decided::by(&own.fold, entries);
        let blind = if knows { "" } else { "; UnfamiliarReader judges nothing meanwhile" };
        Some(Decided { fault: Some(format!("{fault}{blind}")), ..decided })
    }

    /// What the log has to learn about the time alone, which is alerts that went out and reads that count towards others;
    /// and the number of the last of them.
    pub(super) fn own_entries(&self) -> (Vec<(Role, Entry)>, u64) {
        let Some(own) = &self.own else { return (Vec::new(), 0) };
        let learnt = own.taken.iter().filter_map(|(_, role, entry)| match own.fold.verdict(entry) {
            _ if !matches!(role, Role::Match) => Some((*role, entry.clone())),
            Verdict::Alert { due: Due { counted, incident, .. }, .. } => {
                Some((Role::Owner, Entry { counted, incident, ..entry.clone() }))
            }
            Verdict::Suppressed { .. } | Verdict::Pending | Verdict::Familiar
                if entry.period.counts() || entry.learns =>
            {
                Some((Role::Counted, entry.clone()))
            }
            Verdict::Suppressed { .. } | Verdict::Pending | Verdict::Familiar => None,
        });
        (learnt.collect(), own.taken.last().map_or(0, |(number, ..)| *number))
    }

    /// The log was reached, and holds what this instance had decided alone up to this number. What another batch decided
    /// alone meanwhile is kept for the next time.
    pub(super) fn handed_over(&mut self, last: u64) {
        self.refused_since = None;
        if let Some(own) = &mut self.own {
            own.taken.retain(|(number, ..)| *number > last);
            if own.taken.is_empty() {
                self.own = None;
            }
        }
    }
}
