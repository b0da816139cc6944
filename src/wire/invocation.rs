//! The body of an invocation: `{"Data":{…},"Metadata":{…}}`, and its id.
//!
//! The host's encodings (`ScriptInvocationContextExtensions`): an array travels as a JSON string that holds the
//! array's text; its elements are strings (dataType string), base64 (binary) or parsed values (no dataType); a single
//! event is a string in a string, or bare base64.

use std::borrow::Cow;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::Serialize;

use crate::hidden::is_plain_id;
use crate::json::{Kind, Object, Value, for_each_element, repaired_utf8};

/// An invocation, its parts still raw.
#[derive(Debug)]
pub struct Invocation<'a> {
    data: Object<'a>,
    /// What the host says of the trigger: the text of an object.
    pub metadata: &'a str,
}

/// Why a body is not an invocation; the host never sends such a body.
#[derive(Debug, thiserror::Error)]
pub enum InvocationFault {
    /// The body is not one JSON object. Only the position is reported, because serde's own message quotes the body.
    #[error("the body is not the JSON object of an invocation, see line {} column {}; send {{\"Data\":{{…}},\"Metadata\":{{…}}}}", .0.line(), .0.column())]
    NotJson(#[from] serde_json::Error),
    /// The trigger's data is missing.
    #[error("the invocation has no object `Data`; send {{\"Data\":{{\"events\":…}},\"Metadata\":{{…}}}}")]
    NoData,
}

impl<'a> Invocation<'a> {
    /// Reads the body as text; bytes that are not UTF-8, which the host never sends, become U+FFFD.
    #[must_use]
    pub fn text(body: &[u8]) -> Cow<'_, str> {
        repaired_utf8(body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body))
    }

    /// Reads an invocation. `Metadata` may be missing or odd: nothing depends on it.
    ///
    /// # Errors
    /// When the body is not an object with an object `Data` in it.
    pub fn parse(text: &'a str) -> Result<Self, InvocationFault> {
        let object = Object::parse(text)?;
        let part = |name| object.get(name).filter(|value| value.kind() == Kind::Object).map(Value::raw);
        let data = part("Data").and_then(|data| Object::parse(data).ok()).ok_or(InvocationFault::NoData)?;
        if data.fields().next().is_none() {
            return Err(InvocationFault::NoData);
        }
        Ok(Self { data, metadata: part("Metadata").unwrap_or("{}") })
    }

    /// Calls `each` with the bytes of every event, in order. A function has one trigger; its binding may have any name.
    pub fn for_each_event(&self, each: &mut dyn FnMut(&[u8])) {
        self.data.fields().for_each(|(_, value)| events_in(value, each));
    }
}

/// Gives out the events of the trigger's value.
fn events_in(value: Value<'_>, each: &mut dyn FnMut(&[u8])) {
    let Some(text) = value.as_str() else { return events_of(value.raw(), each) };
    if text.trim_start().starts_with('[') {
        return events_of(&text, each);
    }
    match Value::parse(&text) {
        Ok(inner) if inner.kind() == Kind::Object => each(inner.raw().as_bytes()),
        Ok(inner) if inner.kind() == Kind::String => {
            inner.as_str().into_iter().for_each(|event| each(event.as_bytes()))
        }
        Ok(_) | Err(_) => each(&event_bytes(text.trim())),
    }
}

/// Gives out the elements of a batch, or a text that is no batch. Each string that is base64 as a whole is decoded, whatever
/// stands beside it: no object and no array of JSON is, so none can be taken for something else.
fn events_of(text: &str, each: &mut dyn FnMut(&[u8])) {
    let mut events = Vec::new();
    if for_each_element(text, &mut |element| events.push(element)).is_err() {
        return each(text.as_bytes());
    }
    for event in events {
        match event.as_str() {
            Some(text) => each(&event_bytes(&text)),
            None => each(event.raw().as_bytes()),
        }
    }
}

fn event_bytes(text: &str) -> Cow<'_, [u8]> {
    if text.starts_with(['{', '[']) {
        return Cow::Borrowed(text.as_bytes());
    }
    BASE64_STANDARD.decode(text).map_or(Cow::Borrowed(text.as_bytes()), Cow::Owned)
}

/// An invocation's id as the host names it, of a form that does no harm in a log. It is the same at each attempt, so that what
/// is logged at each can be counted once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct InvocationId(String);

impl InvocationId {
    /// The header that names it.
    pub const HEADER: &str = "X-Azure-Functions-InvocationId";

    /// Takes an id as the host writes it; the host's have 36 characters.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        is_plain_id(text).then(|| Self(text.to_owned()))
    }
}
