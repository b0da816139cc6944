//! The one task of a process that makes the requests to the storage that the log asks for.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::FutureExt as _;
use jiff::Timestamp;
use tokio::sync::{mpsc, oneshot};

use super::{WindowsFault, locked};
use crate::state_log::{Action, Answer, SNAPSHOTS, StateLog, Wanted, snapshot_number};
use crate::storage::{Container, StorageFault};
use crate::windows::{Entry, Role};

/// How often in a row the storage may fail to answer before a round is given up.
const MAX_FAILURES: u32 = 2;
/// How many requests a round may take; no useful one takes that many.
const MAX_REQUESTS: usize = 1_000;
/// At how many entries a round takes no more batches; those wait for the next one.
const MAX_ENTRIES: usize = 10_000;
/// How long to wait before the next try, multiplied by the failures so far.
const PAUSE: Duration = Duration::from_millis(100);

/// What one batch wants to have in the log.
#[derive(Debug)]
pub(super) struct Round {
    pub(super) entries: Vec<(Role, Entry)>,
    pub(super) answer: Answerer,
}

/// The task.
#[derive(Debug)]
pub(super) struct Writer {
    pub(super) container: Container,
    pub(super) log: Arc<Mutex<StateLog>>,
}

impl Writer {
    /// Writes rounds until no more can be asked for.
    pub(super) async fn run(self, mut waiting: mpsc::Receiver<Round>) {
        while let Some(first) = waiting.recv().await {
            let mut entries = first.entries;
            let mut answers = vec![first.answer];
            while entries.len() < MAX_ENTRIES
                && let Ok(round) = waiting.try_recv()
            {
                entries.extend(round.entries);
                answers.push(round.answer);
            }
            // A bug of ours must not end the only task that writes.
            let written = AssertUnwindSafe(self.write(Wanted::new(entries), &mut answers)).catch_unwind().await;
            let outcome = written.unwrap_or_else(|_| {
                locked(&self.log).forget_all();
                Err(WindowsFault::Panic)
            });
            answer_all(&mut answers, &outcome);
        }
    }

    /// Goes on until the entries are in the log and read. The batches are answered then, before old blobs are deleted.
    async fn write(&self, mut wanted: Wanted, answers: &mut Vec<Answerer>) -> Result<(), WindowsFault> {
        let mut failures = 0;
        for _request in 0..MAX_REQUESTS {
            let action = {
                let mut log = locked(&self.log);
                let action = log.next(&mut wanted, Timestamp::now());
                if log.is_ready() && wanted.is_done() {
                    answer_all(answers, &Ok(()));
                }
                action
            };
            let Some(action) = action else { return Ok(()) };
            let (answer, fault) = match perform(&self.container, &action).await {
                Ok(answer) => (answer, None),
                Err(fault) => (Answer::Unknown, Some(fault)),
            };
            locked(&self.log).take(action, answer, &mut wanted)?;
            match fault {
                None => failures = 0,
                Some(StorageFault::Away { .. }) if failures + 1 < MAX_FAILURES => {
                    failures += 1;
                    tokio::time::sleep(PAUSE * failures).await;
                }
                Some(fault) => return Err(fault.into()),
            }
        }
        Err(WindowsFault::Late)
    }
}

/// Answers the batch that waits for a round.
type Answerer = oneshot::Sender<Result<(), WindowsFault>>;

fn answer_all(answers: &mut Vec<Answerer>, outcome: &Result<(), WindowsFault>) {
    for answer in answers.drain(..) {
        // A batch that was given up needs no answer.
        let _gone = answer.send(outcome.clone());
    }
}

/// Carries out an action.
///
/// # Errors
/// [`StorageFault`]; [`StorageFault::Missing`] only where the container cannot be created.
pub async fn perform(container: &Container, action: &Action) -> Result<Answer, StorageFault> {
    let answered = match action {
        Action::FindNewest => match find_newest(container).await {
            Err(StorageFault::Missing) => container.create().await.map(|()| Answer::Newest(None)),
            newest => newest.map(Answer::Newest),
        },
        Action::GetSnapshot(name) => container.read(name, 0, None).await.map(Answer::Bytes),
        Action::Read { name, from, to } => container.read(name, *from, *to).await.map(Answer::Bytes),
        Action::PutSnapshot { name, bytes, .. } => {
            container.put_if_absent(name, bytes.clone()).await.map(|was_there| Answer::Done { was_there })
        }
        Action::CreateLog(name) => container.create_append_blob(name).await.map(|was_there| Answer::Done { was_there }),
        Action::Append { name, lines } => {
            let appended = container.append(name, lines.clone()).await;
            appended.map(|(offset, blocks)| Answer::Appended { offset, blocks })
        }
        Action::Delete(names) => {
            for name in names {
                // The account's lifecycle rule deletes what is left.
                let _stays = container.delete(name).await;
            }
            Ok(Answer::Done { was_there: true })
        }
    };
    match answered {
        Err(StorageFault::Missing) if *action != Action::FindNewest => Ok(Answer::Missing),
        answered => answered,
    }
}

/// The number of the newest snapshot.
///
/// # Errors
/// [`StorageFault`].
pub async fn find_newest(container: &Container) -> Result<Option<u64>, StorageFault> {
    let names = container.list(SNAPSHOTS).await?;
    Ok(names.iter().filter_map(|name| snapshot_number(name)).max())
}
