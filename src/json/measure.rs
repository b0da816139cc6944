//! How long Python's `json.dumps` would print a value, because Panther judges an alert context by that length.

use super::{Token, Tokens, Value};

/// Why Python could not print a context.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ContextFault {
    /// A number such as `1e400`, which Python reads as infinity and `allow_nan=False` refuses.
    #[error("a number is out of the range of a double")]
    Infinite,
}

/// The length, in characters, of `json.dumps(value)` with `ensure_ascii` and Python's default separators.
///
/// # Errors
/// When a number overflows a double.
pub fn python_dumps_len(value: Value<'_>) -> Result<usize, ContextFault> {
    // Printing the value first leaves of a key that comes twice the last value only, as a Python `dict` does.
    let compact = value.compact();
    Tokens::new(&compact).map(token_len).sum()
}

fn token_len(token: Token<'_>) -> Result<usize, ContextFault> {
    match token {
        Token::Open(text) | Token::Close(text) | Token::Literal(text) => Ok(text.len()),
        Token::Comma(_) | Token::Colon(_) => Ok(2),
        Token::Number(raw) => number_len(raw),
        Token::String(raw) => {
            let text = Value::checked(raw).as_str().unwrap_or_default();
            Ok(string_len(&text))
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

fn number_len(raw: &str) -> Result<usize, ContextFault> {
    if !raw.contains(['.', 'e', 'E']) {
        return Ok(if raw == "-0" { 1 } else { raw.len() });
    }
    let number: f64 = raw.parse().unwrap_or_default();
    if number.is_infinite() {
        return Err(ContextFault::Infinite);
    }
    Ok(python_float(number).len())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_those_of_python() {
        let cases = [
            (r#"{"a":1,"b":[1,2]}"#, r#"{"a": 1, "b": [1, 2]}"#),
            (r#"{"a":1,"a":22}"#, r#"{"a": 22}"#),
            (r#"["é","😀","\u007f","\n","/"]"#, r#"["\u00e9", "\ud83d\ude00", "\u007f", "\n", "/"]"#),
            ("[1.0,1e5,1e16,1e-5,0.0001,-0,-0.0,1.50]", "[1.0, 100000.0, 1e+16, 1e-05, 0.0001, 0, -0.0, 1.5]"),
            ("[]", "[]"),
            (r#"{"a":{},"b":[[]],"c":null}"#, r#"{"a": {}, "b": [[]], "c": null}"#),
            (r#""plain""#, r#""plain""#),
        ];
        for (given, printed) in cases {
            assert_eq!(python_dumps_len(Value::parse(given).unwrap()), Ok(printed.len()), "{given}");
        }
    }

    #[test]
    fn a_number_that_python_reads_as_infinity_is_a_fault() {
        assert_eq!(python_dumps_len(Value::parse("[1e400]").unwrap()), Err(ContextFault::Infinite));
    }
}
