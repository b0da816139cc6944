//! A value as Python would hold it: printed anew, and how long `json.dumps` would print it.

use std::collections::HashMap;

use super::{Token, Tokens, Value, quoted};

/// A list or object that is still open.
#[derive(Default)]
struct Container {
    is_object: bool,
    key: Option<String>,
    /// What each member prints, the key of an object's member included.
    members: Vec<String>,
    index: HashMap<String, usize>,
}

/// How deep a value may be to be printed anew. Every level copies what is in it, so depth would cost its square; and
/// Python's own reader gives up at about a thousand levels.
const MAX_DEPTH: usize = 256;

/// Prints a value: no white space, the fewest escapes, numbers with their own digits, and of a key that comes twice the last
/// value. A value that is nested deeper than anyone nests only loses its white space.
pub(super) fn compact(value: Value<'_>) -> String {
    if is_deep(value) {
        return value.squeezed().into_owned();
    }
    let mut open = vec![Container::default()];
    for token in Tokens::new(value.raw()) {
        let member = match token {
            Token::Open(bracket) => {
                open.push(Container { is_object: bracket == "{", ..Container::default() });
                continue;
            }
            Token::Comma(_) | Token::Colon(_) => continue,
            Token::Close(_) => open.pop().map(Container::print).unwrap_or_default(),
            Token::String(raw) => {
                let text = Value::checked(raw).as_str().unwrap_or_default();
                match open.last_mut() {
                    Some(container) if container.is_object && container.key.is_none() => {
                        container.key = Some(text.into_owned());
                        continue;
                    }
                    _ => quoted(&text),
                }
            }
            Token::Number(raw) | Token::Literal(raw) => raw.to_owned(),
        };
        if let Some(container) = open.last_mut() {
            container.add(member);
        }
    }
    open.into_iter().next().map(|root| root.members.concat()).unwrap_or_default()
}

fn is_deep(value: Value<'_>) -> bool {
    let mut depth = 0usize;
    Tokens::new(value.raw()).any(|token| {
        match token {
            Token::Open(_) => depth += 1,
            Token::Close(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth > MAX_DEPTH
    })
}

impl Container {
    fn add(&mut self, member: String) {
        let Some(key) = self.key.take() else {
            self.members.push(member);
            return;
        };
        let printed = format!("{}:{member}", quoted(&key));
        match self.index.get(&key).and_then(|at| self.members.get_mut(*at)) {
            Some(earlier) => *earlier = printed,
            None => {
                self.index.insert(key, self.members.len());
                self.members.push(printed);
            }
        }
    }

    fn print(self) -> String {
        let members = self.members.join(",");
        if self.is_object { format!("{{{members}}}") } else { format!("[{members}]") }
    }
}

/// The length of `json.dumps(value)` with `ensure_ascii` and Python's default separators, in characters: Panther judges an
/// alert context by it.
///
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
