//! One log line, looked at as Panther looks at it.

use std::borrow::Cow;

use crate::json::{Kind, Object, Token, Tokens, Value};
use crate::source::Marks;

/// A record: its text as it came, and its fields.
#[derive(Debug, Clone)]
pub struct Record<'a> {
    raw: &'a str,
    object: Object<'a>,
    rest: Option<RestForm<'a>>,
    marks: Marks,
}

/// Fields of the REST form (the portal's export, `az monitor activity-log list`) under their Event Hubs names.
type RestForm<'a> = [(&'static str, Option<Value<'a>>); 4];

impl<'a> Record<'a> {
    /// Reads one record from the text of one JSON object.
    ///
    /// # Errors
    /// When `raw` is not exactly one JSON object.
    pub fn parse(raw: &'a str) -> Result<Self, serde_json::Error> {
        Ok(Self::new(raw.trim(), Object::parse(raw)?, Marks::default()))
    }

    /// Reads a record again from its own text, with what was done to its bytes then.
    ///
    /// # Panics
    /// When the text is no record's: a bug here that must not cost an alert in silence.
    #[must_use]
    #[expect(clippy::expect_used, reason = "only texts of records come here")]
    pub fn again(raw: &'a str, marks: Marks) -> Self {
        Self::new(raw, Object::parse(raw).expect("a text that was a record before"), marks)
    }

    pub(super) fn new(raw: &'a str, object: Object<'a>, marks: Marks) -> Self {
        let rest = rest_form(&object);
        let marks = Marks { rest_form: rest.is_some(), ..marks };
        Self { raw, object, rest, marks }
    }

    /// The record's own text.
    #[must_use]
    pub fn raw(&self) -> &'a str {
        self.raw
    }

    /// What was done to the record's bytes.
    #[must_use]
    pub fn marks(&self) -> Marks {
        self.marks
    }

    /// A field by its Event Hubs name, found as [`Object::get`] finds it.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Value<'a>> {
        let renamed = self.rest.iter().flatten().find(|(known, _)| *known == name);
        renamed.and_then(|(_, value)| *value).or_else(|| self.object.get(name))
    }

    /// The log's category; some forwarders call it `type`.
    #[must_use]
    pub fn category(&self) -> Cow<'a, str> {
        let text = |name| self.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        text("category").or_else(|| text("type")).unwrap_or_default()
    }

    /// The texts of the fields that are lists.
    pub fn lists(&self) -> impl Iterator<Item = &'a str> {
        self.object.fields().map(|(_, value)| value).filter(|value| value.kind() == Kind::Array).map(Value::raw)
    }

    /// Every string in it, keys included, with quotes and escapes.
    pub fn strings(&self) -> impl Iterator<Item = &'a str> {
        let tokens = Tokens::new(self.raw());
        tokens.filter(|token| matches!(token, Token::String(_))).map(Token::text)
    }

    /// The text of a field that is an object, or a string that holds the JSON of one, as some producers write it.
    #[must_use]
    pub fn object_text(&self, name: &str) -> Option<Cow<'a, str>> {
        let value = self.get(name)?;
        match value.kind() {
            Kind::Object => Some(Cow::Borrowed(value.raw())),
            Kind::String => value.as_str().filter(|text| text.trim_start().starts_with('{')),
            _ => None,
        }
    }
}

fn rest_form<'a>(object: &Object<'a>) -> Option<RestForm<'a>> {
    let operation_name = member(object, "operationName", "value").filter(|name| name.kind() == Kind::String)?;
    let result_type = member(object, "resultType", "value").or_else(|| member(object, "status", "value"));
    Some([
        ("operationName", Some(operation_name)),
        ("resultType", result_type),
        ("callerIpAddress", member(object, "httpRequest", "clientIpAddress")),
        ("time", object.get("eventTimestamp")),
    ])
}

fn member<'a>(object: &Object<'a>, field: &str, name: &str) -> Option<Value<'a>> {
    let value = object.get(field).filter(|value| value.kind() == Kind::Object)?;
    Object::parse(value.raw()).ok()?.get(name)
}
