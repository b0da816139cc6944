//! What the headers of the host's call say about it.

use axum::http::HeaderMap;

use crate::wire::InvocationId;

/// One call of a function.
#[derive(Debug)]
pub(super) struct Call {
    /// The trace that it belongs to.
    pub(super) trace: Option<Trace>,
    /// The invocation that it is an attempt of.
    pub(super) invocation_id: Option<InvocationId>,
}

/// The trace and the span of the host's own request (W3C Trace Context), as lower-case hex digits. Application Insights
/// calls the trace's id the operation's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Trace {
    pub(super) trace_id: String,
    pub(super) span_id: String,
}

impl Call {
    /// Reads the headers; malformed ones are ignored.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let header = |name| headers.get(name).and_then(|value| value.to_str().ok());
        Self {
            trace: header("traceparent").and_then(Trace::parse),
            invocation_id: header(InvocationId::HEADER).and_then(InvocationId::parse),
        }
    }
}

impl Trace {
    fn parse(traceparent: &str) -> Option<Self> {
        let mut parts = traceparent.split('-');
        let (version, trace_id, span_id, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let is_hex = |text: &str, length: usize| {
            text.len() == length && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        };
        let is_id = |text: &str, length: usize| is_hex(text, length) && text.bytes().any(|byte| byte != b'0');
        let is_valid = is_hex(version, 2) && version != "ff" && is_id(trace_id, 32) && is_id(span_id, 16);
        (is_valid && is_hex(flags, 2)).then(|| Self { trace_id: trace_id.to_owned(), span_id: span_id.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_has_the_form_of_a_traceparent_is_taken() {
        let trace = Trace::parse("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01").unwrap();
        assert_eq!(
            (trace.trace_id.as_str(), trace.span_id.as_str()),
            ("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331")
        );
        for malformed in [
            "",
            "00",
            "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
            "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-canary-b7ad6b7169203331-01",
        ] {
            assert_eq!(Trace::parse(malformed), None, "{malformed}");
        }
    }
}
