//! How long and how often posting is tried within one invocation.

use std::time::Duration;

/// The limits of one invocation; after that the queue delivers the alert again, minutes later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The longest that one attempt may take, reading its answer included.
    pub attempt: Duration,
    /// The longest that all attempts and the pauses between them may take.
    pub budget: Duration,
    /// How many attempts are made at most.
    pub attempts: u32,
    /// The longest pause before the second attempt; each later one may be twice as long.
    pub first_pause: Duration,
    /// The longest `Retry-After` that is waited for; a longer one is left to the queue.
    pub longest_retry_after: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            attempt: Duration::from_secs(10),
            budget: Duration::from_secs(25),
            attempts: 4,
            first_pause: Duration::from_millis(500),
            longest_retry_after: Duration::from_secs(15),
        }
    }
}
