//! What becomes of an invocation's outcome: an answer to the host, and lines in the process log.

use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::call::Call;
use super::{App, Refusal};
use crate::hidden::sanitized;

/// Answers the host, and leaves the reason of a failure in both streams of the process log.
pub(super) fn reply(app: &App, function: &'static str, call: &Call, answered: Result<Vec<u8>, Refusal>) -> Response {
    let trace_id = call.trace.as_ref().map(|trace| trace.trace_id.as_str());
    let span_id = call.trace.as_ref().map(|trace| trace.span_id.as_str());
    match answered {
        Ok(json) => {
            tracing::debug!(function, trace_id, span_id, "invocation answered");
            ([(header::CONTENT_TYPE, "application/json")], json).into_response()
        }
        Err(refusal) => {
            let reason = sanitized(&refusal.to_string());
            tracing::info!(function, trace_id, span_id, reason, "invocation failed");
            app.errors.error(&about(function, call, &refusal.to_string()));
            refusal.into_response()
        }
    }
}

/// A line for stderr about an invocation; its trace leads from there to the invocation.
pub(super) fn about(function: &str, call: &Call, what: &str) -> String {
    let trace = call.trace.as_ref().map(|trace| format!(" (trace_id {})", trace.trace_id)).unwrap_or_default();
    format!("{function}: {what}{trace}")
}
