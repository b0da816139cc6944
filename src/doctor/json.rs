//! JSON files of the app, read as the host reads them.

use serde_json::Value;

use super::app::App;
use super::report::Report;

/// A member of an object by its name in any case, as the host finds it.
pub(super) fn get<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
    let object = value.as_object()?;
    object.get(name).or_else(|| object.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value))
}

/// What the host takes a single value for: numbers and booleans are their text.
pub(super) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Reads a file that holds an object, or tells why not and gives `Null`. Only the place of a fault is told: serde's own
/// words quote the text.
pub(super) fn read_object(app: &mut App, name: &str, copy: &str, report: &mut Report) -> Value {
    let (what, mend) = match app.text(name) {
        Ok(Some(text)) if text.trim().is_empty() => ("is empty", copy.to_owned()),
        Ok(Some(text)) => match parse(&text) {
            Ok((value, has_comments)) if value.is_object() => {
                if has_comments {
                    report.note(format!(
                        "{name} has comments or a comma too many: the host takes them, scripts/package and other tools do not"
                    ));
                }
                return value;
            }
            Ok(_) => ("holds no object", copy.to_owned()),
            Err(error) => ("is not JSON", format!("mend line {} column {}", error.line(), error.column())),
        },
        Ok(None) => ("is missing", copy.to_owned()),
        Err((what, mend)) => (what, mend.to_owned()),
    };
    report.fault(format!("{name} {what}"), mend);
    Value::Null
}

/// The value, and whether the text has what only the host takes.
fn parse(text: &str) -> serde_json::Result<(Value, bool)> {
    serde_json::from_str(text)
        .map(|value| (value, false))
        .or_else(|_| serde_json::from_str(&strict(text)).map(|value| (value, true)))
}

/// The text with blanks in place of comments and of commas before an end; every place in it stays the same.
fn strict(text: &str) -> String {
    let mut strict = String::with_capacity(text.len());
    // Where the comma stands after which only blanks have come.
    let mut comma = None;
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let until = |mark| rest.get(2..).and_then(|after| after.find(mark));
        let (piece, after) = rest.split_at(match first {
            '"' => string_length(rest),
            '/' if rest.starts_with("//") => until("\n").map_or(rest.len(), |end| end + 2),
            '/' if rest.starts_with("/*") => until("*/").map_or(rest.len(), |end| end + 4),
            first => first.len_utf8(),
        });
        let is_comment = first == '/' && piece.len() > 1;
        match comma {
            Some(comma) if matches!(first, ']' | '}') => strict.replace_range(comma..=comma, " "),
            _ => {}
        }
        if first == ',' {
            comma = Some(strict.len());
        } else if !is_comment && !first.is_whitespace() {
            comma = None;
        }
        if is_comment {
            strict.extend(piece.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
        } else {
            strict.push_str(piece);
        }
        rest = after;
    }
    strict
}

/// The length of the string that a text begins with, its quotes included.
fn string_length(text: &str) -> usize {
    let mut is_escaped = false;
    let end = text.bytes().skip(1).position(|byte| {
        let is_end = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        is_end
    });
    end.map_or(text.len(), |end| end + 2)
}
