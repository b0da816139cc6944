//! Which alerts are printed: all are made, so that each is the same as without a choice.

use crate::detector::Concluded;
use crate::severity::Severity;
use crate::time_bound::TimeBounds;

/// Which alerts are printed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Shown {
    /// Those of this severity or a worse one.
    pub min_severity: Option<Severity>,
    /// Those that reach into this period, and those without any time.
    pub bounds: TimeBounds,
}

impl Shown {
    /// Whether an alert is printed.
    pub(super) fn holds(&self, alert: &Concluded) -> bool {
        Some(alert.severity()) >= self.min_severity && self.reaches(alert)
    }

    /// Whether some read of an alert may lie in the period.
    pub(super) fn reaches(&self, alert: &Concluded) -> bool {
        alert.span().is_none_or(|span| self.bounds.meet(span.first, span.last))
    }
}
