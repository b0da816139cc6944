//! One Sigma rule, ready to run.

use super::LogSource;
use super::engine::Compiled;
use crate::severity::Severity;

/// What its author says of a rule, and what runs.
#[derive(Debug, Clone)]
pub struct SigmaRule {
    /// Its id; its title where it has none.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What it detects.
    pub description: String,
    /// How bad an alert is, by its level.
    pub severity: Severity,
    /// Its level, as Sigma names it.
    pub level: &'static str,
    /// Its tags, those of ATT&CK among them.
    pub tags: Vec<String>,
    /// Where one reads more.
    pub references: Vec<String>,
    /// What is known to match and to be no attack.
    pub false_positives: Vec<String>,
    /// The file that it stands in.
    pub file: String,
    /// The line on which it begins.
    pub line: usize,
    /// The logs that it reads.
    pub sources: Vec<LogSource>,
    /// Texts of which one is in every record that matches; `None` if there need be none.
    pub literals: Option<Vec<String>>,
    /// What the engine runs.
    pub(super) compiled: Compiled,
}
