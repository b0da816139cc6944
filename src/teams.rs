//! Posts to the Teams webhook: a request body in, accepted or a reason out.
//!
//! The URL is a credential. It is in [`WebhookUrl`] only; no error, log line or answer contains it.

mod error;
mod reply;
mod retry;

pub use error::SendError;

use std::time::{Duration, Instant};

use bytes::Bytes;
use jiff::Timestamp;
use reqwest::{Client, header, redirect};
use tokio::sync::OnceCell;

use error::Fault;

use crate::tls;
use crate::webhook::WebhookUrl;

/// The longest that a connection may take to open.
const CONNECT_LIMIT: Duration = Duration::from_secs(3);
/// How long an unused connection is kept; webhooks close it after a minute or two.
const IDLE_LIMIT: Duration = Duration::from_secs(30);

/// The sender to one webhook.
#[derive(Debug)]
pub struct Teams {
    webhook: WebhookUrl,
    limits: Limits,
    client: OnceCell<Client>,
}

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

/// What a webhook that accepted a card answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accepted {
    /// Its status; 202 means that it has not posted yet.
    pub status: u16,
    /// How many attempts it took.
    pub attempts: u32,
}

impl Teams {
    /// The sender to a webhook.
    #[must_use]
    pub fn new(webhook: WebhookUrl, limits: Limits) -> Self {
        Self { webhook, limits, client: OnceCell::new() }
    }

    /// Posts a request body, and again as long as that may help and the budget allows.
    ///
    /// # Errors
    /// [`SendError`] if the webhook did not accept it.
    pub async fn post(&self, body: String) -> Result<Accepted, SendError> {
        // Made on first use: reading the root certificates takes longer than the host's first probe may.
        let client = self.client.get_or_try_init(client).await?;
        let body = Bytes::from(body);
        let started = Instant::now();
        let mut attempts = 0;
        loop {
            attempts += 1;
            let left = self.limits.budget.saturating_sub(started.elapsed());
            let fault = match self.attempt(client, body.clone(), left.min(self.limits.attempt)).await {
                Ok(status) => return Ok(Accepted { status, attempts }),
                Err(fault) => fault,
            };
            let left = self.limits.budget.saturating_sub(started.elapsed());
            match retry::pause(&fault, &self.limits, attempts, left, random()) {
                Some(pause) => tokio::time::sleep(pause).await,
                None => return Err(SendError { fault, attempts }),
            }
        }
    }

    async fn attempt(&self, client: &Client, body: Bytes, limit: Duration) -> Result<u16, Fault> {
        let request = client
            .post(self.webhook.expose())
            .header(header::CONTENT_TYPE, "application/json; charset=utf-8")
            .timeout(limit)
            .body(body)
            .send();
        reply::outcome(request.await, Timestamp::now()).await
    }
}

/// Makes the client, off the thread that answers the host: the system's root certificates are read from disk.
async fn client() -> Result<Client, SendError> {
    let client = tokio::task::spawn_blocking(build_client).await;
    // A panic while building would be a bug of ours; it must not look as if a card had been posted.
    client.ok().flatten().ok_or(SendError { fault: Fault::NoClient, attempts: 0 })
}

fn build_client() -> Option<Client> {
    tls::provide();
    Client::builder()
        .user_agent(concat!("certificate-accessed/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(CONNECT_LIMIT)
        .pool_idle_timeout(IDLE_LIMIT)
        // A 302 would turn the POST into a GET of a sign-in page that answers 200; a 307 would send the alert elsewhere.
        .redirect(redirect::Policy::none())
        // Retries are decided in `retry`, within the budget.
        .retry(reqwest::retry::never())
        // A proxy in the environment must not get a credential.
        .no_proxy()
        .build()
        .ok()
}

/// A random number from 0 to 1: the standard library seeds its hash maps at random, which is good enough for a pause.
fn random() -> f64 {
    use std::hash::{BuildHasher as _, Hasher as _};
    let random = std::collections::hash_map::RandomState::new().build_hasher().finish();
    random as f64 / u64::MAX as f64
}
