//! The invocation of a function with a queue trigger: one message, and how often it was delivered.
//!
//! The host sends the message as a string in a string, or in base64 where `dataType` is binary. Members of a message
//! that is an object overwrite those of `Metadata`, so nothing important is read from there.

use super::metadata::scalar;
use super::{Invocation, InvocationFault};
use crate::json::Object;

/// One queue message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueMessage {
    /// The message's bytes as the queue holds them.
    pub body: Vec<u8>,
    /// 1 on the first delivery. For the log only: the message itself can overwrite it.
    pub dequeue_count: Option<u64>,
}

impl QueueMessage {
    /// Reads the message out of an invocation's body.
    ///
    /// # Errors
    /// If the body is no invocation.
    pub fn of_invocation(body: &[u8]) -> Result<Self, InvocationFault> {
        let text = Invocation::text(body);
        let invocation = Invocation::parse(&text)?;
        let mut body = None;
        invocation.for_each_event(&mut |message| {
            body.get_or_insert_with(|| message.to_vec());
        });
        let metadata = Object::parse(invocation.metadata).unwrap_or_default();
        let dequeue_count = metadata.get("DequeueCount").and_then(scalar);
        Ok(Self {
            body: body.ok_or(InvocationFault::NoData)?,
            dequeue_count: dequeue_count.and_then(|count| count.parse().ok()),
        })
    }
}
