//! What becomes of an invocation's outcome: an answer to the host, and lines in the process log.

use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::call::Call;
use super::{App, Refusal, trace};

/// Answers the host, and leaves the reason of a failure in both streams of the process log.
pub(super) fn reply(app: &App, function: &'static str, call: &Call, answered: Result<Vec<u8>, Refusal>) -> Response {
    let failure = answered.as_ref().err().map(ToString::to_string);
    trace::log(function, call.trace.as_ref(), failure.as_deref());
    match answered {
        Ok(json) => ([(header::CONTENT_TYPE, "application/json")], json).into_response(),
        Err(refusal) => {
            app.errors.error(&about(function, call, &refusal.to_string()));
            refusal.into_response()
        }
    }
}

/// A line for stderr about an invocation; the trace leads from there to it.
pub(super) fn about(function: &str, call: &Call, what: &str) -> String {
    let trace = call.trace.as_ref().map(|trace| format!(" (trace_id {})", trace.id())).unwrap_or_default();
    format!("{function}: {what}{trace}")
}
