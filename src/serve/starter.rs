//! Who started this process, the Functions host or a person, and what that means for its end.

use std::time::Duration;

use tokio::sync::RwLock;

/// The exit code that asks the host to start the handler again, at once and without counting it as a crash.
///
/// After 0 the host would never start it again, and every batch would fail until the host itself restarts.
const START_AGAIN: u8 = 200;
/// How often to check whether the host is still there.
const CHECKED_EVERY: Duration = Duration::from_secs(2);

/// Held for reading by each request that is in flight.
pub(super) type InFlight = RwLock<()>;

/// Who started this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Starter {
    /// The Functions host.
    Host {
        /// The parent's process id at the start; in a container the host itself may have id 1.
        parent: u32,
    },
    /// A person or a script.
    Hand,
}

impl Starter {
    /// Remembers the host's process id, if the host started this process.
    pub(super) fn of(is_host: bool) -> Self {
        if is_host { Self::Host { parent: parent_id() } } else { Self::Hand }
    }

    /// The exit code of a regular end.
    pub(super) fn exit_code(self) -> u8 {
        match self {
            Self::Host { .. } => START_AGAIN,
            Self::Hand => 0,
        }
    }

    /// Waits until the host is gone and no request is in flight. A host that is killed, or that stops during long work,
    /// leaves its handler running: nobody would call it again, and it would keep its port and memory.
    ///
    /// Linux' parent-death signal would not do: it is bound to the thread of the host that started us, and would come
    /// while the host lives.
    pub(super) async fn is_gone(self, in_flight: &InFlight) {
        let Self::Host { parent } = self else { return std::future::pending().await };
        loop {
            tokio::time::sleep(CHECKED_EVERY).await;
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

/// On Windows an orphan gets no new parent, so there is nothing to compare.
#[cfg(not(unix))]
fn parent_id() -> u32 {
    0
}
