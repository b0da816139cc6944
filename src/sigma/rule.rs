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
    /// Over how long it counts matches of other rules, and from how many on it alerts; `None` for a rule that matches records.
    pub count: Option<Count>,
    /// Whether its own matches alert: not those that are only counted.
    pub alerts: bool,
    /// What the engine runs.
    pub(super) compiled: Compiled,
}

/// How a correlation counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// How long its window is.
    pub minutes: u32,
    /// From how many matches, or distinct values, on it alerts.
    pub threshold: usize,
    /// Whether it counts distinct values, and not matches.
    pub is_of_values: bool,
}
