//! JSON in a string in JSON, as forwarders and tables write what was an object before.

use std::borrow::Cow;

use super::{Kind, Value, for_each_element};

/// How often an object may be encoded as a string; nobody was seen to do it more than twice.
const MAX_ENCODINGS: usize = 3;

/// The text of a value that is an object, a list of one, or a string that holds the JSON of one, encoded once or several
/// times. Text that only begins like an object, as a column that was cut off does, is none.
#[must_use]
pub fn embedded_object(value: Value<'_>) -> Option<Cow<'_, str>> {
    match value.kind() {
        Kind::Object => return Some(Cow::Borrowed(value.raw())),
        Kind::Array => return only_object(value).map(|object| Cow::Borrowed(object.raw())),
        Kind::String => {}
        Kind::Null | Kind::Bool | Kind::Int | Kind::Float => return None,
    }
    let mut text = value.as_str()?;
    for _ in 0..MAX_ENCODINGS {
        if !text.trim_start().starts_with(['{', '[', '"']) {
            return None;
        }
        let inner = Value::parse(&text).ok()?;
        let object = match inner.kind() {
            Kind::Object => Some(inner),
            Kind::Array => Some(only_object(inner)?),
            _ => None,
        };
        text = match object {
            Some(object) => return Some(Cow::Owned(object.raw().to_owned())),
            None => Cow::Owned(inner.as_str()?.into_owned()),
        };
    }
    None
}

/// The object that is a list's only element.
fn only_object(list: Value<'_>) -> Option<Value<'_>> {
    only_element(list).filter(|element| element.kind() == Kind::Object)
}

/// The only element of a list; `None` if there are none or several, or if the value is no list.
#[must_use]
pub fn only_element(list: Value<'_>) -> Option<Value<'_>> {
    let (mut count, mut only) = (0, None);
    for_each_element(list.raw(), &mut |element| (count, only) = (count + 1, Some(element))).ok()?;
    only.filter(|_| count == 1)
}
