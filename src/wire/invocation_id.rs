//! The id of an invocation: the same at each attempt, so that what is logged at each can be counted once.

use serde::Serialize;

/// The longest id that is taken; the host's have 36 characters.
const MAX_CHARS: usize = 64;

/// An invocation's id as the host names it, of a form that does no harm in a log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct InvocationId(String);

impl InvocationId {
    /// The header that names it.
    pub const HEADER: &str = "X-Azure-Functions-InvocationId";

    /// Takes an id of letters, digits and hyphens.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let is_id = (1..=MAX_CHARS).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        is_id.then(|| Self(text.to_owned()))
    }
}
