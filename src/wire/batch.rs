//! The body that the host writes for a binary batch, cut apart without parsing it first.
//!
//! Newtonsoft prints `{"Data":{"events":"[\"…\",\"…\"]"},"Metadata":{…}}` without white space, and base64 holds no bracket. A
//! body of any other form is left to [`Invocation`](super::Invocation).

use bytes::Bytes;

use super::{BinaryEvents, Body};

/// What stands between the list and the metadata.
const BEFORE_METADATA: &[u8] = br#"]"},"Metadata":"#;

/// A batch of events in base64.
#[derive(Debug)]
pub struct BinaryBatch {
    /// What the host says of the trigger: the text of an object, which is not parsed yet.
    pub metadata: Bytes,
    /// The events.
    pub events: BinaryEvents,
}

impl BinaryBatch {
    /// Takes a body apart.
    ///
    /// # Errors
    /// The body, where it does not have the host's form.
    pub fn of(mut body: Body) -> Result<Self, Body> {
        let Some(before_events) = before_events(body.start()) else { return Err(body) };
        let Some(end) = body.split_before(b']') else { return Err(body) };
        let end = end.whole();
        match metadata(&end) {
            Some(metadata) => {
                let metadata = end.slice_ref(metadata.as_bytes());
                body.advance(before_events);
                Ok(Self { metadata, events: BinaryEvents::new(body) })
            }
            None => {
                body.append(end);
                Err(body)
            }
        }
    }
}

/// How many bytes such a body has before its first event.
fn before_events(start: &[u8]) -> Option<usize> {
    let rest = start.strip_prefix(br#"{"Data":{""#)?;
    let (name, rest) = rest.split_at_checked(memchr::memchr(b'"', rest)?)?;
    let rest = rest.strip_prefix(br#"":"[\""#)?;
    let is_json = matches!(rest.first()?, b'{' | b'[');
    (!name.is_empty() && name.iter().all(u8::is_ascii_alphanumeric) && !is_json).then(|| start.len() - rest.len())
}

/// The metadata in what follows the list.
fn metadata(end: &[u8]) -> Option<&str> {
    let metadata = std::str::from_utf8(end.strip_prefix(BEFORE_METADATA)?.strip_suffix(b"}")?).ok()?;
    (metadata.starts_with('{') && metadata.ends_with('}')).then_some(metadata)
}
