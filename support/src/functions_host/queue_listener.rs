//! The host's queue listener. It hands messages to a function one at a time; a message that fails comes back, and moves
//! to the poison queue in the end (functions-host §3, `QueueProcessor`).

use std::path::Path;
use std::time::Duration;

use serde::Deserialize;

use super::app::{SetupFailure, read_json};
use super::failure::HostFailure;
use super::function::Function;
use super::host::FunctionsHost;
use super::queue_trigger::QueueMessage;
use crate::azurite::{StorageClient, StorageFailure};

/// `extensions.queues` of host.json.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct QueueSettings {
    /// How many messages an instance takes at once.
    pub batch_size: u32,
    /// It takes more messages when it has no more than this.
    pub new_batch_threshold: u32,
    /// After how many deliveries a message goes to the poison queue.
    pub max_dequeue_count: u32,
    /// How long a failed message stays hidden, `hh:mm:ss`.
    pub visibility_timeout: String,
    /// How messages are encoded in the queue.
    pub message_encoding: String,
}

#[derive(Deserialize)]
struct HostJson {
    extensions: ExtensionsJson,
}

#[derive(Deserialize)]
struct ExtensionsJson {
    queues: QueueSettings,
}

impl QueueSettings {
    /// Reads them from a folder's host.json.
    pub fn read(folder: &Path) -> Result<Self, SetupFailure> {
        let host: HostJson = read_json(&folder.join("host.json"))?;
        Ok(host.extensions.queues)
    }

    /// The visibility timeout.
    pub fn visibility(&self) -> Duration {
        let parts = self.visibility_timeout.split(':').map(|part| part.parse::<u64>().unwrap_or_default());
        Duration::from_secs(parts.fold(0, |seconds, part| seconds * 60 + part))
    }
}

/// A listener on the queue of one function.
pub struct QueueListener<'h> {
    host: &'h FunctionsHost,
    client: StorageClient,
    function: &'h Function,
    queue: &'h str,
    settings: QueueSettings,
}

/// Why a listener stopped.
#[derive(Debug, thiserror::Error)]
pub enum ListenerFailure {
    /// A request to the storage failed.
    #[error(transparent)]
    Storage(#[from] StorageFailure),
    /// The app has no such function.
    #[error(transparent)]
    Host(#[from] HostFailure),
}

impl<'h> QueueListener<'h> {
    /// Listens for a function with a queue trigger.
    pub fn new(
        host: &'h FunctionsHost,
        client: StorageClient,
        function: &str,
        settings: QueueSettings,
    ) -> Result<Self, ListenerFailure> {
        let function = host.function(function)?;
        let queue = function.trigger.queue_name.as_deref();
        let queue = queue.ok_or_else(|| HostFailure::UnknownFunction(function.name.clone()))?;
        Ok(Self { host, client, function, queue, settings })
    }

    /// Takes what is visible and hands it to the function, one after another; a failed message comes back after
    /// `hidden` instead of host.json's minutes. Returns the outcome of each.
    pub async fn round(&self, hidden: Duration) -> Result<Vec<Result<(), HostFailure>>, ListenerFailure> {
        let mut outcomes = Vec::new();
        for stored in self.client.get_messages(self.queue, hidden).await? {
            let message = QueueMessage {
                id: stored.id.clone(),
                pop_receipt: stored.pop_receipt.clone().unwrap_or_default(),
                dequeue_count: stored.dequeue_count,
                ..QueueMessage::new(stored.bytes.clone().unwrap_or_default())
            };
            let outcome = match message.request_body(self.function) {
                Ok(body) => self.host.invoke(&self.function.name, body).await.map(drop),
                Err(unbindable) => Err(unbindable.into()),
            };
            if outcome.is_err() && stored.dequeue_count >= self.settings.max_dequeue_count {
                let poison = format!("{}-poison", self.queue);
                self.client.create_queue(&poison).await?;
                self.client.put_message(&poison, &message.body).await?;
                self.client.delete_message(self.queue, &stored).await?;
            } else if outcome.is_ok() {
                self.client.delete_message(self.queue, &stored).await?;
            }
            outcomes.push(outcome);
        }
        Ok(outcomes)
    }
}
