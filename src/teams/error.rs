//! Why a card was not accepted. No error contains the webhook's URL or text of its answer.

use std::time::Duration;

/// Why a card was not accepted, after the last attempt.
#[derive(Debug, thiserror::Error)]
#[error("the Teams webhook did not accept the card after {attempts} attempt(s): {fault}{}", .fault.advice())]
pub struct SendError {
    pub(super) fault: Fault,
    /// How often it was tried.
    pub attempts: u32,
}

/// What went wrong in one attempt.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Fault {
    #[error("no connection ({0})")]
    Connect(String),
    /// A connection that broke before the answer was complete.
    #[error("the connection broke ({0})")]
    Broken(String),
    #[error("no complete answer in time; the card may have been posted nevertheless")]
    Timeout,
    /// An answer other than 2xx, or a 200 whose text reports a failure, as those of Office 365 connectors do.
    #[error("it answered {status}{}", code.map(|code| format!(" ({code})")).unwrap_or_default())]
    Refused { status: u16, retry_after: Option<Duration>, code: Option<&'static str> },
    #[error("no request could be made")]
    Request,
    #[error("no HTTPS client could be made")]
    NoClient,
}

impl Fault {
    /// What to do about it, if the queue's next try alone will not help.
    fn advice(&self) -> &'static str {
        match self {
            Self::Refused { status: 300..=399, .. } => {
                "; redirects are not followed: set TEAMS_WEBHOOK_URL to the address that the workflow shows"
            }
            Self::Refused { status: 401 | 403 | 404 | 410, .. } => {
                "; is the workflow deleted, turned off or its URL renewed? Copy the URL anew into TEAMS_WEBHOOK_URL"
            }
            Self::Refused { status: 400 | 413, .. } => {
                "; does the workflow begin with \"When a Teams webhook request is received\" and post the card as it is?"
            }
            Self::NoClient => "; install the system's root certificates (package ca-certificates)",
            _ => "",
        }
    }
}
