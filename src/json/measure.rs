//! How long Python's `json.dumps` would print a value, because Panther judges an alert context by that length.

use super::{Token, Tokens, Value};

/// The length, in characters, of `json.dumps(value)` with `ensure_ascii` and Python's default separators.
/// `None` where a number such as `1e400` overflows a double: Python reads it as infinity, which `allow_nan=False` refuses.
#[must_use]
pub fn python_dumps_len(value: Value<'_>) -> Option<usize> {
    // Printing the value first leaves of a key that comes twice the last value only, as a Python `dict` does.
    let compact = value.compact();
    Tokens::new(&compact).map(token_len).sum()
}

fn token_len(token: Token<'_>) -> Option<usize> {
    match token {
        Token::Open(text) | Token::Close(text) | Token::Literal(text) => Some(text.len()),
        Token::Comma(_) | Token::Colon(_) => Some(2),
        Token::Number(raw) => number_len(raw),
        Token::String(raw) => {
            let text = Value::checked(raw).as_str().unwrap_or_default();
            Some(string_len(&text))
        }
    }
}

fn string_len(text: &str) -> usize {
    2 + text
        .chars()
        .map(|character| match character {
            '"' | '\\' | '\n' | '\r' | '\t' | '\u{8}' | '\u{c}' => 2,
            ' '..='~' => 1,
            '\u{10000}'.. => 12,
            _ => 6,
        })
        .sum::<usize>()
}

fn number_len(raw: &str) -> Option<usize> {
    if !raw.contains(['.', 'e', 'E']) {
        return Some(if raw == "-0" { 1 } else { raw.len() });
    }
    let number: f64 = raw.parse().unwrap_or_default();
    number.is_finite().then(|| python_float(number).len())
}

/// Python's `repr` of a float: the shortest digits, an exponent from 1e16 up and below 1e-4.
fn python_float(number: f64) -> String {
    let scientific = format!("{number:e}");
    let Some((digits, exponent)) = scientific.split_once('e') else { return scientific };
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if number != 0.0 && !(-4..16).contains(&exponent) {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{digits}e{sign}{:02}", exponent.abs());
    }
    let plain = format!("{number}");
    if plain.contains('.') { plain } else { plain + ".0" }
}
