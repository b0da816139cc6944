//! What the windows say of a batch's matches.

use crate::windows::{Entry, Fold, Verdict};

/// The verdicts, and what an operator has to know of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Decided {
    /// What becomes of each match, in order.
    pub verdicts: Vec<Verdict>,
    /// How many matches came so late that they count among their own only.
    pub late: u64,
    /// How many lines of the shared log could not be read since this was last reported.
    pub unread_lines: u64,
    /// Why this instance counts alone.
    pub fault: Option<String>,
}

impl Decided {
    /// The verdicts of entries that the windows hold, or need not hold.
    #[must_use]
    pub fn by(windows: &Fold, entries: &[Entry]) -> Self {
        Self {
            verdicts: entries.iter().map(|entry| windows.verdict(entry)).collect(),
            late: entries.iter().filter(|entry| windows.is_late(entry)).count() as u64,
            ..Self::default()
        }
    }

    /// The line for operators if this instance counts alone.
    #[must_use]
    pub fn fault_line(&self) -> Option<String> {
        let fault = self.fault.as_ref()?;
        Some(format!("this instance counts alone, so a dump may be told by several instances or by none: {fault}"))
    }

    /// The line for operators if lines of the shared log cannot be read.
    #[must_use]
    pub fn unread_line(&self) -> Option<String> {
        let count = self.unread_lines;
        (count > 0).then(|| format!("passed over {count} line(s) of the windows' log that no instance can read"))
    }
}
