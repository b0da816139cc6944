//! Many windows in bounded memory.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;

use super::{Candidate, Period, State, Verdict, WindowKey};

/// How much all windows may weigh; beyond it the oldest are forgotten, and a forgotten window alerts anew.
const MAX_BYTES: usize = 16 << 20;

/// The windows of one process.
#[derive(Debug, Default)]
pub struct Table {
    states: HashMap<WindowKey, State>,
    by_age: BTreeSet<(Timestamp, WindowKey)>,
    bytes: usize,
}

impl Table {
    /// Takes the matches of one key; gives the verdicts and the distinct values of the window.
    pub fn take(
        &mut self,
        key: WindowKey,
        candidates: &[Candidate],
        period: Period,
        now: Timestamp,
    ) -> (Vec<Verdict>, Vec<String>) {
        let mut state = self.remove(key).unwrap_or_else(|| State::new(now));
        let verdicts = state.take(candidates, period, now);
        let values = state.values().to_vec();
        self.insert(key, state);
        while self.bytes > MAX_BYTES {
            let Some((_, oldest)) = self.by_age.first().copied() else { break };
            self.remove(oldest);
        }
        (verdicts, values)
    }

    /// How many windows are remembered.
    #[must_use]
    pub fn len(&self) -> usize {
        self.states.len()
    }

    /// Whether none is remembered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.states.is_empty()
    }

    fn insert(&mut self, key: WindowKey, state: State) {
        self.bytes += state.weight();
        self.by_age.insert((state.opened_at(), key));
        self.states.insert(key, state);
    }

    fn remove(&mut self, key: WindowKey) -> Option<State> {
        let state = self.states.remove(&key)?;
        self.by_age.remove(&(state.opened_at(), key));
        self.bytes = self.bytes.saturating_sub(state.weight());
        Some(state)
    }
}
