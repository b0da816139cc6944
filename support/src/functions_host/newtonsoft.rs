//! JSON text as Newtonsoft.Json prints it: its escapes, its dates, its numbers, its indenting.

use super::iso_date::IsoDate;
use super::json::Json;

/// A JSON string literal. Control characters, U+0085, U+2028 and U+2029 are escaped; all else that
/// is not ASCII stays raw (functions-host §1, "JSON escaping is Newtonsoft default").
pub fn quoted(text: &str) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push('"');
    for c in text.chars() {
        match c {
            '"' => literal.push_str("\\\""),
            '\\' => literal.push_str("\\\\"),
            '\n' => literal.push_str("\\n"),
            '\r' => literal.push_str("\\r"),
            '\t' => literal.push_str("\\t"),
            '\u{8}' => literal.push_str("\\b"),
            '\u{c}' => literal.push_str("\\f"),
            '\0'..='\u{1f}' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
                literal.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            plain => literal.push(plain),
        }
    }
    literal.push('"');
    literal
}

/// A JSON array of elements that are JSON text already.
pub fn array(elements: impl IntoIterator<Item = String>) -> String {
    let elements: Vec<String> = elements.into_iter().collect();
    format!("[{}]", elements.join(","))
}

/// A JSON object of values that are JSON text already.
pub fn object<'a>(members: impl IntoIterator<Item = (&'a str, String)>) -> String {
    let members: Vec<String> = members.into_iter().map(|(name, value)| format!("{}:{value}", quoted(name))).collect();
    format!("{{{}}}", members.join(","))
}

/// A parsed token on one line (`Formatting.None`), dates and floats rewritten.
pub fn compact(value: &Json) -> String {
    print(value, None)
}

/// A parsed token over many lines (`JToken.ToString()`), dates and floats rewritten.
pub fn indented(value: &Json) -> String {
    print(value, Some(0))
}

fn print(value: &Json, level: Option<usize>) -> String {
    let inner = level.map(|level| level + 1);
    let colon = if level.is_some() { ": " } else { ":" };
    match value {
        Json::Null => "null".to_owned(),
        Json::Bool(value) => value.to_string(),
        Json::Number(digits) => number(digits),
        Json::Text(text) => match IsoDate::parse(text) {
            Some(date) => quoted(&date.rewritten()),
            None => quoted(text),
        },
        Json::Array(elements) => {
            let elements = elements.iter().map(|element| print(element, inner));
            enclose('[', elements.collect(), ']', level)
        }
        Json::Object(members) => {
            let members = members.iter().map(|(name, value)| format!("{}{colon}{}", quoted(name), print(value, inner)));
            enclose('{', members.collect(), '}', level)
        }
    }
}

fn enclose(open: char, parts: Vec<String>, close: char, level: Option<usize>) -> String {
    match level {
        Some(level) if !parts.is_empty() => {
            let (outer, inner) = ("  ".repeat(level), "  ".repeat(level + 1));
            let parts = parts.join(&format!(",\n{inner}"));
            format!("{open}\n{inner}{parts}\n{outer}{close}")
        }
        _ => format!("{open}{}{close}", parts.join(",")),
    }
}

/// A number inside JSON: whole numbers keep their digits, a float always shows a point.
pub fn number(digits: &str) -> String {
    let printed = invariant_number(digits);
    let float = digits.contains(['.', 'e', 'E']);
    if float && !printed.contains(['.', 'E']) { format!("{printed}.0") } else { printed }
}

/// A number as `ToString()` gives it under the invariant culture: the shortest text that reads
/// back the same, with an exponent below 1E-05 and from 1E+15 (.NET Core 3.0 and later).
pub fn invariant_number(digits: &str) -> String {
    if !digits.contains(['.', 'e', 'E']) {
        return digits.to_owned();
    }
    let Ok(value) = digits.parse::<f64>() else {
        return digits.to_owned();
    };
    let scientific = format!("{value:E}");
    let exponent: i32 = scientific.split_once('E').and_then(|(_, exponent)| exponent.parse().ok()).unwrap_or(0);
    match scientific.split_once('E') {
        Some((mantissa, _)) if !(-5..15).contains(&exponent) => {
            let sign = if exponent < 0 { '-' } else { '+' };
            format!("{mantissa}E{sign}{:02}", exponent.abs())
        }
        _ => value.to_string(),
    }
}
