//! One call of a function by the host: what its headers say, and what becomes of its outcome.

use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};

use super::{App, Refusal};
use crate::hidden::sanitized;
use crate::wire::InvocationId;

/// One call of a function.
#[derive(Debug)]
pub(super) struct Call {
    /// The function's name, in the host's files and in every line.
    pub(super) function: &'static str,
    /// The invocation that it is an attempt of.
    pub(super) invocation_id: Option<InvocationId>,
    /// The trace and the span of the host's own request (W3C Trace Context), as lower-case hex digits. Application Insights
    /// calls the trace's id the operation's.
    trace_id: Option<String>,
    span_id: Option<String>,
}

impl Call {
    /// Reads the headers; malformed ones are ignored.
    pub(super) fn of(function: &'static str, headers: &HeaderMap) -> Self {
        let header = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let invocation_id = header(InvocationId::HEADER).and_then(InvocationId::parse);
        let (trace_id, span_id) = header("traceparent").and_then(trace_and_span).unzip();
        Self { function, invocation_id, trace_id, span_id }
    }

    /// Answers the host, and leaves the reason of a failure in both streams of the process log.
    pub(super) fn reply(&self, app: &App, answered: Result<Vec<u8>, Refusal>) -> Response {
        let (function, trace_id, span_id) = (self.function, &self.trace_id, &self.span_id);
        match answered {
            Ok(json) => {
                tracing::debug!(function, trace_id, span_id, "invocation answered");
                ([(header::CONTENT_TYPE, "application/json")], json).into_response()
            }
            Err(refusal) => {
                let reason = sanitized(&refusal.to_string());
                tracing::info!(function, trace_id, span_id, reason, "invocation failed");
                app.errors.error(&self.about(&refusal.to_string()));
                refusal.into_response()
            }
        }
    }

    /// A line for stderr; its trace leads from there to the invocation.
    pub(super) fn about(&self, what: &str) -> String {
        let trace = self.trace_id.as_ref().map(|id| format!(" (trace_id {id})")).unwrap_or_default();
        format!("{}: {what}{trace}", self.function)
    }
}

fn trace_and_span(traceparent: &str) -> Option<(String, String)> {
    let mut parts = traceparent.split('-');
    let (version, trace_id, span_id, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let is_hex = |text: &str, length: usize| {
        text.len() == length && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    };
    let is_id = |text: &str, length: usize| is_hex(text, length) && text.bytes().any(|byte| byte != b'0');
    let is_valid = is_hex(version, 2) && version != "ff" && is_id(trace_id, 32) && is_id(span_id, 16);
    (is_valid && is_hex(flags, 2)).then(|| (trace_id.to_owned(), span_id.to_owned()))
}
