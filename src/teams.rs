//! Posts to the Teams webhook: a request body in, accepted or a reason out.
//!
//! The URL is a credential. It is in [`WebhookUrl`] only; no error, log line or answer contains it.

mod client;
mod error;
mod limits;
mod reply;
mod retry;

pub use error::SendError;
pub use limits::Limits;

use std::time::{Duration, Instant};

use bytes::Bytes;
use jiff::Timestamp;
use reqwest::{Client, header};
use tokio::sync::OnceCell;

use error::Fault;
use retry::Progress;

use crate::webhook::WebhookUrl;

/// The sender to one webhook.
#[derive(Debug)]
pub struct Teams {
    webhook: WebhookUrl,
    limits: Limits,
    client: OnceCell<Client>,
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
    /// The sender to a webhook, with the limits of an invocation.
    #[must_use]
    pub fn new(webhook: WebhookUrl) -> Self {
        Self::with_limits(webhook, Limits::default())
    }

    /// The sender to a webhook, with other limits.
    #[must_use]
    pub fn with_limits(webhook: WebhookUrl, limits: Limits) -> Self {
        Self { webhook, limits, client: OnceCell::new() }
    }

    /// Posts a request body, and again as long as that may help and the budget allows.
    ///
    /// # Errors
    /// [`SendError`] if the webhook did not accept it.
    pub async fn post(&self, body: String) -> Result<Accepted, SendError> {
        // Made on first use: reading the root certificates takes longer than the host's first probe may.
        let client = self.client.get_or_try_init(client::build).await?;
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
            let progress = Progress { limits: &self.limits, attempts, left, random: random() };
            match retry::pause(&fault, &progress) {
                Some(pause) => tokio::time::sleep(pause).await,
                None => return Err(SendError::new(fault, attempts)),
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

/// A random number from 0 to 1: the standard library seeds its hash maps at random, which is good enough for a pause.
fn random() -> f64 {
    use std::hash::{BuildHasher as _, Hasher as _};
    let random = std::collections::hash_map::RandomState::new().build_hasher().finish();
    random as f64 / u64::MAX as f64
}
