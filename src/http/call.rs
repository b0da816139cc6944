//! What the headers of the host's call say of it.

use axum::http::HeaderMap;

use super::trace::Trace;
use crate::wire::InvocationId;

/// One call of a function.
#[derive(Debug)]
pub(super) struct Call {
    /// The trace that it belongs to.
    pub(super) trace: Option<Trace>,
    /// The invocation that it is an attempt of.
    pub(super) invocation_id: Option<InvocationId>,
}

impl Call {
    /// Reads the headers; what is not of its form is left out.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let id = headers.get(InvocationId::HEADER).and_then(|id| id.to_str().ok());
        Self { trace: Trace::of(headers), invocation_id: id.and_then(InvocationId::parse) }
    }
}
