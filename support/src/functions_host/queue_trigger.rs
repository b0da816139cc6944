//! A queue message as the host hands it to a `queueTrigger` function.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::encoding::{EncodingFailure, envelope};
use super::function::{DataType, Function};
use super::iso_date;
use super::metadata::Metadata;
use super::newtonsoft::quoted;

/// One delivery of a message.
#[derive(Debug, Clone)]
pub struct QueueMessage {
    /// The message, decoded from the queue's base64.
    pub body: Vec<u8>,
    /// The queue's id for it.
    pub id: String,
    /// The receipt of this delivery.
    pub pop_receipt: String,
    /// 1 on the first delivery.
    pub dequeue_count: u32,
    /// When it was added.
    pub inserted_at: Timestamp,
    /// When it expires.
    pub expires_at: Timestamp,
    /// When it becomes visible again unless it is deleted.
    pub next_visible_at: Timestamp,
}

impl QueueMessage {
    /// A message added just now and delivered for the first time.
    pub fn new(body: impl Into<Vec<u8>>) -> Self {
        let now = Timestamp::now();
        let after = |hours| now.checked_add(SignedDuration::from_hours(hours)).unwrap_or(now);
        Self {
            body: body.into(),
            id: Uuid::new_v4().to_string(),
            pop_receipt: STANDARD.encode(Uuid::new_v4().as_bytes()),
            dequeue_count: 1,
            inserted_at: now,
            expires_at: after(7 * 24),
            // The host's lease on a message in hand is ten minutes.
            next_visible_at: now.checked_add(SignedDuration::from_mins(10)).unwrap_or(now),
        }
    }

    /// The request body (functions-host §3). Members of a JSON message leak into `Metadata`.
    pub fn request_body(&self, function: &Function) -> Result<Vec<u8>, EncodingFailure> {
        let time = |time| quoted(&format!("{}+00:00", iso_date::whole_seconds(time)));
        let mut metadata = Metadata::default();
        metadata.set("DequeueCount", quoted(&self.dequeue_count.to_string()));
        metadata.set("ExpirationTime", time(self.expires_at));
        metadata.set("Id", quoted(&quoted(&self.id)));
        metadata.set("InsertionTime", time(self.inserted_at));
        metadata.set("NextVisibleTime", time(self.next_visible_at));
        metadata.set("PopReceipt", quoted(&quoted(&self.pop_receipt)));
        metadata.add_system(&function.name);
        let data = if function.trigger.data_type == Some(DataType::Binary) {
            quoted(&STANDARD.encode(&self.body))
        } else {
            let text = std::str::from_utf8(&self.body).map_err(|_| EncodingFailure::NotUtf8)?;
            metadata.leak(text);
            quoted(&quoted(text))
        };
        Ok(envelope(&function.trigger.name, data, metadata))
    }
}
