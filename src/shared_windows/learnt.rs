//! Whether what was learnt is still there: a log that begins anew would only learn for weeks, and say nothing.

use std::sync::Mutex;
use std::time::Duration;

use jiff::Timestamp;

use super::locked;
use crate::storage::{Container, LEARNT_CONTAINER, StorageFault};

/// The blob that says since when reads were learnt.
const MARKER: &str = "since";

/// How long a batch waits for the note.
const NOTE_TIMEOUT: Duration = Duration::from_secs(3);

/// Since when reads were learnt, as far as this process and the marker know.
#[derive(Debug)]
pub(super) struct Learnt {
    container: Container,
    since: Mutex<Option<Timestamp>>,
}

impl Learnt {
    pub(super) fn new(log: &Container) -> Self {
        Self { container: log.beside(LEARNT_CONTAINER), since: Mutex::new(None) }
    }

    /// Reads what an earlier process has noted; a storage that does not answer has noted nothing.
    pub(super) async fn recall(&self) {
        let chunks = self.container.read(MARKER, 0, Some(64)).await.unwrap_or_default();
        let text = chunks.iter().map(|chunk| String::from_utf8_lossy(chunk)).collect::<String>();
        let noted = text.trim().parse().ok();
        let mut since = locked(&self.since);
        *since = since.into_iter().chain(noted).min();
    }

    /// Whether what was learnt before is gone: the log has learnt only since later.
    pub(super) fn is_lost(&self, since: Option<Timestamp>) -> bool {
        since.zip(*locked(&self.since)).is_some_and(|(since, before)| since > before)
    }

    /// Takes over since when the log has learnt; asked for a loss only when it is told.
    pub(super) async fn take_over(&self, since: Option<Timestamp>, is_lost: bool) {
        let Some(since) = since.filter(|since| *locked(&self.since) != Some(*since)) else { return };
        // The batch need not wait long for it: the next process notes it else.
        let noted = async {
            if is_lost {
                // The next start should not find it lost again.
                let _stays = self.container.delete(MARKER).await;
            }
            self.note(since).await;
        };
        let _unnoted = tokio::time::timeout(NOTE_TIMEOUT, noted).await;
        *locked(&self.since) = Some(since);
    }

    async fn note(&self, since: Timestamp) {
        let put = || self.container.put_if_absent(MARKER, since.to_string().into());
        if matches!(put().await, Err(StorageFault::Missing)) && self.container.create().await.is_ok() {
            let _unnoted = put().await;
        }
    }
}
