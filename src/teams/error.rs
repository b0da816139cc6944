//! Why a card was not taken. None of these holds the webhook's URL, nor text of its answer.

use std::time::Duration;

/// Why a card was not taken, after the last attempt.
#[derive(Debug, thiserror::Error)]
#[error("the Teams webhook did not take the card after {attempts} attempt(s): {fault}{}", .fault.advice())]
pub struct SendError {
    fault: Fault,
    /// How often it was tried.
    pub attempts: u32,
}

impl SendError {
    pub(super) fn new(fault: Fault, attempts: u32) -> Self {
        Self { fault, attempts }
    }

    /// The status that the webhook answered, if it did.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match self.fault {
            Fault::Status { status, .. } | Fault::ErrorInText { status, .. } => Some(status),
            _ => None,
        }
    }
}

/// What went wrong in one attempt.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Fault {
    /// No connection.
    #[error("no connection ({0})")]
    Connect(String),
    /// A connection that broke before the answer was there.
    #[error("the connection broke ({0})")]
    Broken(String),
    /// No whole answer in time.
    #[error("no whole answer in time; the card may have been posted all the same")]
    Timeout,
    /// An answer other than 2xx.
    #[error("it answered {status}{}", in_brackets(.code))]
    Status { status: u16, retry_after: Option<Duration>, code: Option<&'static str> },
    /// A 2xx whose text tells of a failure, as Office 365 connectors answer.
    #[error("it answered 200 with an error in the text, for status {status}")]
    ErrorInText { status: u16, retry_after: Option<Duration> },
    /// The request could not be made.
    #[error("no request could be made")]
    Request,
    /// The client could not be made.
    #[error("no HTTPS client could be made")]
    NoClient,
}

impl Fault {
    /// How long the webhook asked to be left alone.
    pub(super) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Status { retry_after, .. } | Self::ErrorInText { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    /// What to do about it, where the queue's next try alone will not help.
    fn advice(&self) -> &'static str {
        match self {
            Self::Status { status: 300..=399, .. } => {
                "; redirects are not followed: set TEAMS_WEBHOOK_URL to the address that the workflow shows"
            }
            Self::Status { status: 401 | 403 | 404 | 410, .. } => {
                "; is the workflow deleted, turned off or its URL renewed? Copy the URL anew into TEAMS_WEBHOOK_URL"
            }
            Self::Status { status: 400 | 413, .. } | Self::ErrorInText { status: 413, .. } => {
                "; does the workflow begin with \"When a Teams webhook request is received\" and post the card as it is?"
            }
            Self::NoClient => "; install the system's root certificates (package ca-certificates)",
            _ => "",
        }
    }
}

fn in_brackets(code: &Option<&'static str>) -> String {
    code.map_or_else(String::new, |code| format!(" ({code})"))
}
