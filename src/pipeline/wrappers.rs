//! What a record without an operation of its own may be: a wrapper around a whole record, or a record whose fields have
//! other names than we know.

use crate::decode::{OperationNames, Reason, base64_of_json};
use crate::json::{Kind, Object, Token, Tokens, Value, for_each_element, only_element, repaired_utf8};

/// Lists of operations that a role allows or forbids: they mention operations, and nobody called them.
const ROLE_LISTS: &[&str] = &["actions", "notActions", "dataActions", "notDataActions"];
/// How records name their operation where JSON stands in a text.
const KEYS: &[&str] = &["\"operationName\":", "'operationName':", "\"operation_name\":", "\"OperationNameValue\":"];
/// How deep values and JSON in strings are opened; what is deeper counts by its text.
const MAX_DEPTH: usize = 40;

/// A wrapper: what it is called, the members on the way to the record, and members of which it has one, too.
type Wrapper = (&'static str, &'static [&'static str], &'static [&'static str]);

/// Wrappers that are known.
const KNOWN: &[Wrapper] = &[
    ("OpenTelemetry", &["body", "structured"], &[]),
    ("OpenTelemetry", &["resourceLogs"], &[]),
    ("OpenTelemetry", &["body"], &["resource", "attributes", "severity_text", "instrumentation_scope"]),
    ("Azure Monitor's alert webhook", &["data", "context", "activityLog"], &[]),
    ("Azure Monitor's alert webhook", &["data", "alertContext"], &[]),
    ("Splunk's Event Hubs input", &["body", "records"], &[]),
    ("a Splunk search", &["result", "_raw"], &[]),
    ("a Splunk search", &["_raw"], &["_time", "sourcetype", "_indextime"]),
    ("Splunk's HTTP Event Collector", &["event"], &["sourcetype", "source", "index", "host", "time"]),
    ("Elastic", &["event", "original"], &[]),
    ("Elastic", &["_source"], &[]),
    ("Elastic", &["hits", "hits"], &[]),
    ("Logstash", &["message"], &["@version"]),
    ("Fluent Bit", &["log"], &["@timestamp", "stream", "date", "time"]),
    ("GELF", &["full_message"], &[]),
    ("Event Grid", &["data"], &["eventType", "specversion"]),
];

/// Why a record without an operation of its own is rejected; `None` if it only mentions an operation.
pub(super) fn fault(raw: &str, operations: &OperationNames, is_azures: bool) -> Option<(Reason, String)> {
    let search = Search { operations, keys: OperationNames::new(KEYS.iter().copied()), takes_any_text: !is_azures };
    let record = Value::checked(raw);
    let known = KNOWN.iter().find(|(_, path, beside)| {
        let has_beside = beside.is_empty() || beside.iter().any(|name| at(record, &[name]).is_some());
        has_beside && at(record, path).is_some_and(|found| search.finds(found, 0))
    });
    if let Some((name, path, _)) = known {
        let detail = format!("is wrapped by {name}, in `{}`: send or save the records themselves", path.join("."));
        return Some((Reason::Wrapper, detail));
    }
    if !search.finds(record, 0) {
        return None;
    }
    let is_flat = Object::parse(raw).is_ok_and(|object| object.fields().any(|(_, value)| search.is_named_by(value)));
    Some(if is_flat {
        (Reason::Undetermined, "names an operation, and not in a field that is known".to_owned())
    } else {
        (Reason::Wrapper, "has no operation name and may be wrapped around a match".to_owned())
    })
}

/// Whether a record holds an operation in base64, as some senders encode the records that they wrap.
pub(super) fn hides_in_base64(raw: &str, operations: &OperationNames) -> bool {
    let strings = Tokens::new(raw).filter(|token| matches!(token, Token::String(_))).map(Token::text);
    strings.map(|text| text.trim_matches('"')).any(|text| is_base64_of(text, operations))
}

fn is_base64_of(text: &str, operations: &OperationNames) -> bool {
    base64_of_json(text).is_some_and(|decoded| operations.may_occur_in(&repaired_utf8(&decoded)))
}

/// The member of a value at a path.
fn at<'a>(value: Value<'a>, path: &[&str]) -> Option<Value<'a>> {
    path.iter().try_fold(value, |value, name| Object::parse(value.raw()).ok()?.get(name))
}

/// What is looked for.
struct Search<'o> {
    operations: &'o OperationNames,
    keys: OperationNames,
    /// Whether an operation anywhere in a text counts. In Azure's own records only a whole text does, or one that has the
    /// key, too: a broken record's quote may have swallowed the next record.
    takes_any_text: bool,
}

impl Search<'_> {
    fn finds(&self, value: Value<'_>, depth: usize) -> bool {
        if depth > MAX_DEPTH {
            return self.operations.may_occur_in(value.raw());
        }
        match value.kind() {
            Kind::String => value.as_str().is_some_and(|text| self.finds_in_text(&text, depth)),
            Kind::Array => {
                let mut found = false;
                let read =
                    for_each_element(value.raw(), &mut |element| found = found || self.finds(element, depth + 1));
                found || read.is_err()
            }
            Kind::Object => Object::parse(value.raw()).map_or(true, |object| {
                object.fields().any(|(key, member)| {
                    let is_list = ROLE_LISTS.iter().any(|list| list.eq_ignore_ascii_case(key));
                    let is_role = is_list && member.kind() == Kind::Array;
                    !is_role && (self.finds(member, depth + 1) || self.operations.is_one(key))
                })
            }),
            Kind::Null | Kind::Bool | Kind::Int | Kind::Float => false,
        }
    }

    fn finds_in_text(&self, text: &str, depth: usize) -> bool {
        if !self.operations.may_occur_in(text) {
            return is_base64_of(text, self.operations);
        }
        let embedded = Some(text).filter(|text| text.trim_start().starts_with(['{', '[', '"']));
        if let Some(Ok(embedded)) = embedded.map(Value::parse) {
            return self.finds(embedded, depth + 1);
        }
        self.takes_any_text || self.operations.is_one(text) || self.keys.may_occur_in(text)
    }

    /// Whether a value is the name of an operation, as text or as the only one in a list.
    fn is_named_by(&self, value: Value<'_>) -> bool {
        let text = only_element(value).unwrap_or(value).as_str();
        text.is_some_and(|text| self.operations.is_one(&text))
    }
}
