//! What the Functions host says and hears: the invocation of a custom handler, and its answer.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod answer;
mod batch;
mod binary_events;
mod body;
mod column;
mod invocation;
mod metadata;
mod queue_message;

pub use answer::Answer;
pub use batch::BinaryBatch;
pub use binary_events::BinaryEvents;
pub use body::Body;
pub use invocation::{Invocation, InvocationFault, InvocationId};
pub use metadata::EventPlaces;
pub use queue_message::QueueMessage;
