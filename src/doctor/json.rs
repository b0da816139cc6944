//! JSON files of the app, read as the host reads them.

use serde_json::Value;

use super::Report;
use super::app::App;
use crate::json::string_len;

/// A part of a value: a member of an object, in any case as the host finds it; a binding by its name, whose case counts; or
/// another element by its index.
pub(super) fn get<'v>(value: &'v Value, part: &str) -> Option<&'v Value> {
    let found = match value {
        Value::Object(members) => members
            .get(part)
            .or_else(|| members.iter().find(|(name, _)| name.eq_ignore_ascii_case(part)).map(|(_, value)| value)),
        Value::Array(elements) => elements.iter().enumerate().find_map(|(index, element)| {
            let name = get(element, "name").and_then(Value::as_str);
            name.map_or_else(|| index.to_string() == part, |name| name == part).then_some(element)
        }),
        _ => None,
    };
    found.filter(|found| !found.is_null())
}

/// The text of a single value: numbers and booleans are taken for theirs.
pub(super) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Reads a file that holds an object; `None` if it does not, which is reported. Only the place of a syntax error is
/// reported: serde's own message quotes the text.
pub(super) fn read_object(app: &mut App, name: &str, copy: &str, report: &mut Report) -> Option<Value> {
    let why = match app.text(name) {
        Ok(Some(text)) if text.trim().is_empty() => format!("is empty: {copy}"),
        Ok(Some(text)) => {
            let strict = serde_json::from_str(&text);
            let has_comments = strict.is_err();
            match strict.or_else(|_| serde_json::from_str::<Value>(&without_comments(&text))) {
                Ok(value) if value.is_object() => {
                    if has_comments {
                        report.note(format!(
                            "{name} has comments or trailing commas: the host takes them, scripts/package and other tools do not"
                        ));
                    }
                    return Some(value);
                }
                Ok(_) => format!("is not a JSON object: {copy}"),
                Err(error) => format!("is not JSON: fix line {} column {}", error.line(), error.column()),
            }
        }
        Ok(None) => format!("is missing: {copy}"),
        Err(why) => why.to_owned(),
    };
    report.fault(format!("{name} {why}"));
    None
}

/// The text with blanks in place of comments and trailing commas; everything else keeps its line and column.
fn without_comments(text: &str) -> String {
    let mut json = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let until = |mark| rest.get(2..).and_then(|after| after.find(mark));
        let (piece, after) = rest.split_at(match first {
            '"' => string_len(rest),
            '/' if rest.starts_with("//") => until("\n").map_or(rest.len(), |end| end + 2),
            '/' if rest.starts_with("/*") => until("*/").map_or(rest.len(), |end| end + 4),
            first => first.len_utf8(),
        });
        match first {
            '/' if piece.len() > 1 => json.extend(piece.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' })),
            ']' | '}' => {
                if let Some(before) = json.trim_end().strip_suffix(',').map(str::len) {
                    json.replace_range(before..=before, " ");
                }
                json.push(first);
            }
            _ => json.push_str(piece),
        }
        rest = after;
    }
    json
}
