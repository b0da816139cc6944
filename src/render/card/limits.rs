//! How much a card shows of each kind of text.

/// The weight that each kind of text may have (see [`weight`](super::plain::weight)).
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    pub(super) title: usize,
    /// Vaults, addresses, ids, and the names of rules and techniques.
    pub(super) name: usize,
    /// How many vaults, addresses and so on are named.
    pub(super) of_a_kind: usize,
    pub(super) description: usize,
    pub(super) runbook: usize,
}

/// The limits that are tried one after another, until the card fits.
pub(super) const STEPS: &[Limits] = &[
    Limits { title: 800, name: 260, of_a_kind: 5, description: 2000, runbook: 5000 },
    Limits { title: 600, name: 200, of_a_kind: 3, description: 1200, runbook: 2500 },
    Limits { title: 400, name: 120, of_a_kind: 2, description: 600, runbook: 900 },
    Limits { title: 200, name: 80, of_a_kind: 1, description: 200, runbook: 200 },
];
