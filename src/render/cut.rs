//! Long strings and deep nesting cut out of a JSON text, which stays valid.

use crate::json::{Token, Tokens, Value, quoted};

/// What ends a cut string, and stands for a cut list or object.
const MARK: &str = "… (truncated)";
/// How many pointers one value may add to `truncated`; more are told by the value's own pointer.
const MAX_POINTERS: usize = 16;
/// How long a pointer may be.
const MAX_POINTER_BYTES: usize = 256;
/// How long a key may be that stands in a pointer.
const MAX_KEY_BYTES: usize = 128;

/// How long a string and how deep a value may be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// The longest string, in bytes, before its mark.
    pub(super) string_bytes: usize,
    /// How many brackets may be open.
    pub(super) depth: usize,
}

/// One pass over one value.
pub(super) struct Cut<'t> {
    limits: Limits,
    root: String,
    path: Vec<Step>,
    pointers: Vec<String>,
    truncated: &'t mut Vec<String>,
}

/// An open list or object: the key or number of its present member.
struct Step {
    is_object: bool,
    awaits_value: bool,
    key: String,
    index: usize,
}

impl<'t> Cut<'t> {
    /// Cuts a value whose JSON pointer is `root`.
    pub(super) fn new(limits: Limits, root: String, truncated: &'t mut Vec<String>) -> Self {
        Self { limits, root, path: Vec::new(), pointers: Vec::new(), truncated }
    }

    /// The text with everything cut that is over the limits.
    pub(super) fn apply(mut self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut tokens = Tokens::new(text);
        while let Some(token) = tokens.next() {
            match token {
                Token::Open(_) if self.path.len() >= self.limits.depth => {
                    self.note();
                    skip_to_close(&mut tokens);
                    out.push_str(&quoted(MARK));
                }
                Token::Open(bracket) => {
                    out.push_str(bracket);
                    self.path.push(Step {
                        is_object: bracket == "{",
                        awaits_value: false,
                        key: String::new(),
                        index: 0,
                    });
                }
                Token::Close(bracket) => {
                    self.path.pop();
                    out.push_str(bracket);
                }
                Token::Comma(comma) => {
                    out.push_str(comma);
                    if let Some(step) = self.path.last_mut() {
                        step.awaits_value = false;
                        step.index += 1;
                    }
                }
                Token::Colon(colon) => {
                    out.push_str(colon);
                    if let Some(step) = self.path.last_mut() {
                        step.awaits_value = true;
                    }
                }
                Token::String(raw) => out.push_str(&self.string(raw)),
                Token::Number(raw) if raw.len() > self.limits.string_bytes => {
                    self.note();
                    out.push_str(&quoted(&shortened(raw, self.limits.string_bytes)));
                }
                Token::Number(raw) | Token::Literal(raw) => out.push_str(raw),
            }
        }
        self.finish();
        out
    }

    fn string(&mut self, raw: &str) -> String {
        let text = Value::parse(raw).ok().and_then(Value::as_str).unwrap_or_default();
        let kept = if raw.len() > self.limits.string_bytes {
            shortened(&text, self.limits.string_bytes)
        } else {
            text.clone().into_owned()
        };
        if let Some(step) = self.path.last_mut().filter(|step| step.is_object && !step.awaits_value) {
            step.key.clone_from(&kept);
        }
        if kept == text {
            return raw.to_owned();
        }
        self.note();
        quoted(&kept)
    }

    fn note(&mut self) {
        if self.pointers.len() > MAX_POINTERS {
            return;
        }
        let mut pointer = self.root.clone();
        for step in &self.path {
            let token = if step.is_object { pointer_token(&step.key) } else { Some(step.index.to_string()) };
            // Where the way down is too long to be told, the pointer of something above it has to do.
            let Some(token) = token.filter(|token| pointer.len() + token.len() < MAX_POINTER_BYTES) else { break };
            pointer.push('/');
            pointer.push_str(&token);
        }
        self.pointers.push(pointer);
    }

    fn finish(&mut self) {
        if self.pointers.len() > MAX_POINTERS {
            self.pointers = vec![self.root.clone()];
        }
        for pointer in self.pointers.drain(..) {
            if !self.truncated.contains(&pointer) {
                self.truncated.push(pointer);
            }
        }
    }
}

/// One token of a JSON pointer (RFC 6901); nothing for a key that is too long to be told.
pub(super) fn pointer_token(key: &str) -> Option<String> {
    (key.len() <= MAX_KEY_BYTES).then(|| key.replace('~', "~0").replace('/', "~1"))
}

/// The first `max_bytes` of a text, at a character's end, with the mark.
fn shortened(text: &str, max_bytes: usize) -> String {
    let escaped_len = |character: char| if character.is_control() { 6 } else { character.len_utf8() };
    let mut bytes = 0;
    let mut kept: String = text
        .chars()
        .take_while(|character| {
            bytes += escaped_len(*character);
            bytes <= max_bytes
        })
        .collect();
    kept.push_str(MARK);
    kept
}

fn skip_to_close(tokens: &mut Tokens<'_>) {
    let mut depth = 1usize;
    for token in tokens.by_ref() {
        match token {
            Token::Open(_) => depth += 1,
            Token::Close(_) => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return;
        }
    }
}
