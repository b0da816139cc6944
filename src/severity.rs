//! Panther's severities, and Chronicle's number for each.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

use serde::Serialize;

/// How bad an alert is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Severity {
    /// No risk by itself.
    Info,
    /// A minor risk.
    Low,
    /// Worth a look within the day.
    Medium,
    /// Worth a look now.
    High,
    /// Wake somebody.
    Critical,
}

impl Severity {
    /// Reads a severity in any case, as Panther does.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let all = [Self::Info, Self::Low, Self::Medium, Self::High, Self::Critical];
        all.into_iter().find(|severity| severity.as_str().eq_ignore_ascii_case(text.trim()))
    }

    /// The severity as Panther's webhook writes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "INFO",
            Self::Low => "LOW",
            Self::Medium => "MEDIUM",
            Self::High => "HIGH",
            Self::Critical => "CRITICAL",
        }
    }

    /// Chronicle's risk score.
    #[must_use]
    pub fn risk_score(self) -> u8 {
        match self {
            Self::Info => 10,
            Self::Low => 30,
            Self::Medium => 50,
            Self::High => 75,
            Self::Critical => 95,
        }
    }
}
