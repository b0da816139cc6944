//! One write of an output binding to storage.

use base64::encoded_len;

use super::failure::HostFailure;

/// The most that a queue holds of one message, as base64 (functions-host §4).
const MAX_ENCODED_MESSAGE: usize = 65_536;

/// A message for a queue or the content of a blob, before any encoding on the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Write {
    /// A message.
    Queue {
        /// The queue's name.
        queue: String,
        /// The message.
        bytes: Vec<u8>,
    },
    /// A blob.
    Blob {
        /// Container and name, the template filled in.
        path: String,
        /// The content.
        bytes: Vec<u8>,
    },
}

impl Write {
    /// What is written.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Queue { bytes, .. } | Self::Blob { bytes, .. } => bytes,
        }
    }

    /// The queue's name or the blob's path.
    pub fn target(&self) -> &str {
        match self {
            Self::Queue { queue, .. } => queue,
            Self::Blob { path, .. } => path,
        }
    }

    /// What the service answers to a message that is too large. The extension does not check before it sends, so the
    /// messages before this one are in the queue already.
    pub fn refusal(&self) -> Option<HostFailure> {
        let Self::Queue { queue, bytes } = self else {
            return None;
        };
        let encoded = encoded_len(bytes.len(), true).unwrap_or(usize::MAX);
        (encoded > MAX_ENCODED_MESSAGE).then(|| HostFailure::TooLarge { queue: queue.clone(), encoded })
    }
}
