//! What became of a match of a replay: there may be millions, so it is a number.

use std::fmt;

/// What became of a match.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Fate(u32);

impl Fate {
    /// It is expected.
    pub(super) const EXPECTED: Self = Self(u32::MAX);
    /// No window around it has reached the rule's threshold, or too little is known to say what is unusual.
    pub(super) const PENDING: Self = Self(u32::MAX - 1);
    /// It is like the identity's other reads.
    pub(super) const FAMILIAR: Self = Self(u32::MAX - 2);
    /// An alert covers it that is none of the replay's.
    pub(super) const SUPPRESSED: Self = Self(u32::MAX - 3);

    /// It belongs to an alert of the replay, by its number.
    pub(super) fn of_alert(alert: usize) -> Self {
        Self(u32::try_from(alert).unwrap_or(u32::MAX).min(Self::SUPPRESSED.0))
    }

    /// The number of the alert that it belongs to.
    pub(super) fn alert(self) -> Option<usize> {
        (self.0 < Self::SUPPRESSED.0).then_some(self.0 as usize)
    }
}

impl fmt::Debug for Fate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::EXPECTED => formatter.write_str("expected"),
            Self::PENDING => formatter.write_str("pending"),
            Self::FAMILIAR => formatter.write_str("familiar"),
            Self::SUPPRESSED => formatter.write_str("suppressed"),
            Self(alert) => write!(formatter, "of alert {alert}"),
        }
    }
}
