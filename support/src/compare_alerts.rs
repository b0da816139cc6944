//! Alerts that `replay` found, beside those that came out of the queue.

mod comparison;
mod queue;

pub use comparison::{Kind, NoAlert, kinds};
pub use queue::messages;
