//! What its author says of a rule, as an alert can carry it: without hidden characters, and no longer than a message has room for.

use rsigma_parser::Level;

use super::compiled::Compiled;
use crate::hidden::sanitized;
use crate::severity::Severity;
use crate::sigma::{LogSource, SigmaRule};

/// How many bytes of a title, an id and the like an alert has.
const MAX_NAME_BYTES: usize = 200;
/// How many bytes of a description.
const MAX_DESCRIPTION_BYTES: usize = 3_000;
/// How many bytes of all references, of all tags and of all false positives.
const MAX_LIST_BYTES: usize = 2_000;

/// A text of one line.
fn line(text: &str) -> String {
    cut(&sanitized(text), MAX_NAME_BYTES)
}

/// A text of several lines.
fn lines(text: Option<&str>) -> String {
    let lines: Vec<_> = text.unwrap_or_default().lines().map(sanitized).collect();
    cut(&lines.join("\n"), MAX_DESCRIPTION_BYTES)
}

/// The first texts of a list.
fn list(texts: &[String]) -> Vec<String> {
    let mut room = MAX_LIST_BYTES;
    let texts = texts.iter().map(|text| sanitized(text)).take_while(|text| {
        let left = room.checked_sub(text.len());
        room = left.unwrap_or_default();
        left.is_some()
    });
    texts.collect()
}

fn cut(text: &str, max_bytes: usize) -> String {
    text.split_at(text.floor_char_boundary(max_bytes)).0.to_owned()
}

/// What its author says of a rule or a correlation.
pub(super) struct Said<'p> {
    pub(super) id: Option<&'p str>,
    pub(super) title: &'p str,
    pub(super) description: Option<&'p str>,
    pub(super) level: Option<Level>,
    pub(super) tags: &'p [String],
    pub(super) references: &'p [String],
    pub(super) false_positives: &'p [String],
}

impl Said<'_> {
    /// A rule of that, in a file and on a line, that reads these logs and needs one of these texts. Without an id it is known by its
    /// title, and without a level it is of the middle.
    pub(super) fn rule(
        &self,
        (file, first_line): (&str, usize),
        sources: Vec<LogSource>,
        literals: Option<Vec<String>>,
        compiled: Compiled,
    ) -> SigmaRule {
        let title = line(self.title);
        let level = self.level.unwrap_or(Level::Medium);
        SigmaRule {
            id: self.id.map_or_else(|| title.clone(), line),
            title,
            description: lines(self.description),
            severity: severity(level),
            level: level.as_str(),
            tags: list(self.tags),
            references: list(self.references),
            false_positives: list(self.false_positives),
            file: file.to_owned(),
            line: first_line,
            sources,
            literals,
            count: None,
            alerts: true,
            compiled,
        }
    }
}

/// Sigma's levels by their counterparts here.
fn severity(level: Level) -> Severity {
    match level {
        Level::Informational => Severity::Info,
        Level::Low => Severity::Low,
        Level::Medium => Severity::Medium,
        Level::High => Severity::High,
        Level::Critical => Severity::Critical,
    }
}
