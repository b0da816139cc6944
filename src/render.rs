//! Alerts as queue messages and as Teams cards, each cut to the size that its receiver takes.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod card;
mod cut;
mod fit;

pub use card::{Card, CardFault, CardNames, CardOptions, MAX_CARD_BYTES};
pub use fit::{MAX_MESSAGE_BYTES, queue_message};
