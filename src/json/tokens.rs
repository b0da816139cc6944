//! The tokens of a valid JSON text, one after another, without recursion and without a tree.

/// One token with the text it came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token<'a> {
    /// `{` or `[`.
    Open(&'a str),
    /// `}` or `]`.
    Close(&'a str),
    /// `,`.
    Comma(&'a str),
    /// `:`.
    Colon(&'a str),
    /// A string with its quotes.
    String(&'a str),
    /// A number.
    Number(&'a str),
    /// `true`, `false` or `null`.
    Literal(&'a str),
}

impl<'a> Token<'a> {
    /// The token's own text.
    #[must_use]
    pub fn text(self) -> &'a str {
        match self {
            Self::Open(text)
            | Self::Close(text)
            | Self::Comma(text)
            | Self::Colon(text)
            | Self::String(text)
            | Self::Number(text)
            | Self::Literal(text) => text,
        }
    }
}

/// Walks a text that is known to be valid JSON; on any other text it yields something and ends.
#[derive(Debug, Clone)]
pub struct Tokens<'a> {
    rest: &'a str,
}

impl<'a> Tokens<'a> {
    /// Starts at the beginning of `text`.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        Self { rest: text }
    }

    /// What has not been walked yet.
    #[must_use]
    pub fn rest(&self) -> &'a str {
        self.rest
    }

    fn take(&mut self, len: usize) -> &'a str {
        let (token, rest) = self.rest.split_at_checked(len).unwrap_or((self.rest, ""));
        self.rest = rest;
        token
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        while let Some(rest) = self.rest.strip_prefix(is_blank) {
            self.rest = rest;
        }
        let first = *self.rest.as_bytes().first()?;
        Some(match first {
            b'{' | b'[' => Token::Open(self.take(1)),
            b'}' | b']' => Token::Close(self.take(1)),
            b',' => Token::Comma(self.take(1)),
            b':' => Token::Colon(self.take(1)),
            b'"' => Token::String(self.take(string_len(self.rest))),
            b'-' | b'0'..=b'9' => Token::Number(self.take(bare_len(self.rest))),
            _ => Token::Literal(self.take(bare_len(self.rest).max(1))),
        })
    }
}

/// The length of the string that `text` begins with, quotes included; the whole text if the string has no end.
#[must_use]
pub fn string_len(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 1;
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr::memchr2(b'"', b'\\', rest)) {
        at += found;
        match bytes.get(at) {
            Some(b'"') => return at + 1,
            _ => at += 2,
        }
    }
    text.len()
}

fn bare_len(text: &str) -> usize {
    let is_end = |byte: u8| matches!(byte, b',' | b':' | b']' | b'}' | b'{' | b'[' | b'"') || is_blank(byte.into());
    text.bytes().position(is_end).unwrap_or(text.len())
}

/// White space as JSON has it between tokens.
pub(super) fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\r')
}
