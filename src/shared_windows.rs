//! Windows that instances share: verdicts from the log in the app's storage account.
//!
//! An edge. Batches that come while others are being written join the next round, so that a round is one append whatever the
//! number of batches and keys. While the storage does not answer, batches fail, and the host tries them again: the queue
//! and the host's checkpoints live in the same account. Where it refuses access, or the log cannot be read, they fail
//! for a quarter of an hour; then this instance goes on with its own counts.

mod alone;
mod writer;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

pub use writer::{find_newest, perform};

use crate::detector::Decided;
use crate::state_log::{Limits, LogFault, StateLog};
use crate::storage::{Container, StorageFault};
use crate::windows::{Entry, Role};
use alone::Alone;
use writer::{Round, Writer};

/// How long a batch waits for its round; the host gives work ten seconds when it stops.
const ROUND_TIMEOUT: Duration = Duration::from_secs(8);
/// How long batches fail where the storage refuses, before this instance goes on alone.
const REFUSED_PATIENCE: Duration = Duration::from_mins(15);
/// How many batches may wait for a round.
const MAX_WAITING: usize = 1024;

/// Why a batch has no verdicts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WindowsFault {
    /// The storage account.
    #[error("no verdicts, because the windows that instances share cannot be read: {0}")]
    Storage(#[from] StorageFault),
    /// What stands in it.
    #[error("no verdicts, because the windows that instances share cannot be read: {0}")]
    Log(#[from] LogFault),
    /// A bug of ours.
    #[error("no verdicts: writing the windows that instances share panicked; the line before this one tells where")]
    Panic,
    /// Nothing in time.
    #[error(
        "no verdicts, because the windows that instances share were not read within {} seconds; the batch is tried again",
        ROUND_TIMEOUT.as_secs()
    )]
    Late,
}

impl WindowsFault {
    /// Whether another try in a moment will not mend it.
    fn is_lasting(&self) -> bool {
        matches!(
            self,
            Self::Storage(StorageFault::Refused { .. } | StorageFault::SignIn | StorageFault::Missing) | Self::Log(_)
        )
    }
}

/// The windows of one storage account.
#[derive(Debug)]
pub struct SharedWindows {
    log: Arc<Mutex<StateLog>>,
    rounds: mpsc::Sender<Round>,
    alone: Mutex<Alone>,
}

impl SharedWindows {
    /// Begins to keep windows in a container, and to read what is there. Needs a runtime.
    #[must_use]
    pub fn start(container: Container) -> Self {
        Self::start_with(container, Limits::default(), REFUSED_PATIENCE)
    }

    /// The same with other limits, for tests.
    #[must_use]
    pub fn start_with(container: Container, limits: Limits, refused_patience: Duration) -> Self {
        let log = Arc::new(Mutex::new(StateLog::new(limits)));
        let (rounds, waiting) = mpsc::channel(MAX_WAITING);
        tokio::spawn(Writer::new(container, log.clone()).run(waiting));
        Self { log, rounds, alone: Mutex::new(Alone::new(refused_patience)) }
    }

    /// Reads the log to its end, so that the first batch need not.
    ///
    /// # Errors
    /// [`WindowsFault`].
    pub async fn open(&self) -> Result<(), WindowsFault> {
        self.round(Vec::new()).await
    }

    /// Decides what becomes of a batch's matches.
    ///
    /// # Errors
    /// [`WindowsFault`] where the batch has to be tried again.
    pub async fn decide(&self, entries: &[Entry]) -> Result<Decided, WindowsFault> {
        let (own, last) = self.alone().own_entries();
        let settled = own.is_empty() && {
            let log = self.log();
            entries.iter().all(|entry| log.settles(entry))
        };
        if !settled {
            let matches = entries.iter().map(|entry| (Role::Match, entry.clone()));
            if let Err(fault) = self.round(own.into_iter().chain(matches).collect()).await {
                let lasts = fault.is_lasting();
                let decided = lasts.then(|| self.alone().decide(entries, self.log().fold(), &fault)).flatten();
                return decided.ok_or(fault);
            }
            self.alone().handed_over(last);
        }
        let mut log = self.log();
        let mut decided = Decided::by(log.fold(), entries);
        decided.unread_lines = log.take_unread_lines();
        Ok(decided)
    }

    /// Brings entries into the log and reads it through them.
    async fn round(&self, entries: Vec<(Role, Entry)>) -> Result<(), WindowsFault> {
        let (answer, answered) = oneshot::channel();
        let asked = async {
            self.rounds.send(Round { entries, answer }).await.ok()?;
            answered.await.ok()
        };
        tokio::time::timeout(ROUND_TIMEOUT, asked).await.ok().flatten().unwrap_or(Err(WindowsFault::Late))
    }

    fn log(&self) -> MutexGuard<'_, StateLog> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn alone(&self) -> MutexGuard<'_, Alone> {
        self.alone.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
