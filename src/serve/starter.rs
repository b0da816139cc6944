//! Who started this process, the Functions host or a person, and what follows from it for its end.

use std::time::Duration;

use tokio::sync::RwLock;

/// What the host alone sets.
const WORKER_SETTING: &str = "FUNCTIONS_CUSTOMHANDLER_WORKER_ID";
/// The exit code that asks the host to start the handler again, at once and without counting it as a crash.
///
/// After 0 the host would never start it again, and every batch would fail until the host itself restarts.
const START_AGAIN: u8 = 200;
/// How often it is asked whether the host is still there.
const ASKED_EVERY: Duration = Duration::from_secs(2);

/// Held for reading by each request that is in flight.
pub(super) type InFlight = RwLock<()>;

/// Who started this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Starter {
    /// The Functions host.
    Host {
        /// The parent's id at the start; the host may well have 1.
        parent: u32,
    },
    /// A person or a script.
    Hand,
}

impl Starter {
    /// Reads it from the environment.
    pub(super) fn read(lookup: &dyn Fn(&str) -> Option<String>) -> Self {
        let worker = lookup(WORKER_SETTING).unwrap_or_default();
        if worker.trim().is_empty() { Self::Hand } else { Self::Host { parent: parent_id() } }
    }

    /// The exit code at the end of its work.
    pub(super) fn exit_code(self) -> u8 {
        match self {
            Self::Host { .. } => START_AGAIN,
            Self::Hand => 0,
        }
    }

    /// Waits until the host is gone and no request is in flight: nobody would ask anything again, and port and memory
    /// would be lost. A host that is killed, or that stops in the middle of long work, leaves its handler behind.
    ///
    /// A death signal would be bound to the thread of the host that started us, and come while the host lives.
    pub(super) async fn is_gone(self, in_flight: &InFlight) {
        let Self::Host { parent } = self else { return std::future::pending().await };
        loop {
            tokio::time::sleep(ASKED_EVERY).await;
            if parent_id() != parent && in_flight.try_write().is_ok() {
                return;
            }
        }
    }
}

#[cfg(unix)]
fn parent_id() -> u32 {
    std::os::unix::process::parent_id()
}

/// Elsewhere a process is not handed on to another parent, so there is nothing to see.
#[cfg(not(unix))]
fn parent_id() -> u32 {
    0
}
