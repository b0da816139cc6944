//! JSON that others wrote, with its long strings and deep nesting cut; what is left is valid JSON, and JSON pointers (RFC
//! 6901) say what was cut.

use std::borrow::Cow;

use serde_json::value::RawValue;

use crate::json::{Token, Tokens, Value, quoted, raw_value};

/// Ends a cut string, and replaces a list or object that is nested too deep.
const MARK: &str = "… (truncated)";
/// How many bytes the pointers into one part of a message may take together.
pub(super) const MAX_POINTER_BYTES: usize = 1024;

/// How long a string and how deep a value may be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// The longest string, in bytes of JSON before the mark.
    pub(super) string_bytes: usize,
    /// How many brackets may be open.
    pub(super) depth: usize,
}

/// One level of the way to the present token.
enum Step {
    /// In an object: the present key, once it was read.
    Key(Option<String>),
    /// In a list: the present index.
    Index(usize),
}

/// The JSON with everything cut that is over the limits, and `pointers` with what was cut.
pub(super) fn cut(json: &RawValue, limits: Limits, pointers: &mut Pointers) -> Box<RawValue> {
    let mut out = String::with_capacity(json.get().len());
    let mut path: Vec<Step> = Vec::new();
    let mut tokens = Tokens::new(json.get());
    while let Some(token) = tokens.next() {
        let shorter = match token {
            Token::Open(_) if path.len() == limits.depth => {
                skip_to_close(&mut tokens);
                Some(MARK.to_owned())
            }
            Token::String(raw) | Token::Number(raw) if raw.len() > limits.string_bytes => {
                shortened(&text(raw), limits.string_bytes)
            }
            _ => None,
        };
        match &shorter {
            Some(shorter) => {
                add(pointers, &path);
                out.push_str(&quoted(shorter));
            }
            None => out.push_str(token.text()),
        }
        match (token, path.last_mut()) {
            (Token::Open(_), _) if shorter.is_some() => {}
            (Token::Open(bracket), _) => path.push(if bracket == "{" { Step::Key(None) } else { Step::Index(0) }),
            (Token::Close(_), _) => drop(path.pop()),
            (Token::Comma(_), Some(Step::Key(key))) => *key = None,
            (Token::Comma(_), Some(Step::Index(index))) => *index += 1,
            (Token::String(raw), Some(Step::Key(key @ None))) => {
                *key = shorter.or_else(|| Some(text(raw).into_owned()))
            }
            _ => {}
        }
    }
    raw_value(out)
}

/// The beginning of a text and the mark; `None` if the text takes no more than `max_bytes` in JSON.
pub(super) fn shortened(text: &str, max_bytes: usize) -> Option<String> {
    let mut bytes = 0;
    let (end, _) = text.char_indices().find(|(_, character)| {
        bytes += match character {
            '\0'..='\u{1f}' => 6,
            '"' | '\\' => 2,
            other => other.len_utf8(),
        };
        bytes > max_bytes
    })?;
    let (kept, _) = text.split_at_checked(end)?;
    Some(format!("{kept}{MARK}"))
}

/// How deep a JSON text is nested.
pub(super) fn depth(json: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    for token in Tokens::new(json) {
        match token {
            Token::Open(_) => depth += 1,
            Token::Close(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// What a string says; of a number its digits.
fn text(raw: &str) -> Cow<'_, str> {
    Value::checked(raw).as_str().unwrap_or(Cow::Borrowed(raw))
}

/// Adds the value that the path leads to; of a key that is cut itself, the object that has it.
fn add(pointers: &mut Pointers, path: &[Step]) {
    let keys: Vec<_> = path
        .iter()
        .filter_map(|step| match step {
            Step::Key(key) => key.as_deref().map(Cow::Borrowed),
            Step::Index(index) => Some(Cow::Owned(index.to_string())),
        })
        .collect();
    pointers.add(keys.iter().map(Cow::as_ref));
}

fn skip_to_close(tokens: &mut Tokens<'_>) {
    let mut open = 1_usize;
    for token in tokens {
        match token {
            Token::Open(_) => open += 1,
            Token::Close(_) => open -= 1,
            _ => {}
        }
        if open == 0 {
            return;
        }
    }
}

/// The pointers into one part of a message; if they are too long, only the pointer to the part itself.
#[derive(Debug)]
pub(super) struct Pointers {
    part: String,
    pointers: Vec<String>,
    bytes: usize,
}

impl Pointers {
    /// No pointers yet into the part with the pointer `part`.
    pub(super) fn into_part(part: &str) -> Self {
        Self { part: part.to_owned(), pointers: Vec::new(), bytes: 0 }
    }

    /// Adds the value that these keys and indexes lead to, and takes out the pointers into it.
    pub(super) fn add<'k>(&mut self, keys: impl IntoIterator<Item = &'k str>) {
        if self.bytes > MAX_POINTER_BYTES {
            return;
        }
        let pointer = keys
            .into_iter()
            .fold(self.part.to_owned(), |pointer, key| pointer + "/" + &key.replace('~', "~0").replace('/', "~1"));
        let is_inside = |known: &str| known.strip_prefix(&pointer).is_some_and(|rest| rest.starts_with('/'));
        self.pointers.retain(|known| !is_inside(known));
        if !self.pointers.contains(&pointer) {
            self.bytes += quoted(&pointer).len() + 1;
            self.pointers.push(pointer);
        }
    }

    /// The pointers, ready for `truncated`.
    pub(super) fn into_vec(self) -> Vec<String> {
        if self.bytes > MAX_POINTER_BYTES { vec![self.part.to_owned()] } else { self.pointers }
    }
}
