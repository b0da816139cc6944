//! What becomes of an invocation's outcome: an answer to the host, and lines in the process log.

use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::trace::{self, Trace};
use super::{App, Refusal};
use crate::process_log::ErrorStream;

/// Answers the host, and leaves the reason of a failure in both streams of the process log.
pub(super) fn reply(
    app: &App,
    function: &'static str,
    trace: Option<&Trace>,
    answered: Result<Vec<u8>, Refusal>,
) -> Response {
    let failure = answered.as_ref().err().map(ToString::to_string);
    trace::log(function, trace, failure.as_deref());
    match answered {
        Ok(json) => ([(header::CONTENT_TYPE, "application/json")], json).into_response(),
        Err(refusal) => {
            tell(&app.errors, function, trace, &refusal.to_string());
            refusal.into_response()
        }
    }
}

/// Writes a line to stderr, of which the host makes an error; the trace leads from there to the invocation.
fn tell(errors: &ErrorStream, function: &str, trace: Option<&Trace>, reason: &str) {
    let trace = trace.map(|trace| format!(" (trace_id {})", trace.id())).unwrap_or_default();
    errors.line(&format!("{function}: {reason}{trace}"));
}
