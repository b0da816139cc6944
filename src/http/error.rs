//! What the door refuses, and the one place that turns it into a status.

use std::time::Duration;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::wire::InvocationFault;

/// Why a request was not carried out. The message tells what to send instead; it holds nothing of the request.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// A path that is no function.
    #[error("no such function; there are GET / and POST /CertificateAccessed")]
    UnknownPath,
    /// A method that the path does not have.
    #[error("this path has another method: GET / or POST /CertificateAccessed")]
    UnknownMethod,
    /// A `Host` header that does not name the loopback: a page in a browser, perhaps, by DNS rebinding.
    #[error("the Host header must name the loopback: 127.0.0.1, localhost or [::1]")]
    ForeignHost,
    /// Another content type than JSON.
    #[error("the body must be JSON: send Content-Type: application/json")]
    NotJson,
    /// A compressed body.
    #[error("the body must not be compressed: send no Content-Encoding")]
    Encoded,
    /// A body over the limit.
    #[error("the body is over {} MiB; lower extensions.eventHubs.maxEventBatchSize in host.json", super::MAX_BODY_BYTES >> 20)]
    TooLarge,
    /// A body that comes too slowly.
    #[error("the body did not arrive within {} seconds; send it at once", .0.as_secs())]
    Slow(Duration),
    /// A body that broke off.
    #[error("the body broke off before its end; send it again")]
    BrokenOff,
    /// The evaluation of the whole batch panicked: a bug of ours that no event's own net caught.
    #[error("evaluating the batch panicked; the line before this one tells where, please report it")]
    Panic,
    /// A body that is no invocation.
    #[error(transparent)]
    Invocation(#[from] InvocationFault),
}

impl Refusal {
    fn status(&self) -> StatusCode {
        match self {
            Self::UnknownPath => StatusCode::NOT_FOUND,
            Self::UnknownMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::ForeignHost => StatusCode::FORBIDDEN,
            Self::NotJson | Self::Encoded => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Slow(_) => StatusCode::REQUEST_TIMEOUT,
            Self::Panic => StatusCode::INTERNAL_SERVER_ERROR,
            Self::BrokenOff | Self::Invocation(_) => StatusCode::BAD_REQUEST,
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.status(), axum::Json(serde_json::json!({"error": self.to_string()}))).into_response()
    }
}

pub(super) async fn unknown_path() -> Refusal {
    Refusal::UnknownPath
}

pub(super) async fn unknown_method() -> Refusal {
    Refusal::UnknownMethod
}
