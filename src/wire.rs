//! What the Functions host says and hears: the invocation of a custom handler, and its answer.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod answer;
mod batch;
mod invocation;
mod invocation_id;
mod metadata;
mod payload;
mod queue_message;

pub use answer::Answer;
pub use batch::BinaryBatch;
pub use invocation::{Invocation, InvocationFault};
pub use invocation_id::InvocationId;
pub use metadata::EventPlaces;
pub use payload::for_each_event;
pub use queue_message::QueueMessage;

pub use crate::hidden::sanitized;
