//! The text of a record as a Sigma rule sees it: a field that is asked for is looked up in the text, and the whole is parsed
//! only for what cannot be had so.

use std::borrow::Cow;
use std::cell::{Cell, OnceCell, RefCell};

use rsigma_eval::event::JsonEvent;
use rsigma_eval::{Event, EventValue};

use crate::decode::Record;
use crate::json::{Kind, Object, Value};

/// The text of one object.
pub(super) struct ObjectText<'a> {
    text: &'a str,
    object: Cow<'a, Object<'a>>,
    /// Members that are objects, taken apart once they were asked for.
    members: RefCell<Vec<(String, Object<'a>)>>,
    whole: OnceCell<Option<JsonEvent<'static>>>,
    /// Whether something in it is beyond what can be read as values.
    pub(super) is_unreadable: Cell<bool>,
}

/// What a lookup in the text came to.
enum Looked<'a> {
    Found(EventValue<'a>),
    Absent,
    /// The text has a list or an object there, or the path leads through one.
    AskTheWhole,
}

impl<'a> ObjectText<'a> {
    /// A record as it came.
    pub(super) fn of_record(record: &'a Record<'_>) -> Option<Self> {
        let text = record.raw();
        let read = || Some(Cow::Owned(Object::parse(text).ok()?));
        Some(Self::of(text, record.own_fields().map(Cow::Borrowed).or_else(read)?))
    }

    /// The text of an object.
    pub(super) fn of_text(text: &'a str) -> Option<Self> {
        Some(Self::of(text, Cow::Owned(Object::parse(text).ok()?)))
    }

    fn of(text: &'a str, object: Cow<'a, Object<'a>>) -> Self {
        let members = RefCell::default();
        Self { text, object, members, whole: OnceCell::new(), is_unreadable: Cell::new(false) }
    }

    /// The fields at the top.
    pub(super) fn fields(&self) -> impl Iterator<Item = (&str, Value<'a>)> {
        self.object.fields()
    }

    /// A field by its path, as [`JsonEvent`] finds it.
    pub(super) fn get(&self, path: &str) -> Option<EventValue<'_>> {
        match self.looked_up(path) {
            Looked::Found(value) => Some(value),
            Looked::Absent => None,
            Looked::AskTheWhole => self.whole()?.get_field(path),
        }
    }

    /// The whole as values; nothing where it has a number or a nesting that those cannot hold.
    pub(super) fn whole(&self) -> Option<&JsonEvent<'static>> {
        let whole = self.whole.get_or_init(|| Some(JsonEvent::owned(serde_json::from_str(self.text).ok()?)));
        self.is_unreadable.set(self.is_unreadable.get() || whole.is_none());
        whole.as_ref()
    }

    fn looked_up(&self, path: &str) -> Looked<'a> {
        if let Some(value) = self.object.exact(path) {
            return single(value);
        }
        if path.contains(['[', '\\']) {
            return Looked::AskTheWhole;
        }
        let Some((member, rest)) = path.split_once('.') else { return Looked::Absent };
        match self.object.exact(member) {
            Some(value) if value.kind() == Kind::Object && !rest.contains('.') => self
                .member(member, value)
                .map_or(Looked::AskTheWhole, |object| object.exact(rest).map_or(Looked::Absent, single)),
            Some(value) if matches!(value.kind(), Kind::Object | Kind::Array) => Looked::AskTheWhole,
            _ => Looked::Absent,
        }
    }

    fn member(&self, name: &str, value: Value<'a>) -> Option<std::cell::Ref<'_, Object<'a>>> {
        if !self.members.borrow().iter().any(|(known, _)| known == name) {
            let object = Object::parse(value.raw()).ok()?;
            self.members.borrow_mut().push((name.to_owned(), object));
        }
        let members = self.members.borrow();
        std::cell::Ref::filter_map(members, |members| {
            members.iter().find(|(known, _)| known == name).map(|(_, object)| object)
        })
        .ok()
    }
}

/// A value that is no list and no object.
fn single(value: Value<'_>) -> Looked<'_> {
    match value.kind() {
        Kind::String => value.as_str().map_or(Looked::AskTheWhole, |text| Looked::Found(EventValue::Str(text))),
        Kind::Null => Looked::Found(EventValue::Null),
        Kind::Bool => Looked::Found(EventValue::Bool(value.raw() == "true")),
        Kind::Int => value.raw().parse().map_or(Looked::AskTheWhole, |number| Looked::Found(EventValue::Int(number))),
        Kind::Float | Kind::Array | Kind::Object => Looked::AskTheWhole,
    }
}
