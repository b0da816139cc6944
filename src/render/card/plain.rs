//! Text that others wrote, made safe to show: it stays readable and cannot do anything.
//!
//! Such text only ever becomes the `text` of a `TextRun`, which knows no markdown. What a client might still act on is
//! broken visibly, never removed: an investigator has to see that somebody tried.

use crate::hidden::sanitized;

/// What ends a cut text.
pub(super) const MARK: &str = "… (cut)";

/// Text that is safe to show. Texts of others become a `TextRun` through this type only; markup is made of constants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Plain(String);

impl Plain {
    /// The text on one line, without anything that a client could act on, at most `max_weight` heavy (see [`weight`]).
    pub(super) fn new(text: &str, max_weight: usize) -> Self {
        let on_one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        Self(cut(&defused(&sanitized(&on_one_line)), max_weight))
    }

    /// The text with an end of our own, as safe as each of them: `mailto` and a colon are an address.
    pub(super) fn followed_by(&self, end: &'static str) -> Self {
        Self(defused(&format!("{}{end}", self.0)))
    }

    /// The text.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Breaks what clients look for in any text: date macros (`{{DATE(…)}}`), addresses that they would turn into links,
/// and mentions (`<at>`), which do nothing without an entity of the card, but are not worth the risk.
fn defused(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.replace("://", "[:]//").chars() {
        if character == '{' && out.ends_with('{') {
            out.push(' ');
        }
        out.push(character);
        let ends_with = |trap: &&str| {
            let end = out.len().checked_sub(trap.len()).and_then(|start| out.get(start..));
            end.is_some_and(|end| end.eq_ignore_ascii_case(trap))
        };
        if ["www.", "mailto:", "javascript:", "msteams:", "<at", "</at"].iter().any(ends_with) {
            out.pop();
            out.extend(['[', character, ']']);
        }
    }
    out
}

fn cut(text: &str, max_weight: usize) -> String {
    if weight(text) <= max_weight {
        return text.to_owned();
    }
    let room = max_weight.saturating_sub(weight(MARK));
    let mut used = 0;
    let kept = text.chars().take_while(|character| {
        used += weight_of(*character);
        used <= room
    });
    kept.chain(MARK.chars()).collect()
}

/// How many bytes a text takes in a JSON string at worst: a relay may write every character outside of ASCII as `\uXXXX`,
/// and Teams counts the bytes that it stores.
pub(super) fn weight(text: &str) -> usize {
    text.chars().map(weight_of).sum()
}

fn weight_of(character: char) -> usize {
    match character {
        '"' | '\\' => 2,
        ' '..='~' => 1,
        _ => 6 * character.len_utf16(),
    }
}
