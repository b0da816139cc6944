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
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Whether a text is a name, and so may be printed. Secrets get pasted where names belong; they hold other characters.
pub(super) fn is_name(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b':' | b'-');
    (1..=100).contains(&text.len()) && text.bytes().all(is_part)
}

/// Reads a JSON file of the app. Only the place of a fault is told: serde's own words quote the text.
pub(super) fn read_json(app: &mut App, name: &str, copy: &str, report: &mut Report) -> Option<Value> {
    let text = match app.text(name) {
        Ok(Some(text)) if text.trim().is_empty() => {
            report.fault(format!("{name} is empty"), copy);
            return None;
        }
        Ok(Some(text)) => text,
        Ok(None) => {
            report.fault(format!("{name} is missing"), copy);
            return None;
        }
        Err(trouble) => {
            report.fault(format!("{name} {}", trouble.what()), trouble.mend());
            return None;
        }
    };
    if let Ok(value) = serde_json::from_str(&text) {
        return Some(value);
    }
    match serde_json::from_str(&strict(&text)) {
        Ok(value) => {
            report.note(format!(
                "{name} has comments or a comma too many: the host takes them, scripts/package and other tools do not"
            ));
            Some(value)
        }
        Err(error) => {
            let (line, column) = (error.line(), error.column());
            report.fault(format!("{name} is not JSON"), format!("mend line {line} column {column}"));
            None
        }
    }
}

/// The text with blanks in place of comments and of commas before an end; every place in it stays the same.
fn strict(text: &str) -> String {
    let mut strict = String::with_capacity(text.len());
    // Where the comma stands after which only blanks have come.
    let mut comma = None;
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' => string_length(rest),
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => {
                rest.get(2..).and_then(|after| after.find("*/")).map_or(rest.len(), |end| end + 4)
            }
            first => first.len_utf8(),
        };
        let (piece, after) = rest.split_at(length);
        match first {
            '/' if length > 1 => strict.extend(piece.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' })),
            ',' => {
                comma = Some(strict.len());
                strict.push(',');
            }
            ']' | '}' => {
                if let Some(comma) = comma.take() {
                    strict.replace_range(comma..=comma, " ");
                }
                strict.push_str(piece);
            }
            _ => {
                if !first.is_whitespace() {
                    comma = None;
                }
                strict.push_str(piece);
            }
        }
        rest = after;
    }
    strict
}

/// The length of the string that a text begins with, its quotes included.
fn string_length(text: &str) -> usize {
    let mut is_escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}
