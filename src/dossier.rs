//! What some identities did, out of all records: who they are, what they read and what has to be rotated, when and with what;
//! and the same as a page, tables, queries and JSON.
//!
//! Records go in one after another, and texts come out. Every text of others is escaped for where it stands.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod collector;
mod coverage;
mod event;
mod evidence;
mod findings;
mod habits;
mod kql;
mod pace;
mod page;
mod person;
mod rotation;
mod run;
mod sign_in;
mod step;
mod tables;
mod wanted;

pub use collector::{Collector, Tally};
pub use coverage::Gap;
pub use event::Event;
pub use evidence::{Evidence, Input};
pub use findings::{Cell, Findings};
pub use habits::{Habit, Kind};
pub use pace::{Bar, Pace};
pub use person::Person;
pub use rotation::Rotate;
pub use run::Run;
pub use step::Step;
pub use wanted::Wanted;
