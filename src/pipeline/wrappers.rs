//! What a record without an operation of its own may be: a wrapper around a whole record, or a record whose fields have
//! other names than we know.

use serde_json::Value;

use crate::decode::{OperationNames, Reason};

/// Lists of operations that a role allows or forbids: they mention operations, and nobody called them.
const ROLE_LISTS: &[&str] = &["actions", "notActions", "dataActions", "notDataActions"];
/// The key that a record has for its operation, in the hub's form.
const OPERATION_NAME: &str = "operationName";

/// Wrappers that are known: what each is called, and the members on the way to the record, `*` for any.
const KNOWN: &[(&str, &[&str])] = &[
    ("OpenTelemetry", &["body", "structured"]),
    ("Azure Monitor's alert webhook", &["data", "context", "activityLog"]),
    ("Splunk's Event Hubs input", &["body", "records"]),
    ("a Splunk search", &["result", "_raw"]),
    ("a Splunk search", &["_raw"]),
    ("Elastic", &["event", "original"]),
    ("Splunk's HTTP Event Collector", &["event"]),
    ("Elastic", &["_source"]),
    ("Logstash", &["message"]),
];

/// Why a record without an operation of its own is rejected; `None` if it only mentions an operation.
pub(super) fn fault(raw: &str, operations: &OperationNames, is_azures: bool) -> Option<(Reason, String)> {
    let Ok(record) = serde_json::from_str::<Value>(raw) else {
        // Deeper than a parser goes, and deeper than anything that Azure writes.
        return Some((Reason::Wrapper, "has no operation name and may be wrapped around a match".to_owned()));
    };
    let searched = Search { operations, key: OperationNames::new([OPERATION_NAME]), takes_any_text: !is_azures };
    let known = KNOWN.iter().find(|(_, path)| at(&record, path).is_some_and(|found| searched.finds(found, 0)));
    if let Some((name, path)) = known {
        let detail = format!("is wrapped by {name}, in `{}`: send or save the records themselves", path.join("."));
        return Some((Reason::Wrapper, detail));
    }
    if !searched.finds(&record, 0) {
        return None;
    }
    let is_flat = record.as_object().is_some_and(|fields| fields.values().any(|value| searched.is_named_by(value)));
    Some(if is_flat {
        (Reason::Undetermined, "names an operation, and not in a field that is known".to_owned())
    } else {
        (Reason::Wrapper, "has no operation name and may be wrapped around a match".to_owned())
    })
}

fn at<'v>(value: &'v Value, path: &[&str]) -> Option<&'v Value> {
    path.iter().try_fold(value, |value, name| value.get(name))
}

/// What is looked for.
struct Search<'o> {
    operations: &'o OperationNames,
    key: OperationNames,
    /// Whether an operation anywhere in a text counts. In Azure's own records only a whole text does, or one that has the
    /// key, too: a broken record's quote may have swallowed the next record.
    takes_any_text: bool,
}

/// How deep JSON in strings is opened.
const MAX_TEXTS: usize = 4;

impl Search<'_> {
    fn finds(&self, value: &Value, texts: usize) -> bool {
        match value {
            Value::String(text) => self.finds_in_text(text, texts),
            Value::Array(elements) => elements.iter().any(|element| self.finds(element, texts)),
            Value::Object(members) => members.iter().any(|(key, member)| {
                let is_role = member.is_array() && ROLE_LISTS.iter().any(|list| list.eq_ignore_ascii_case(key));
                !is_role && (self.finds(member, texts) || self.finds_in_text(key, MAX_TEXTS))
            }),
            Value::Null | Value::Bool(_) | Value::Number(_) => false,
        }
    }

    fn finds_in_text(&self, text: &str, texts: usize) -> bool {
        if !self.operations.may_occur_in(text) {
            return false;
        }
        let embedded = Some(text).filter(|text| text.trim_start().starts_with(['{', '[', '"']) && texts < MAX_TEXTS);
        if let Some(embedded) = embedded.and_then(|text| serde_json::from_str::<Value>(text).ok()) {
            return self.finds(&embedded, texts + 1);
        }
        self.takes_any_text || self.operations.is_one(text) || self.key.may_occur_in(text)
    }

    /// Whether a value is the name of an operation, as text or as the only one in a list.
    fn is_named_by(&self, value: &Value) -> bool {
        match value {
            Value::String(text) => self.operations.is_one(text),
            Value::Array(elements) => elements.len() == 1 && elements.iter().any(|element| self.is_named_by(element)),
            _ => false,
        }
    }
}
