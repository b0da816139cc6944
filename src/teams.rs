//! The Teams webhook: one request body in, accepted or a reason out.
//!
//! The URL is a credential. It is in [`WebhookUrl`] only; no error, log line or answer contains it.

mod client;
mod error;
mod limits;
mod reply;
mod retry;

pub use error::SendError;
pub use limits::Limits;

use std::time::Instant;

use bytes::Bytes;
use jiff::Timestamp;
use reqwest::{Client, header};
use tokio::sync::OnceCell;

use reply::Reply;
use retry::{Next, Schedule};

use crate::webhook::WebhookUrl;

/// The way to one webhook.
#[derive(Debug)]
pub struct Teams {
    webhook: WebhookUrl,
    limits: Limits,
    client: OnceCell<Client>,
}

/// What a webhook that took a card said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accepted {
    /// Its status; 202 means that it has not posted yet.
    pub status: u16,
    /// How often it was tried.
    pub attempts: u32,
}

impl Teams {
    /// The way to a webhook, with the limits of an invocation.
    #[must_use]
    pub fn new(webhook: WebhookUrl) -> Self {
        Self::with_limits(webhook, Limits::default())
    }

    /// The way to a webhook, with limits of one's own.
    #[must_use]
    pub fn with_limits(webhook: WebhookUrl, limits: Limits) -> Self {
        Self { webhook, limits, client: OnceCell::new() }
    }

    /// Posts a request body, again where that may help and the budget allows.
    ///
    /// # Errors
    /// [`SendError`] where the webhook did not take it.
    pub async fn post(&self, body: String) -> Result<Accepted, SendError> {
        // Made on first use: reading the root certificates takes longer than the host's first probe.
        let client = self.client.get_or_try_init(client::build).await?;
        let body = Bytes::from(body);
        let started = Instant::now();
        let mut attempts = 0;
        loop {
            attempts += 1;
            let left = self.limits.budget.saturating_sub(started.elapsed());
            let reply = self.attempt(client, body.clone(), left.min(self.limits.attempt)).await;
            let fault = match reply.judge() {
                Ok(status) => return Ok(Accepted { status, attempts }),
                Err(fault) => fault,
            };
            let left = self.limits.budget.saturating_sub(started.elapsed());
            let schedule = Schedule { limits: &self.limits, attempts, left, chance: chance() };
            match retry::next(&fault, &schedule) {
                Next::Wait(pause) => tokio::time::sleep(pause).await,
                Next::Stop => return Err(SendError::new(fault, attempts)),
            }
        }
    }

    async fn attempt(&self, client: &Client, body: Bytes, limit: std::time::Duration) -> Reply {
        let request = client
            .post(self.webhook.expose())
            .header(header::CONTENT_TYPE, "application/json; charset=utf-8")
            .timeout(limit)
            .body(body)
            .send();
        match request.await {
            Ok(response) => Reply::read(response, Timestamp::now()).await,
            Err(error) => Reply::lost(&error),
        }
    }
}

/// A number from 0 to 1. The standard library seeds its hash maps by chance, which is chance enough for a pause.
fn chance() -> f64 {
    use std::hash::{BuildHasher as _, Hasher as _};
    let random = std::collections::hash_map::RandomState::new().build_hasher().finish();
    f64::from(u32::try_from(random >> 32).unwrap_or_default()) / f64::from(u32::MAX)
}
