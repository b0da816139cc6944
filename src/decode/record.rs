//! One log line, looked at as Panther looks at it.

use std::borrow::Cow;

use super::NormalForm;
use crate::json::{Object, Value, embedded_object};
use crate::source::Marks;

/// A record: its text as it came, and its fields under their Event Hubs names.
#[derive(Debug, Clone)]
pub struct Record<'a> {
    raw: &'a str,
    object: Object<'a>,
    normal: Option<&'a NormalForm>,
    marks: Marks,
}

impl<'a> Record<'a> {
    /// Reads one record in the hub's own form from the text of one JSON object.
    ///
    /// # Errors
    /// When `raw` is not exactly one JSON object.
    pub fn parse(raw: &'a str) -> Result<Self, serde_json::Error> {
        Ok(Self::of_hub(raw.trim(), Object::parse(raw)?, Marks::default()))
    }

    /// Reads a record again from its own text and the form that it was read in, with what was done to its bytes then.
    ///
    /// # Panics
    /// When the text is no record's: a bug here that must not cost an alert in silence.
    #[must_use]
    #[expect(clippy::expect_used, reason = "only texts of records come here")]
    pub fn again(raw: &'a str, normal: Option<&'a NormalForm>, marks: Marks) -> Self {
        let text = normal.map_or(raw, |normal| &normal.text);
        Self { raw, object: Object::parse(text).expect("a text that was a record before"), normal, marks }
    }

    pub(super) fn of_hub(raw: &'a str, object: Object<'a>, marks: Marks) -> Self {
        Self { raw, object, normal: None, marks }
    }

    /// Reads a record of another form by what was written of it in the hub's form; `None` if that is no object.
    pub(super) fn normalized(raw: &'a str, normal: &'a NormalForm, marks: Marks) -> Option<Self> {
        let object = Object::parse(&normal.text).ok()?;
        Some(Self { raw, object, normal: Some(normal), marks: Marks { form: Some(normal.form), ..marks } })
    }

    /// The record in the hub's form, where it came in another one.
    #[must_use]
    pub fn normal(&self) -> Option<&'a NormalForm> {
        self.normal
    }

    /// The record's fields as they came; `None` where it came in another form, of which only the text is kept.
    #[must_use]
    pub fn own_fields(&self) -> Option<&Object<'a>> {
        self.normal.is_none().then_some(&self.object)
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

    /// Whether some value under this name in the record as it came, in any case and with or without underscores, is one for
    /// which `holds` is true.
    pub fn any_named(&self, name: &str, holds: impl Fn(Value<'a>) -> bool) -> bool {
        let folds_alike = |key: &str| key.contains('_') && key.replace('_', "").eq_ignore_ascii_case(name);
        // Length and first letter are asked first, because this is asked of nearly every record.
        let first = name.bytes().next().unwrap_or(b'_');
        let begins_alike = |key: &str| key.bytes().next().is_some_and(|c| c == b'_' || c.eq_ignore_ascii_case(&first));
        let may_be = |key: &str| key.len() >= name.len() && begins_alike(key);
        let is_same = |key: &str| may_be(key) && (key.eq_ignore_ascii_case(name) || folds_alike(key));
        let any = |object: &Object<'a>| object.fields().any(|(key, value)| is_same(key) && holds(value));
        match self.normal {
            None => any(&self.object),
            Some(_) => Object::parse(self.raw).is_ok_and(|object| any(&object)),
        }
    }

    /// A field by its Event Hubs name, found as [`Object::get`] finds it.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Value<'a>> {
        self.object.get(name)
    }

    /// The log's category; some forwarders call it `type`.
    #[must_use]
    pub fn category(&self) -> Cow<'a, str> {
        let text = |name| self.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        text("category").or_else(|| text("type")).unwrap_or_default()
    }

    /// The text of a field that is an object, or a string that holds the JSON of one, encoded once or several times.
    #[must_use]
    pub fn object_text(&self, name: &str) -> Option<Cow<'a, str>> {
        embedded_object(self.get(name)?)
    }
}
