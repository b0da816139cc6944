//! Where the outputs go: memory or a storage emulator.

use std::sync::{Mutex, PoisonError};

use super::failure::HostFailure;
use super::write::Write;
use crate::azurite::StorageClient;

/// Decides whether a write fails: its place among all writes since the start, and the write.
pub type Fault = Box<dyn Fn(usize, &Write) -> bool + Send + Sync>;

/// The storage behind the output bindings.
pub enum Sink {
    /// A real Azurite.
    Azurite(StorageClient),
    /// Kept in memory, in order.
    Memory(Mutex<Vec<Write>>),
}

impl Sink {
    /// An empty memory.
    pub fn memory() -> Self {
        Self::Memory(Mutex::default())
    }

    /// Makes one write as the storage extension does: queue or container are made when missing,
    /// a message is sent as base64.
    pub async fn put(&self, write: &Write) -> Result<(), HostFailure> {
        let storage = |reason: crate::azurite::StorageFailure| HostFailure::Storage {
            target: write.target().to_owned(),
            reason: reason.to_string(),
        };
        if let Some(refusal) = write.refusal() {
            return Err(refusal);
        }
        match (self, write) {
            (Self::Memory(memory), _) => {
                let mut memory = memory.lock().unwrap_or_else(PoisonError::into_inner);
                memory.push(write.clone());
            }
            (Self::Azurite(client), Write::Queue { queue, bytes }) => {
                client.create_queue(queue).await.map_err(storage)?;
                client.put_message(queue, bytes).await.map_err(storage)?;
            }
            (Self::Azurite(client), Write::Blob { path, bytes }) => {
                let (container, name) = path.split_once('/').unwrap_or((path, ""));
                client.create_container(container).await.map_err(storage)?;
                client.put_blob(container, name, bytes).await.map_err(storage)?;
            }
        }
        Ok(())
    }

    /// What is in memory; empty for Azurite, which a test asks directly.
    pub fn written(&self) -> Vec<Write> {
        match self {
            Self::Memory(memory) => memory.lock().unwrap_or_else(PoisonError::into_inner).clone(),
            Self::Azurite(_) => Vec::new(),
        }
    }

    /// The messages that memory holds for a queue, in order.
    pub fn messages(&self, queue: &str) -> Vec<Vec<u8>> {
        self.written()
            .into_iter()
            .filter_map(|write| match write {
                Write::Queue { queue: name, bytes } if name == queue => Some(bytes),
                _ => None,
            })
            .collect()
    }
}
