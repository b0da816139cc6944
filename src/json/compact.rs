//! A value printed anew: no white space, the fewest escapes, a key that comes twice with its last value.

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

/// Prints a value; numbers keep their own digits. A value that is nested deeper than anyone nests only loses its white
/// space.
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
