//! Dedup windows as blobs, shared by all instances: one small blob for each key, written under its ETag.
//!
//! An edge, and it fails open: on any error, doubt or after one second the windows in memory decide, which know less and
//! so send more; towards a threshold, this process goes on counting from what it remembers. A window that is known to be open costs no request at all.

mod account;

pub use account::{Account, AccountFault};

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use jiff::Timestamp;
use object_store::azure::MicrosoftAzure;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _, PutMode, PutOptions, UpdateVersion};
use tokio::time::Instant;

use crate::detector::{Decision, Detector};
use crate::windows::{Candidate, Group, State, Verdict, WindowKey};

/// The container of the windows; the deployment makes it, with a rule that ends blobs after some days.
pub const CONTAINER: &str = "certificate-windows";
/// How long all windows of one batch may take.
const BATCH_TIMEOUT: Duration = Duration::from_secs(1);
/// How many windows are asked for at once.
const CONCURRENT: usize = 16;
/// How often a window is read again because another instance wrote it meanwhile.
const MAX_CONFLICTS: usize = 5;
/// How many windows are remembered to spare requests.
const MAX_REMEMBERED: usize = 4096;
/// How many matches wait to be counted in their blob.
const MAX_UNSYNCED: usize = 20_000;

/// The windows of one storage account.
#[derive(Debug)]
pub struct BlobWindows {
    store: Arc<MicrosoftAzure>,
    remembered: Mutex<HashMap<WindowKey, State>>,
    /// Matches that only this process has counted, because their blob could not be written.
    unsynced: Mutex<HashMap<WindowKey, Vec<Candidate>>>,
}

/// Why a window could not be read or written.
#[derive(Debug, thiserror::Error)]
enum WindowError {
    #[error("the storage account does not take it: {0}")]
    Storage(#[from] object_store::Error),
    #[error("other instances wrote it {MAX_CONFLICTS} times meanwhile")]
    Contended,
    #[error("the storage account did not answer within a second")]
    Late,
}

impl BlobWindows {
    /// Reaches the windows of an account; nothing is sent yet.
    ///
    /// # Errors
    /// When the account cannot be addressed.
    pub fn new(account: &Account) -> Result<Self, AccountFault> {
        Ok(Self {
            store: Arc::new(account.container(CONTAINER)?),
            remembered: Mutex::default(),
            unsynced: Mutex::default(),
        })
    }

    /// Decides what becomes of each group, in order; notes say where the windows in memory had to decide.
    pub async fn decide(&self, groups: &[Group], detector: &Detector, now: Timestamp) -> (Vec<Decision>, Vec<String>) {
        let deadline = Instant::now() + BATCH_TIMEOUT;
        let asked: Vec<_> = groups.iter().map(|group| self.decide_in_time(group, now, deadline)).collect();
        let asked: Vec<_> = stream::iter(asked).buffered(CONCURRENT).collect().await;
        let mut failed = 0usize;
        let mut reason = String::new();
        let decisions = groups.iter().zip(asked).map(|(group, asked)| {
            asked.unwrap_or_else(|error| {
                failed += 1;
                reason = error.to_string();
                if group.period.threshold > 1 { self.count_alone(group, now) } else { detector.decide(group, now) }
            })
        });
        let decisions = decisions.collect();
        let note = (failed > 0).then(|| {
            let first = reason.lines().next().unwrap_or_default();
            format!("dedup=unavailable for {failed} of {} windows, alerts are sent on doubt: {first}", groups.len())
        });
        (decisions, note.into_iter().collect())
    }

    async fn decide_in_time(&self, group: &Group, now: Timestamp, deadline: Instant) -> Result<Decision, WindowError> {
        if group.period.minutes == 0 {
            return Ok(Decision::all_alert(group, now));
        }
        tokio::time::timeout_at(deadline, self.decide_one(group, now)).await.unwrap_or(Err(WindowError::Late))
    }

    async fn decide_one(&self, group: &Group, now: Timestamp) -> Result<Decision, WindowError> {
        let candidates = group.candidates();
        if let Some(decision) = self.recall(group, &candidates, now) {
            return Ok(decision);
        }
        let path = Path::from(format!("{}.json", group.key));
        let unsynced = self.unsynced().get(&group.key).cloned().unwrap_or_default();
        for _ in 0..MAX_CONFLICTS {
            let (mut state, mode) = self.read(&path, now).await?;
            let before = state.clone();
            if !unsynced.is_empty() {
                state.learn(&unsynced, group.period, now);
            }
            let verdicts = state.take(&candidates, group.period, now);
            let written = if state == before { Ok(()) } else { self.write(&path, &state, mode).await };
            match written {
                Ok(()) => {
                    let values = state.values().to_vec();
                    self.unsynced().remove(&group.key);
                    self.remember(group.key, state);
                    return Ok(Decision { verdicts, values });
                }
                Err(object_store::Error::AlreadyExists { .. } | object_store::Error::Precondition { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(WindowError::Contended)
    }

    /// Counts towards a threshold from what is remembered of the blob, and keeps the matches for the next time that the
    /// blob can be written: a count must not begin anew because the storage was away for a moment.
    fn count_alone(&self, group: &Group, now: Timestamp) -> Decision {
        let candidates = group.candidates();
        let mut remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        let state = remembered.entry(group.key).or_insert_with(|| State::new(now));
        let verdicts = state.take(&candidates, group.period, now);
        let values = state.values().to_vec();
        let mut unsynced = self.unsynced();
        if unsynced.values().map(Vec::len).sum::<usize>() < MAX_UNSYNCED {
            unsynced.entry(group.key).or_default().extend(candidates);
        }
        Decision { verdicts, values }
    }

    fn unsynced(&self) -> MutexGuard<'_, HashMap<WindowKey, Vec<Candidate>>> {
        self.unsynced.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn read(&self, path: &Path, now: Timestamp) -> Result<(State, PutMode), object_store::Error> {
        let found = match self.store.get(path).await {
            Ok(found) => found,
            Err(object_store::Error::NotFound { .. }) => return Ok((State::new(now), PutMode::Create)),
            Err(error) => return Err(error),
        };
        let version = UpdateVersion { e_tag: found.meta.e_tag.clone(), version: found.meta.version.clone() };
        let bytes = found.bytes().await?;
        // A blob that cannot be read begins anew: that sends an alert too many, and never one too few.
        let state = serde_json::from_slice(&bytes).unwrap_or_else(|_| State::new(now));
        Ok((state, PutMode::Update(version)))
    }

    async fn write(&self, path: &Path, state: &State, mode: PutMode) -> Result<(), object_store::Error> {
        let json = serde_json::to_vec(state).unwrap_or_default();
        self.store.put_opts(path, json.into(), PutOptions::from(mode)).await.map(drop)
    }

    /// What a remembered window decides without asking: only where the matches change nothing in it.
    ///
    /// That is sound: while a window is open its owner stays, whatever other instances do.
    fn recall(&self, group: &Group, candidates: &[Candidate], now: Timestamp) -> Option<Decision> {
        let remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        let before = remembered.get(&group.key)?;
        let mut state = before.clone();
        let verdicts = state.take(candidates, group.period, now);
        let is_settled = state == *before && !verdicts.contains(&Verdict::Pending);
        is_settled.then(|| Decision { verdicts, values: state.values().to_vec() })
    }

    fn remember(&self, key: WindowKey, state: State) {
        let mut remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        if remembered.len() >= MAX_REMEMBERED {
            remembered.clear();
        }
        remembered.insert(key, state);
    }
}
