//! What makes two alerts the same: their rule and dedup string.

use std::collections::BTreeSet;
use std::fmt;

use serde::Deserialize;

/// What an alert is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Kind {
    rule: String,
    dedup: String,
}

/// A line that is not an alert message.
#[derive(Debug, thiserror::Error)]
#[error("line {0} is no alert message; give what replay prints with --format ndjson, or messages of the queue")]
pub struct NoAlert(usize);

#[derive(Deserialize)]
struct Message {
    rule: Rule,
    dedup: String,
}

#[derive(Deserialize)]
struct Rule {
    id: String,
}

/// The kinds of the alerts in lines of messages.
pub fn kinds(lines: &str) -> Result<BTreeSet<Kind>, NoAlert> {
    let kind = |(index, line): (usize, &str)| {
        let message: Message = serde_json::from_str(line).map_err(|_| NoAlert(index + 1))?;
        Ok(Kind { rule: message.rule.id, dedup: message.dedup })
    };
    lines.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).map(kind).collect()
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A dedup string can hold text that a caller chose.
        write!(formatter, "{} {}", self.rule.escape_debug(), self.dedup.escape_debug())
    }
}
