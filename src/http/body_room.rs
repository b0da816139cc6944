//! The memory that the bodies of all invocations share, so that together they fit into the smallest instance.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout};

/// How much all bodies but one may take together; the largest possible one alone takes four times as much.
const ROOM_BYTES: usize = 64 << 20;
/// How long a body waits for memory.
const PATIENCE: Duration = Duration::from_secs(30);

/// Memory for bodies. One of them may exceed the limit, so that a large body gets through and two never wait for each other.
#[derive(Debug, Clone)]
pub struct BodyRoom {
    shared: Arc<Semaphore>,
    beyond: Arc<Semaphore>,
}

/// What a body has taken, until it is dropped.
#[derive(Debug, Default)]
pub(super) struct Taken {
    shared: Option<OwnedSemaphorePermit>,
    beyond: Option<OwnedSemaphorePermit>,
}

impl Default for BodyRoom {
    fn default() -> Self {
        Self { shared: Arc::new(Semaphore::new(ROOM_BYTES)), beyond: Arc::new(Semaphore::new(1)) }
    }
}

impl BodyRoom {
    /// Takes memory for more bytes of a body, and waits for it; returns how long, or `None` if it was not free in time.
    pub(super) async fn take(&self, bytes: usize, taken: &mut Taken) -> Option<Duration> {
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        if taken.beyond.is_some() {
            return Some(Duration::ZERO);
        }
        if let Ok(more) = Arc::clone(&self.shared).try_acquire_many_owned(bytes) {
            taken.add(more);
            return Some(Duration::ZERO);
        }
        let asked = Instant::now();
        let room = async {
            tokio::select! {
                Ok(more) = Arc::clone(&self.shared).acquire_many_owned(bytes) => taken.add(more),
                Ok(beyond) = Arc::clone(&self.beyond).acquire_owned() => taken.beyond = Some(beyond),
                // The semaphores are never closed.
                else => {}
            }
        };
        timeout(PATIENCE, room).await.ok().map(|()| asked.elapsed())
    }
}

impl Taken {
    fn add(&mut self, more: OwnedSemaphorePermit) {
        match &mut self.shared {
            Some(shared) => shared.merge(more),
            None => self.shared = Some(more),
        }
    }
}
