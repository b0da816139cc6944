//! The body of an invocation: `{"Data":{…},"Metadata":{…}}`.

use std::borrow::Cow;

use crate::json::{Kind, Object, Value};

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
        let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
        // The check alone is far quicker than the repair.
        std::str::from_utf8(body).map_or_else(|_| String::from_utf8_lossy(body), Cow::Borrowed)
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

    /// The trigger's values. A function has one trigger; its binding may have any name.
    pub fn data(&self) -> impl Iterator<Item = Value<'a>> {
        self.data.fields().map(|(_, value)| value)
    }
}
