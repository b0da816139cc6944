//! What Panther's engine does around a rule: fallbacks for what fails, limits for what is too long.
//!
//! Sources: `panther_core` 0.16, `Rule.run` in batch mode, as observed by running it.

use std::borrow::Cow;

use crate::counted::NamedRead;
use crate::facts::Facts;
use crate::json::{Token, Tokens, Value, python_dumps_len, quoted};

use super::{Parameters, Rule, RuleError};

/// Panther's limit of titles and dedup strings, in code points.
const MAX_TITLE_CHARS: usize = 1000;
/// What Panther ends a cut title with.
const TRUNCATED: &str = "... (truncated)";
/// Panther's limit of an alert context, in characters of `json.dumps`.
const MAX_CONTEXT_CHARS: usize = 200 * 1024;
/// The most characters that one byte of JSON text can become in `json.dumps` (a control character: `\u007f`).
const MAX_CHARS_PER_BYTE: usize = 6;

/// One key of an alert context with the JSON text of its value.
pub type ContextEntry<'a> = (&'static str, Cow<'a, str>);

/// What Panther groups a match by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grouping {
    /// The dedup string: matches with equal ones are of one alert.
    pub dedup: String,
    /// The value that the rule's window counts, each distinct value once.
    pub unique: Option<NamedRead>,
}

/// Runs a rule over one record; `None` where it does not match.
///
/// # Errors
/// What Panther would file as a rule error: `rule()` raised. A title or a context that fails is no error.
pub fn run(rule: &Rule, parameters: &Parameters, facts: &Facts<'_>) -> Result<Option<Grouping>, RuleError> {
    if !(rule.logic.matches)(facts, parameters)? {
        return Ok(None);
    }
    Ok(Some(grouping(rule, parameters, facts)))
}

/// What a record is grouped by, as if the rule were true for it.
#[must_use]
pub fn grouping(rule: &Rule, parameters: &Parameters, facts: &Facts<'_>) -> Grouping {
    let dedup = rule.logic.dedup.map_or_else(|| title(rule, facts), |dedup| truncated(dedup(facts)));
    Grouping { dedup, unique: rule.logic.unique.map(|unique| unique(facts, parameters)) }
}

/// The title of a match as Panther cuts it; the rule's id where `title()` raised.
#[must_use]
pub fn title(rule: &Rule, facts: &Facts<'_>) -> String {
    truncated((rule.logic.title)(&rule.metadata, facts).unwrap_or_else(|_| rule.metadata.id.to_string()))
}

fn truncated(title: String) -> String {
    if title.len() <= MAX_TITLE_CHARS || title.chars().nth(MAX_TITLE_CHARS).is_none() {
        return title;
    }
    title.chars().take(MAX_TITLE_CHARS - TRUNCATED.len()).chain(TRUNCATED.chars()).collect()
}

/// The alert context of a match, as JSON text of an object; `{"_error": …}` where Panther could not make it.
#[must_use]
pub fn context(rule: &Rule, facts: &Facts<'_>) -> String {
    let entries = match (rule.logic.context)(facts) {
        Ok(entries) => entries,
        Err(error) => return error_context(&format!("AttributeError(\"{error}\")")),
    };
    let context = object(&entries);
    let may_overflow = || entries.iter().any(|(_, value)| may_overflow(value));
    if context.len() <= MAX_CONTEXT_CHARS / MAX_CHARS_PER_BYTE && !may_overflow() {
        return context;
    }
    match Value::parse(&context).map(python_dumps_len) {
        Ok(Some(len)) if len > MAX_CONTEXT_CHARS => error_context(&format!(
            "alert_context size is [{len}] characters, bigger than maximum of [{MAX_CONTEXT_CHARS}] characters"
        )),
        Ok(None) => error_context("ValueError('Out of range float values are not JSON compliant')"),
        Ok(Some(_)) | Err(_) => context,
    }
}

/// Whether a number in a value might overflow a double: only one with an exponent or hundreds of digits can.
fn may_overflow(value: &str) -> bool {
    const MAX_DIGITS: usize = 300;
    let may = |number: &str| number.len() > MAX_DIGITS || number.contains(['e', 'E']);
    let is_text = value.starts_with('"');
    !is_text && Tokens::new(value).any(|token| matches!(token, Token::Number(number) if may(number)))
}

fn object(entries: &[ContextEntry<'_>]) -> String {
    // 32 bytes are enough for nearly every key with its quotes, colon and comma.
    let len: usize = entries.iter().map(|(_, value)| value.len() + 32).sum();
    let mut context = String::with_capacity(len);
    context.push('{');
    for (key, value) in entries {
        if context.len() > 1 {
            context.push(',');
        }
        // A name of ours has nothing to escape.
        context.extend(["\"", key, "\":"]);
        context.push_str(&Value::checked(value).squeezed());
    }
    context.push('}');
    context
}

/// An alert context with further entries at its end.
#[must_use]
pub fn with_entries(context: &str, more: &[ContextEntry<'_>]) -> String {
    let added = object(more);
    match (context.strip_suffix('}'), added.strip_prefix('{')) {
        (Some(start), Some(end)) if !more.is_empty() => {
            let comma = if start.ends_with('{') { "" } else { "," };
            format!("{start}{comma}{end}")
        }
        _ => context.to_owned(),
    }
}

fn error_context(error: &str) -> String {
    format!("{{\"_error\":{}}}", quoted(error))
}
