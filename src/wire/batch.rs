//! The body that the host writes for a binary batch, cut into its events without parsing the list first.
//!
//! Newtonsoft prints `{"Data":{"events":"[\"…\",\"…\"]"},"Metadata":{…}}` without white space, and base64 holds neither
//! quotes nor backslashes. So each event is decoded from where it is, and a large body is never held twice. A body of any
//! other form is left to [`Invocation`](super::Invocation).

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::Simd;
use base64::engine::general_purpose::PAD;

/// What separates two events.
const SEPARATOR: &[u8] = br#"\",\""#;
/// The end of the last event. Neither base64 nor what separates events holds the bracket after it.
const LAST_END: &[u8] = br#"\""#;
/// Base64 with the vector instructions that the machine has.
static BASE64: LazyLock<Simd> = LazyLock::new(|| Simd::standard(PAD));

/// A batch of events in base64.
#[derive(Debug)]
pub struct BinaryBatch<'a> {
    events: &'a [u8],
    /// What the host says of the trigger: the text of an object, which is not parsed yet.
    pub metadata: &'a str,
}

impl<'a> BinaryBatch<'a> {
    /// Takes a body apart; `None` where it does not have the host's form.
    #[must_use]
    pub fn of(body: &'a [u8]) -> Option<Self> {
        let body = body.strip_prefix(br#"{"Data":{""#)?;
        let (name, body) = body.split_at_checked(memchr::memchr(b'"', body)?)?;
        let body = body.strip_prefix(br#"":"[\""#)?;
        if name.is_empty() || !name.iter().all(u8::is_ascii_alphanumeric) || matches!(body.first()?, b'{' | b'[') {
            return None;
        }
        let (events, body) = body.split_at_checked(memchr::memchr(b']', body)?)?;
        let events = events.strip_suffix(LAST_END)?;
        let metadata = body.strip_prefix(br#"]"},"Metadata":"#)?.strip_suffix(b"}")?;
        let metadata = std::str::from_utf8(metadata).ok()?;
        (metadata.starts_with('{') && metadata.ends_with('}')).then_some(Self { events, metadata })
    }

    /// Calls `each` with the bytes of every event, in order; `None`, perhaps after some events, where the list holds anything
    /// but base64.
    #[must_use]
    pub fn for_each_event(&self, each: &mut dyn FnMut(&[u8])) -> Option<()> {
        let (mut rest, mut buffer) = (Some(self.events), Vec::new());
        while let Some(list) = rest {
            let (event, after) = list.split_at_checked(memchr::memchr(b'\\', list).unwrap_or(list.len()))?;
            rest = if after.is_empty() { None } else { Some(after.strip_prefix(SEPARATOR)?) };
            let max_len = base64::decoded_len_estimate(event.len());
            if buffer.len() < max_len {
                buffer.resize(max_len, 0);
            }
            let len = BASE64.decode_slice(event, &mut buffer).ok()?;
            each(buffer.get(..len)?);
        }
        Some(())
    }
}
