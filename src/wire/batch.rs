//! A batch of events, taken apart where it stands: the body that the host writes for cardinality many.
//!
//! Newtonsoft prints `{"Data":{"events":"[\"…\",\"…\"]"},"Metadata":{…}}` without white space, so the events can be cut out
//! of the bytes before anything is parsed. A body of any other form is left to [`Invocation`](super::Invocation).

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::Simd;
use base64::engine::general_purpose::PAD;
use memchr::memmem::Finder;

use super::escaped;
use super::event_end::first_other_quote;
use crate::json::is_outlined_object;

/// The quotes and the comma between two events.
const BETWEEN: &[u8] = br#"\",\""#;
/// The end of the list, and of the string that holds it.
const END: &[u8] = br#"\"]""#;

static END_FINDER: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(END));

/// Base64 by the vector instructions that the machine has.
static BASE64: LazyLock<Simd> = LazyLock::new(|| Simd::standard(PAD));

/// How the events stand in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DataType {
    /// In base64.
    Binary,
    /// As JSON strings.
    String,
}

/// The events of a body of the host's usual form, each as it stands in the list; [`read`](Self::read) tells whether it is
/// one, and [`metadata`](Self::metadata) whether all is well at the end.
#[derive(Debug, Clone)]
pub struct Batch<'a> {
    /// What has not been given out; begins with an event while there is one.
    rest: &'a [u8],
    is_at_end: bool,
    /// How the events stand in the list, as far as the first one tells.
    pub data_type: DataType,
}

impl<'a> Batch<'a> {
    /// Finds the first event in a body; `None` where the body does not begin in the host's usual form.
    #[must_use]
    pub fn of(body: &'a [u8]) -> Option<Self> {
        let name = body.strip_prefix(br#"{"Data":{""#)?;
        let (name, list) = name.split_at_checked(memchr::memchr(b'"', name)?)?;
        let rest = list.strip_prefix(br#"":"[\""#)?;
        let is_name = !name.is_empty() && name.iter().all(u8::is_ascii_alphanumeric);
        let is_binary = matches!(rest.first()?, b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'+' | b'/' | b'\\');
        let data_type = if is_binary { DataType::Binary } else { DataType::String };
        is_name.then_some(Self { rest, is_at_end: false, data_type })
    }

    /// Goes on in a body from a place that [`rest`](Self::rest) told of a part of it.
    #[must_use]
    pub fn at_event(rest: &'a [u8], data_type: DataType) -> Self {
        Self { rest, is_at_end: false, data_type }
    }

    /// What has not been given out; while there are events, it begins with one.
    ///
    /// `None` behind the last one, and where a part of a body does not tell whether it is the last one.
    #[must_use]
    pub fn rest(&self) -> Option<&'a [u8]> {
        (!self.is_at_end).then_some(self.rest)
    }

    /// Reads the bytes of an event into a buffer that is used again; `None` where it does not stand there as the host writes
    /// it.
    #[must_use]
    pub fn read<'b>(&self, event: &[u8], buffer: &'b mut Vec<u8>) -> Option<&'b [u8]> {
        match self.data_type {
            DataType::Binary => {
                let longest = base64::decoded_len_estimate(event.len());
                if buffer.len() < longest {
                    buffer.resize(longest, 0);
                }
                let len = BASE64.decode_slice(event, buffer).ok()?;
                buffer.get(..len)
            }
            DataType::String => {
                let len = escaped::read_twice(event, buffer)?;
                buffer.get(..len)
            }
        }
    }

    /// What the host says of the trigger: the text of an object, by its quotes and brackets, unread otherwise. `None` where
    /// the list does not end as the host ends it, or anything else stands behind it.
    ///
    /// While there are events, it is looked for behind all of them.
    #[must_use]
    pub fn metadata(&self) -> Option<&'a str> {
        let behind = if self.is_at_end { self.rest } else { self.rest.get(END_FINDER.find(self.rest)?..)? };
        let metadata = behind.strip_prefix(END)?.strip_prefix(br#"},"Metadata":"#)?.strip_suffix(b"}")?;
        std::str::from_utf8(metadata).ok().filter(|metadata| is_outlined_object(metadata))
    }

    /// How long the event is that `rest` begins with.
    fn event_len(&self) -> Option<usize> {
        match self.data_type {
            // No base64 has a backslash in it.
            DataType::Binary => memchr::memchr(b'\\', self.rest),
            // Its first quote that is none of the event's, without the backslash before it.
            DataType::String => first_other_quote(self.rest)?.checked_sub(1),
        }
    }
}

impl<'a> Iterator for Batch<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        if self.is_at_end {
            return None;
        }
        let Some((event, behind)) = self.event_len().and_then(|len| self.rest.split_at_checked(len)) else {
            (self.rest, self.is_at_end) = (&[], true);
            return None;
        };
        let next = behind.strip_prefix(BETWEEN);
        self.is_at_end = next.is_none();
        self.rest = next.unwrap_or(behind);
        Some(event)
    }
}
