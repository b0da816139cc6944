//! An instance whose storage refuses it: for a while it waits, then it goes on with its own counts.

use std::time::Duration;

use tokio::time::Instant;

use super::WindowsFault;
use crate::detector::Decided;
use crate::windows::{Entry, Fold, Role, Verdict};

/// How many matches are kept to be written down later; beyond it the oldest are left out.
const MAX_KEPT: usize = 50_000;

/// Since when the storage refuses, and what was decided without it.
#[derive(Debug)]
pub(super) struct Alone {
    patience: Duration,
    refused_since: Option<Instant>,
    own: Option<Own>,
}

/// The windows as this instance alone has seen them since then.
#[derive(Debug)]
struct Own {
    fold: Fold,
    taken: Vec<Entry>,
}

impl Alone {
    pub(super) fn new(patience: Duration) -> Self {
        Self { patience, refused_since: None, own: None }
    }

    /// Decides by this instance's own counts, which begin with what was last read of the log; `None` as long as
    /// patience lasts. The clock is the process's own, because the host counts its retries anew after a redelivery.
    pub(super) fn decide(&mut self, entries: &[Entry], shared: &Fold, fault: &WindowsFault) -> Option<Decided> {
        if self.refused_since.get_or_insert_with(Instant::now).elapsed() < self.patience {
            return None;
        }
        let own = self.own.get_or_insert_with(|| Own { fold: shared.clone(), taken: Vec::new() });
        for entry in entries.iter().filter(|entry| entry.period.minutes > 0) {
            if !own.fold.settles(Role::Match, entry) {
                own.fold.take(Role::Match, entry);
                own.taken.push(entry.clone());
            }
        }
        let excess = own.taken.len().saturating_sub(MAX_KEPT);
        own.taken.drain(..excess);
        let decided = Decided::by(&own.fold, entries);
        Some(Decided { fault: Some(fault.to_string()), ..decided })
    }

    /// What the log has to learn of the time alone: alerts that went out, and reads that count towards others.
    pub(super) fn own_entries(&self) -> Vec<(Role, Entry)> {
        let Some(own) = &self.own else { return Vec::new() };
        let learnt = own.taken.iter().filter_map(|entry| match own.fold.verdict(entry) {
            Verdict::Alert { values, .. } => Some((Role::Owner, Entry { values, ..entry.clone() })),
            Verdict::Suppressed { .. } | Verdict::Pending if entry.period.counts() => {
                Some((Role::Counted, entry.clone()))
            }
            Verdict::Suppressed { .. } | Verdict::Pending => None,
        });
        learnt.collect()
    }

    /// The log was reached, and holds what this instance had decided alone.
    pub(super) fn end(&mut self) {
        self.refused_since = None;
        self.own = None;
    }
}
