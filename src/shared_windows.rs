//! Windows that instances share: verdicts from the log in the app's storage account.
//!
//! An edge. Batches that come while a round is written join the next one, so that a round is one append, however many batches
//! and keys it has. While the storage does not answer, batches fail, and the host tries them again: the queue and the
//! host's checkpoints are in the same account. Where the storage refuses access, or the log cannot be read, they fail for
//! a quarter of an hour; then this instance goes on with its own counts.

mod alone;
mod learnt;
mod writer;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{mpsc, oneshot};

pub use writer::{find_newest, perform};

use crate::detector::{Batch, Decided, in_order};
use crate::state_log::{Limits, StateLog, UnreadableSnapshot};
use crate::storage::{Container, StorageFault};
use crate::usual::Usual;
use crate::windows::{Entry, Role};
use alone::Alone;
use learnt::Learnt;
use writer::{Round, Writer};

/// How long a batch waits for its round; a host that stops gives running work ten seconds.
const ROUND_TIMEOUT: Duration = Duration::from_secs(8);
/// How long batches fail while the storage refuses access, before this instance goes on alone.
const REFUSED_PATIENCE: Duration = Duration::from_mins(15);
/// How many batches may wait for a round.
const MAX_WAITING: usize = 1024;

/// Why a batch has no verdicts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WindowsFault {
    /// The storage account.
    #[error("no verdicts, because the windows that instances share cannot be read: {0}")]
    Storage(#[from] StorageFault),
    /// A snapshot in it.
    #[error("no verdicts, because the windows that instances share cannot be read: {0}")]
    Log(#[from] UnreadableSnapshot),
    /// A bug of ours.
    #[error("no verdicts: writing the windows that instances share panicked; the line before this one says where")]
    Panic,
    /// No verdicts in time.
    #[error(
        "no verdicts, because the windows that instances share were not read within {} seconds; the batch is tried again",
        ROUND_TIMEOUT.as_secs()
    )]
    Late,
}

impl WindowsFault {
    /// Whether the same fault has to be expected of the next try.
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
    learnt: Learnt,
}

impl SharedWindows {
    /// Starts to keep windows in a container. Needs a runtime.
    #[must_use]
    pub fn start(container: Container) -> Self {
        Self::start_with(container, Limits::default(), REFUSED_PATIENCE)
    }

    /// The same with other limits, for tests.
    #[must_use]
    pub fn start_with(container: Container, limits: Limits, refused_patience: Duration) -> Self {
        let log = Arc::new(Mutex::new(StateLog::new(limits)));
        let (rounds, waiting) = mpsc::channel(MAX_WAITING);
        let learnt = Learnt::new(&container);
        tokio::spawn(Writer { container, log: log.clone() }.run(waiting));
        Self { log, rounds, alone: Mutex::new(Alone::new(refused_patience)), learnt }
    }

    /// Reads the log to its end, so that the first batch does not have to, brings in what is usual by a baseline, and returns since
    /// when reads are learnt.
    ///
    /// # Errors
    /// [`WindowsFault`].
    pub async fn open(&self, baseline: Option<Usual>) -> Result<Option<Timestamp>, WindowsFault> {
        self.round(Vec::new()).await?;
        self.learnt.recall().await;
        if let Some(baseline) = baseline {
            let (since, now) = (baseline.since(), Timestamp::now());
            let known = baseline
                .readers()
                .map(|(identity, reader)| (Role::Known, Entry::of_reader(identity, reader.clone(), since, now)));
            self.round(known.collect()).await?;
        }
        Ok(locked(&self.log).fold().usual().since())
    }

    /// Decides what becomes of a batch's matches.
    ///
    /// # Errors
    /// [`WindowsFault`] where the batch has to be tried again.
    pub async fn decide(&self, batch: &mut Batch) -> Result<Decided, WindowsFault> {
        {
            let log = locked(&self.log);
            batch.count_reads(&|role, entry| log.settles(role, entry));
            batch.name_alerts(&|role, entry| log.settles(role, entry));
        }
        self.decide_entries(&batch.entries).await
    }

    /// Decides what becomes of entries.
    ///
    /// # Errors
    /// [`WindowsFault`] where they have to be tried again.
    pub async fn decide_entries(&self, entries: &[(Role, Entry)]) -> Result<Decided, WindowsFault> {
        let (own, last) = locked(&self.alone).own_entries();
        let is_settled = own.is_empty() && {
            let log = locked(&self.log);
            entries.iter().all(|(role, entry)| log.settles(*role, entry))
        };
        if !is_settled {
            let wanted = own.into_iter().chain(in_order(entries).cloned()).collect();
            if let Err(fault) = self.round(wanted).await {
                let alone = || locked(&self.alone).decide(entries, locked(&self.log).fold(), &fault);
                return fault.is_lasting().then(alone).flatten().ok_or(fault);
            }
            locked(&self.alone).handed_over(last);
        }
        let since = locked(&self.log).fold().usual().since();
        let is_memory_lost = self.learnt.is_lost(since);
        if is_memory_lost {
            self.round(vec![(Role::Lost, Entry::of_lost_memory(Timestamp::now()))]).await?;
        }
        self.learnt.take_over(since, is_memory_lost).await;
        let mut log = locked(&self.log);
        let unread_lines = log.take_unread_lines();
        Ok(Decided { unread_lines, is_memory_lost, ..Decided::by(log.fold(), entries) })
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
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
