//! Why a request is refused, and the one place that turns it into a status.

use std::time::Duration;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::render::CardFault;
use crate::shared_windows::WindowsFault;
use crate::teams::SendError;
use crate::wire::InvocationFault;

/// Why a request was not carried out. The message says what to send instead, and repeats nothing of the request.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// A path that is no function.
    #[error("no such function; there are GET /, POST /CertificateAccessed and POST /NotifyTeams")]
    UnknownPath,
    /// A method that the path does not have.
    #[error("wrong method for this path; there are GET /, POST /CertificateAccessed and POST /NotifyTeams")]
    UnknownMethod,
    /// A `Host` header that does not name the loopback, perhaps from a page in a browser by DNS rebinding.
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
    /// No memory for a body.
    #[error("other bodies take all the memory, and none of them was done within 30 seconds; send it again")]
    NoRoom,
    /// A body that broke off.
    #[error("the body broke off before its end; send it again")]
    BrokenOff,
    /// The evaluation of the whole batch panicked outside of any event: a bug of ours.
    #[error("evaluating the batch panicked; the line before this one says where, please report it")]
    Panic,
    /// A body that is not an invocation.
    #[error(transparent)]
    Invocation(#[from] InvocationFault),
    /// The windows that instances share are not available.
    #[error(transparent)]
    Windows(#[from] WindowsFault),
    /// A queue message for a webhook that is not set.
    #[error(
        "TEAMS_WEBHOOK_URL is not set, so the alert stays in the queue; set it, or turn the function off with \
         AzureWebJobs.NotifyTeams.Disabled=true"
    )]
    TeamsOff,
    /// A queue message for a webhook that cannot be used.
    #[error("the alert stays in the queue: {0}")]
    TeamsUnusable(String),
    /// A queue message that cannot become a card: not yet, or never.
    #[error(
        "{0}; it stays in certificate-teams until the host moves it to certificate-teams-poison, where you can look at it"
    )]
    Card(CardFault),
    /// The id of an alert, and why the webhook did not take its card.
    #[error("alert {0} stays in the queue: {1}")]
    NotSent(String, SendError),
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
            Self::NoRoom
            | Self::Windows(_)
            | Self::TeamsOff
            | Self::TeamsUnusable(_)
            | Self::Card(CardFault::LaterVersion) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Card(CardFault::NotAnObject | CardFault::NoAlert) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::NotSent(..) => StatusCode::BAD_GATEWAY,
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.status(), axum::Json(serde_json::json!({"error": self.to_string()}))).into_response()
    }
}
