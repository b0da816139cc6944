//! Dedup windows as Panther has them: fixed, beginning at the first match of a key, on the clock that is handed in.
//!
//! A window belongs to the record that opened it (or crossed the rule's threshold). Whenever that record comes again,
//! by a retry or because Event Hubs delivers it again, the same alert goes out again: an output binding writes after
//! our answer, so a window that is claimed says nothing about an alert that arrived.
//!
//! Pure: [`State`] is one window's memory and how it changes; [`Table`] keeps many of them in bounded memory. The blob
//! store at the edge keeps the same states as blobs.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod group;
mod key;
mod state;
mod table;

pub use group::{Group, group_by_key};
pub use key::{RecordId, WindowKey};
pub use state::{Candidate, Period, State, Verdict};
pub use table::Table;
