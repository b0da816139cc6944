//! The messages in a queue.

use std::time::Duration;

use crate::azurite::{StorageClient, StorageFailure};

/// How long messages are hidden from others while all of them are read.
const HIDDEN: Duration = Duration::from_secs(60);

/// All messages of a queue, one per line; they stay in the queue.
pub async fn messages(client: &StorageClient, queue: &str) -> Result<String, StorageFailure> {
    let mut lines = String::new();
    loop {
        let messages = client.get_messages(queue, HIDDEN).await?;
        if messages.is_empty() {
            return Ok(lines);
        }
        for message in messages {
            let text = message.bytes.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or(message.text);
            lines.push_str(&text);
            lines.push('\n');
        }
    }
}
