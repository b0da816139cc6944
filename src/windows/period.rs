//! How long a rule's windows last, and what they need to alert.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::rules::{Parameters, Rule};

/// The length and the threshold of a rule's windows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// How long a window lasts; 0 = every match is an alert of its own.
    pub minutes: u32,
    /// How many distinct values a window must have before it alerts; 1 = the first match alerts.
    pub threshold: usize,
}

impl Period {
    /// The period of a rule; `minutes` is the setting, if there is one.
    ///
    /// A rule with a threshold needs a window to count in, and one that learns a place in the log, so zero minutes leave their own
    /// period in force.
    #[must_use]
    pub fn of(rule: &Rule, parameters: &Parameters, minutes: Option<u32>) -> Self {
        if let Some(count) = rule.metadata.count {
            return Self { minutes: count.minutes, threshold: count.threshold };
        }
        let threshold = (rule.logic.threshold)(parameters);
        let minutes = minutes.filter(|minutes| *minutes > 0 || (threshold <= 1 && !rule.logic.learns));
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

    /// How long after a read another one of the same value is not counted again.
    #[must_use]
    pub fn repeat(self) -> SignedDuration {
        self.window() / 12
    }

    /// Over how long values are counted: as repeats are not counted, a little longer than a window.
    #[must_use]
    pub fn span(self) -> SignedDuration {
        self.window() + self.repeat()
    }
}
