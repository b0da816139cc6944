//! How much is measured.

use std::time::Duration;

/// How often and how long.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    /// Rounds of load, after one to warm up.
    pub(crate) rounds: usize,
    /// How long a round of load lasts.
    pub(crate) round: Duration,
    /// Starts of each server, to tell how long one takes.
    pub(crate) starts: usize,
    /// Fresh processes for each figure of memory, and for each point of a curve.
    pub(crate) repeats: usize,
    /// Different batches under load.
    pub(crate) batches: usize,
    /// Whether it only shows that all works.
    pub(crate) is_quick: bool,
}

impl Plan {
    /// The measurement that is written down.
    pub(crate) fn thorough() -> Self {
        Self { rounds: 5, round: Duration::from_millis(800), starts: 30, repeats: 5, batches: 16, is_quick: false }
    }

    /// Enough to see that everything works.
    pub(crate) fn quick() -> Self {
        Self { rounds: 2, round: Duration::from_millis(150), starts: 5, repeats: 1, batches: 4, is_quick: true }
    }
}
