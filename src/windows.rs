//! Dedup windows and counts, as a fold over a log of matches: in one process, or over one log that instances share.
//!
//! An alert belongs to the record that opened its window or crossed the rule's threshold, its owner. Whenever that record
//! comes again, by a retry or because Event Hubs delivers it again, the same alert goes out again: an output binding
//! writes after our answer, so an open window does not prove that its alert arrived.
//!
//! The rule for owners is the same for all rules, in the order of the log: an entry becomes an owner where no owner of
//! its key is less than that owner's window away, and some window that holds it has as many distinct values so far as the
//! threshold. Owners never move. So with a threshold of one, in the order of time, windows are Panther's.
//!
//! Where values are counted, the owner opens an incident: it holds the key's entries until they stay below the threshold for a
//! window's length, has its next owner when its distinct values are four times as many, and alerts of other rules by the
//! same identity join it.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod busiest;
mod entry;
mod fold;
mod incident;
mod memory;
mod occurred;
mod owner;
mod period;
mod role;
mod state;
mod values;
mod verdict;

pub use entry::{Entry, Joins, WindowKey};
pub use fold::Fold;
pub use occurred::{Occurred, RecordId};
pub use period::Period;
pub use role::Role;
pub use state::{IncidentState, WindowState};
pub use verdict::Verdict;
