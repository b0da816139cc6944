//! Event Hubs delivery: a batch posted until it succeeds or its retry policy ends.

use std::time::Duration;

use uuid::Uuid;

use super::encoding::{Encoding, request_body, singles};
use super::event_hub::Batch;
use super::failure::HostFailure;
use super::function::Function;
use super::host::FunctionsHost;
use super::invocation::{Framing, Invocation};
use super::metadata::RetryContext;

/// How long a process may need to end after its connections broke.
const AFTER_A_BREAK: Duration = Duration::from_millis(50);

/// How a test shortens what the host does for minutes.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// What every pause of the retry policy is multiplied by.
    pub factor: f64,
    /// Attempts after which the stand-in gives up, even under an endless policy.
    pub max_attempts: u32,
    /// How requests are framed.
    pub framing: Framing,
}

impl Default for Patience {
    fn default() -> Self {
        Self { factor: 0.001, max_attempts: 20, framing: Framing::Chunked }
    }
}

/// The outcome of a batch.
#[derive(Debug)]
pub struct Delivery {
    /// Every attempt in order; where events go one by one, of all events.
    pub attempts: Vec<Result<Invocation, HostFailure>>,
    /// Events whose last attempt failed. A real host checkpoints and they are lost, unless the
    /// policy is endless; then it would still be trying.
    pub given_up: usize,
}

impl Delivery {
    /// Whether every event was taken.
    pub fn succeeded(&self) -> bool {
        self.given_up == 0
    }

    /// The invocations that succeeded.
    pub fn invocations(&self) -> impl Iterator<Item = &Invocation> {
        self.attempts.iter().filter_map(|attempt| attempt.as_ref().ok())
    }

    /// Why attempts failed.
    pub fn failures(&self) -> impl Iterator<Item = &HostFailure> {
        self.attempts.iter().filter_map(|attempt| attempt.as_ref().err())
    }
}

impl FunctionsHost {
    /// Delivers a batch in the encoding of its function.json. A failed attempt is posted again,
    /// identical but for the retry count, under the same invocation id (functions-host §7,
    /// `TriggeredFunctionExecutor`); a handler that died is started again first.
    pub async fn deliver(&self, function: &str, batch: &Batch, patience: Patience) -> Result<Delivery, HostFailure> {
        let function = self.function(function)?;
        let encoding = Encoding::of(&function.trigger);
        let mut delivery = Delivery { attempts: Vec::new(), given_up: 0 };
        for batch in singles(encoding, batch) {
            let attempts = self.persist(function, encoding, &batch, patience).await?;
            if !matches!(attempts.last(), Some(Ok(_))) {
                delivery.given_up += batch.events.len();
            }
            delivery.attempts.extend(attempts);
        }
        Ok(delivery)
    }

    async fn persist(
        &self,
        function: &Function,
        encoding: Encoding,
        batch: &Batch,
        patience: Patience,
    ) -> Result<Vec<Result<Invocation, HostFailure>>, HostFailure> {
        let id = Uuid::new_v4().to_string();
        let mut attempts = Vec::new();
        let mut retry = function.retry.map(|policy| RetryContext {
            retry_count: 0,
            max_retry_count: policy.max_retry_count,
            failure: None,
        });
        loop {
            self.revive().await?;
            let attempt = match request_body(encoding, function, batch, retry.as_ref()) {
                Ok(body) => self.invoke_as(&function.name, body, &id, patience.framing).await,
                Err(unbindable) => Err(unbindable.into()),
            };
            if matches!(attempt, Err(HostFailure::Transport(_))) {
                // A killed process breaks its connections a moment before it can be waited for.
                tokio::time::sleep(AFTER_A_BREAK).await;
            }
            let failure = attempt.as_ref().err().map(ToString::to_string);
            attempts.push(attempt);
            let (Some(failure), Some(policy), Some(context)) = (failure, function.retry, retry.as_mut()) else {
                return Ok(attempts);
            };
            context.retry_count += 1;
            context.failure = Some(failure);
            let tried = u32::try_from(attempts.len()).unwrap_or(u32::MAX);
            if !policy.allows(context.retry_count) || tried >= patience.max_attempts {
                return Ok(attempts);
            }
            let pause = policy.delay(context.retry_count).as_secs_f64() * patience.factor;
            let pause = Duration::try_from_secs_f64(pause).unwrap_or(Duration::ZERO);
            tokio::time::sleep(pause).await;
        }
    }
}
