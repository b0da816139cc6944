//! Text of a page in which nothing of others can act: what is not made here has no way in.

use std::fmt;

use jiff::Timestamp;

use crate::hidden::sanitized;

/// A part of a page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Safe(String);

impl Safe {
    /// Markup of this program.
    pub(super) fn markup(markup: &'static str) -> Self {
        Self(markup.to_owned())
    }

    /// Words of this program.
    pub(super) fn words(words: &str) -> Self {
        Self(escaped(words))
    }

    /// A text of others, which keeps its direction to itself; long ones break after a slash first.
    pub(super) fn foreign(text: &str) -> Self {
        match text {
            "" => Self::default(),
            text => Self(format!("<bdi>{}</bdi>", escaped(text).replace('/', "/<wbr>"))),
        }
    }

    /// A number, with commas between thousands.
    pub(super) fn number(number: u64) -> Self {
        let digits = number.to_string();
        let mut text = String::new();
        for (place, digit) in (1..=digits.len()).rev().zip(digits.chars()) {
            text.push(digit);
            if place > 1 && place % 3 == 1 {
                text.push(',');
            }
        }
        Self(text)
    }

    /// A moment to the second, in UTC.
    pub(super) fn time(time: Timestamp) -> Self {
        Self(time.strftime("%Y-%m-%d %H:%M:%S").to_string())
    }

    /// Parts one after another, with something between them.
    pub(super) fn joined(parts: impl IntoIterator<Item = Self>, between: &str) -> Self {
        Self(parts.into_iter().map(|part| part.0).collect::<Vec<_>>().join(&escaped(between)))
    }

    /// An element of this program around a part.
    pub(super) fn within(self, start: &'static str, end: &'static str) -> Self {
        Self(format!("{start}{self}{end}"))
    }

    /// Adds a part.
    pub(super) fn push(&mut self, part: &Self) {
        self.0.push_str(&part.0);
    }

    /// Adds markup of this program with parts in it.
    pub(super) fn write(&mut self, markup: fmt::Arguments<'_>) {
        self.0.push_str(&markup.to_string());
    }

    /// Whether there is nothing.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text.
    pub(super) fn into_text(self) -> String {
        self.0
    }
}

impl fmt::Display for Safe {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in sanitized(text).chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}
