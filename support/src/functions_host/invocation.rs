//! One invocation: the POST, the check of its answer, the writes.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::PoisonError;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use hyper::body::{Body, Bytes, Frame};
use jiff::Timestamp;
use reqwest::header::CONTENT_TYPE;
use uuid::Uuid;

use super::answer::Answer;
use super::failure::HostFailure;
use super::host::FunctionsHost;
use super::write::Write;

/// The version that the stand-in claims to be.
const HOST_VERSION: &str = "4.1037.0.0";
/// Long enough for any test; a real host waits for functionTimeout and a minute.
const ANSWER_LIMIT: Duration = Duration::from_secs(120);
/// .NET writes a request in pieces of about this size.
const PIECE: usize = 16 * 1024;

/// How the request says where it ends (functions-host §0).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Framing {
    /// `Transfer-Encoding: chunked`, as in Azure.
    #[default]
    Chunked,
    /// `Content-Length`, as under `func start`.
    ContentLength,
}

/// An invocation that succeeded.
#[derive(Debug, Clone)]
pub struct Invocation {
    /// The id in the header.
    pub id: String,
    /// The handler's status code.
    pub status: u16,
    /// The log lines.
    pub logs: Vec<String>,
    /// The writes that were made, in order.
    pub writes: Vec<Write>,
    /// Outputs that function.json does not name.
    pub ignored: Vec<String>,
    /// From the POST to the whole answer.
    pub answered_in: Duration,
}

impl FunctionsHost {
    /// Posts a body to a function as the host in Azure does, and writes its outputs.
    pub async fn invoke(&self, function: &str, body: Vec<u8>) -> Result<Invocation, HostFailure> {
        let id = Uuid::new_v4().to_string();
        self.invoke_as(function, body, &id, Framing::Chunked).await
    }

    /// Posts a body under a given invocation id and framing.
    pub async fn invoke_as(
        &self,
        function: &str,
        body: Vec<u8>,
        id: &str,
        framing: Framing,
    ) -> Result<Invocation, HostFailure> {
        let begun = Instant::now();
        let answer = self.post(function, body, id, framing).await?;
        let answered_in = begun.elapsed();
        let accepted = answer.accept(self.function(function)?, Timestamp::now())?;
        // Logged before an output is written, so again at each attempt while one is refused (functions-host §5).
        self.function_log.lock().unwrap_or_else(PoisonError::into_inner).extend(accepted.logs.iter().cloned());
        let mut written = Vec::new();
        let mut failure = None;
        for output in accepted.outputs {
            // The host starts all bindings and then waits for all (`Task.WhenAll` in
            // `WorkerFunctionInvoker`): one that fails stops at its bad write, the others go on.
            let result = match output.writes {
                Ok(writes) => self.write_all(writes, &mut written).await,
                Err(unwritable) => Err(unwritable),
            };
            failure = failure.or(result.err());
        }
        match failure {
            Some(failure) => Err(failure),
            None => Ok(Invocation {
                id: id.to_owned(),
                status: answer.status,
                logs: accepted.logs,
                writes: written,
                ignored: accepted.ignored,
                answered_in,
            }),
        }
    }

    /// Posts a body and gives the answer as it came, with no rule applied and nothing written.
    pub async fn post(&self, function: &str, body: Vec<u8>, id: &str, framing: Framing) -> Result<Answer, HostFailure> {
        let lost = |failure: reqwest::Error| HostFailure::Transport(causes(&failure));
        let body = match framing {
            Framing::Chunked => reqwest::Body::wrap(Pieces::of(body)),
            Framing::ContentLength => body.into(),
        };
        let exchange = async {
            let response = self
                .client
                .post(format!("http://127.0.0.1:{}/{function}", self.port()))
                .header("X-Azure-Functions-HostVersion", HOST_VERSION)
                .header("X-Azure-Functions-InvocationId", id)
                .header("User-Agent", format!("Azure-Functions-Host/{HOST_VERSION}"))
                .header(CONTENT_TYPE, "application/json; charset=utf-8")
                .body(body)
                .send()
                .await?;
            let content_type = response
                .headers()
                .get(CONTENT_TYPE)
                .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
            Ok(Answer { status: response.status().as_u16(), content_type, body: response.bytes().await?.to_vec() })
        };
        match tokio::time::timeout(ANSWER_LIMIT, exchange).await {
            Ok(answer) => answer.map_err(lost),
            Err(_) => Err(HostFailure::TimedOut(ANSWER_LIMIT.as_secs())),
        }
    }

    async fn write_all(&self, writes: Vec<Write>, written: &mut Vec<Write>) -> Result<(), HostFailure> {
        for write in writes {
            self.write(&write).await?;
            written.push(write);
        }
        Ok(())
    }
}

/// An error with its causes: reqwest's own text only says that sending failed.
fn causes(failure: &dyn std::error::Error) -> String {
    let mut text = failure.to_string();
    let mut cause = failure.source();
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}

/// A body of unknown length, which makes the request chunked.
struct Pieces(VecDeque<Bytes>);

impl Pieces {
    fn of(body: Vec<u8>) -> Self {
        let whole = Bytes::from(body);
        let pieces = whole.chunks(PIECE).map(|piece| whole.slice_ref(piece));
        Self(pieces.collect())
    }
}

impl Body for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.pop_front().map(|piece| Ok(Frame::data(piece))))
    }
}
