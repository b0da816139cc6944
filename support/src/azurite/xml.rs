//! What the storage services answer in XML.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

/// A message as the queue gives it back.
#[derive(Debug, Clone)]
pub struct StoredMessage {
    /// The queue's id for it.
    pub id: String,
    /// How many times it was received.
    pub dequeue_count: u32,
    /// The receipt to delete it with; none when it was only peeked at.
    pub pop_receipt: Option<String>,
    /// The text in the queue.
    pub text: String,
    /// The text decoded from base64; `None` if it is not base64.
    pub bytes: Option<Vec<u8>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct QueueMessagesList {
    #[serde(default)]
    queue_message: Vec<QueueMessage>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct QueueMessage {
    message_id: String,
    dequeue_count: u32,
    pop_receipt: Option<String>,
    #[serde(default)]
    message_text: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct EnumerationResults {
    #[serde(default)]
    blobs: Blobs,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase")]
struct Blobs {
    #[serde(default)]
    blob: Vec<Blob>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Blob {
    name: String,
}

/// The messages of a `QueueMessagesList`.
pub(super) fn messages(xml: &str) -> Result<Vec<StoredMessage>, quick_xml::DeError> {
    let list: QueueMessagesList = quick_xml::de::from_str(xml)?;
    let message = |message: QueueMessage| StoredMessage {
        id: message.message_id,
        dequeue_count: message.dequeue_count,
        pop_receipt: message.pop_receipt,
        bytes: STANDARD.decode(&message.message_text).ok(),
        text: message.message_text,
    };
    Ok(list.queue_message.into_iter().map(message).collect())
}

/// The names of the blobs in an `EnumerationResults`.
pub(super) fn blob_names(xml: &str) -> Result<Vec<String>, quick_xml::DeError> {
    let results: EnumerationResults = quick_xml::de::from_str(xml)?;
    Ok(results.blobs.blob.into_iter().map(|blob| blob.name).collect())
}
