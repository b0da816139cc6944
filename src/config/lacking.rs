//! What the detection goes without, because a setting of it is not usable.

use super::Faults;

/// Why the detection goes without what it can do without, each empty where nothing is wrong.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lacking {
    /// Why no card is posted.
    pub teams: Faults,
    /// Why no access is expected.
    pub expected_access: Faults,
    /// Why the process log shows what it shows unless something is set.
    pub log_level: Faults,
}

impl Lacking {
    /// All that is wrong, in one.
    #[must_use]
    pub fn all(self) -> Faults {
        [self.teams, self.expected_access, self.log_level].into_iter().fold(Faults::default(), Faults::and_all)
    }
}
