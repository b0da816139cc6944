//! How long a rule's windows last, and what they need to alert.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::rules::{Parameters, Rule};

/// How a rule's windows are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// How long a window lasts; 0 = every match is an alert of its own.
    pub minutes: u32,
    /// How many distinct values a window must have before it alerts; 1 = the first match alerts.
    pub threshold: usize,
}

impl Period {
    /// The windows of a rule; `minutes` is what the settings say, where they say anything.
    ///
    /// A rule with a threshold needs a window to count in, so zero minutes leave it its own period.
    #[must_use]
    pub fn of(rule: &Rule, parameters: &Parameters, minutes: Option<u32>) -> Self {
        let threshold = (rule.logic.threshold)(parameters);
        let minutes = minutes.filter(|minutes| *minutes > 0 || threshold <= 1);
        Self { minutes: minutes.unwrap_or(rule.metadata.dedup_period_minutes), threshold }
    }

    /// Whether distinct values are counted.
    #[must_use]
    pub fn counts(self) -> bool {
        self.threshold > 1
    }

    /// The length of a window.
    #[must_use]
    pub fn window(self) -> SignedDuration {
        SignedDuration::from_mins(i64::from(self.minutes))
    }

    /// How near a value must come again not to be written down again.
    #[must_use]
    pub fn repeat(self) -> SignedDuration {
        self.window() / 12
    }

    /// Over how long values are counted: as repeats are not written down, a little more than a window.
    #[must_use]
    pub fn span(self) -> SignedDuration {
        self.window() + self.repeat()
    }
}
