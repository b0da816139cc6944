//! One JSON value as its text, with Python's ideas of type and truth.

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::tokens::{Token, Tokens, is_blank, string_len};

/// What a value is, read off its first byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool,
    /// A number without fraction and exponent: Python's `int`.
    Int,
    /// A number with fraction or exponent: Python's `float`.
    Float,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

/// A valid JSON value, exactly as its text came, without surrounding white space.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Value<'a>(&'a str);

impl<'a> Value<'a> {
    /// Takes a value that serde has already checked.
    #[must_use]
    pub fn from_raw(raw: &'a RawValue) -> Self {
        Self(raw.get())
    }

    /// Takes text that is known to be one JSON value.
    pub(crate) fn checked(text: &'a str) -> Self {
        Self(text)
    }

    /// Checks that `text` is exactly one JSON value.
    ///
    /// # Errors
    /// When it is not.
    pub fn parse(text: &'a str) -> Result<Self, serde_json::Error> {
        serde_json::from_str::<&RawValue>(text).map(Self::from_raw)
    }

    /// Takes the first value of a text that is known to be valid JSON from there on, and does not begin with white space; of any
    /// other text it takes something.
    pub(crate) fn first_of(text: &'a str) -> Self {
        let mut tokens = Tokens::new(text);
        let mut depth = 0_usize;
        for token in tokens.by_ref() {
            match token {
                Token::Open(_) => depth += 1,
                Token::Close(_) => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 {
                break;
            }
        }
        Self(text.split_at(text.len() - tokens.rest().len()).0)
    }

    /// The value's own text.
    #[must_use]
    pub fn raw(self) -> &'a str {
        self.0
    }

    /// What the value is.
    #[must_use]
    pub fn kind(self) -> Kind {
        match self.0.as_bytes().first() {
            Some(b'n') | None => Kind::Null,
            Some(b't' | b'f') => Kind::Bool,
            Some(b'"') => Kind::String,
            Some(b'[') => Kind::Array,
            Some(b'{') => Kind::Object,
            Some(_) if self.0.contains(['.', 'e', 'E']) => Kind::Float,
            Some(_) => Kind::Int,
        }
    }

    /// A string's text, borrowed where it has no escapes; `None` for every other kind.
    ///
    /// A lone surrogate, which UTF-8 cannot hold, becomes U+FFFD.
    #[must_use]
    pub fn as_str(self) -> Option<Cow<'a, str>> {
        let inner = self.0.strip_prefix('"')?.strip_suffix('"')?;
        if memchr::memchr(b'\\', inner.as_bytes()).is_none() {
            return Some(Cow::Borrowed(inner));
        }
        let text = serde_json::from_str(self.0)
            .or_else(|_| serde_json::from_str(&super::mend_lone_surrogates(self.0)))
            .unwrap_or_else(|_| inner.to_owned());
        Some(Cow::Owned(text))
    }

    /// Whether the value says nothing: null, or a string of nothing but white space.
    #[must_use]
    pub fn is_blank(self) -> bool {
        self.kind() == Kind::Null || self.as_str().is_some_and(|text| text.trim().is_empty())
    }

    /// Whether Python would call the value true: not null, false, zero or empty.
    #[must_use]
    pub fn is_truthy(self) -> bool {
        match self.kind() {
            Kind::Null => false,
            Kind::Bool => self.0 == "true",
            Kind::String => self.0.len() > 2,
            Kind::Int | Kind::Float => self.0.parse::<f64>().is_ok_and(|number| number != 0.0),
            Kind::Array | Kind::Object => {
                Tokens::new(self.0).nth(1).is_some_and(|token| !matches!(token, Token::Close(_)))
            }
        }
    }

    /// The value's text without the white space between its tokens; everything else byte for byte.
    #[must_use]
    pub fn squeezed(self) -> Cow<'a, str> {
        if !has_blanks_between(self.0) {
            return Cow::Borrowed(self.0);
        }
        let mut squeezed = String::with_capacity(self.0.len());
        squeezed.extend(Tokens::new(self.0).map(Token::text));
        Cow::Owned(squeezed)
    }

    /// The value's compact JSON: no white space, strings with the fewest escapes, numbers as they came, and of a key
    /// that comes twice the last value.
    #[must_use]
    pub fn compact(self) -> String {
        super::python::compact(self)
    }
}

/// Whether a valid JSON text has white space that is in no string.
fn has_blanks_between(mut text: &str) -> bool {
    loop {
        let at = memchr::memchr(b'"', text.as_bytes()).unwrap_or(text.len());
        let (between, string) = text.split_at(at);
        if between.contains(is_blank) {
            return true;
        }
        if string.is_empty() {
            return false;
        }
        text = string.split_at(string_len(string)).1;
    }
}
