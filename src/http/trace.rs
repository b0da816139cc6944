//! The trace that the host's request belongs to, continued into the process log.

use axum::http::HeaderMap;

/// The trace and the span of the host's own request, as lower-case hex digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Trace {
    trace_id: String,
    span_id: String,
}

impl Trace {
    /// Reads `traceparent` (W3C Trace Context); what is not of its form is left out of the log.
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        let mut parts = headers.get("traceparent")?.to_str().ok()?.split('-');
        let (version, trace_id, span_id) = (parts.next()?, parts.next()?, parts.next()?);
        let flags = parts.next()?;
        let is_id = |text: &str, length: usize| {
            let is_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
            text.len() == length && text.bytes().all(is_hex)
        };
        let is_set = |text: &str| text.bytes().any(|byte| byte != b'0');
        let is_read = is_id(version, 2) && version != "ff" && is_id(trace_id, 32) && is_id(span_id, 16);
        (is_read && is_id(flags, 2) && is_set(trace_id) && is_set(span_id))
            .then(|| Self { trace_id: trace_id.to_owned(), span_id: span_id.to_owned() })
    }

    /// The trace's id, which Application Insights calls the operation's.
    pub(super) fn id(&self) -> &str {
        &self.trace_id
    }
}

/// Leaves a line in the process log: info for an invocation that failed, so that its trace leads to its reason.
pub(super) fn log(function: &'static str, trace: Option<&Trace>, failure: Option<&str>) {
    let trace_id = trace.map(Trace::id);
    let span_id = trace.map(|trace| trace.span_id.as_str());
    match failure {
        Some(reason) => {
            let reason = crate::wire::sanitized(reason);
            tracing::info!(function, trace_id, span_id, reason, "invocation failed");
        }
        None => tracing::debug!(function, trace_id, span_id, "invocation answered"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &str) -> Option<Trace> {
        let mut headers = HeaderMap::new();
        headers.insert("traceparent", value.parse().unwrap());
        Trace::of(&headers)
    }

    #[test]
    fn only_what_has_the_form_of_a_traceparent_is_taken() {
        let trace = read("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01").unwrap();
        assert_eq!(
            (trace.trace_id.as_str(), trace.span_id.as_str()),
            ("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331")
        );
        for broken in [
            "",
            "00",
            "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
            "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-canary-b7ad6b7169203331-01",
        ] {
            assert_eq!(read(broken), None, "{broken}");
        }
    }
}
