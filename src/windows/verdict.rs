//! What the windows say of one match.

use jiff::Timestamp;

use super::RecordId;
use crate::alert::Due;

/// What becomes of a match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The alert belongs to this match.
    Alert {
        /// When the hub took the record: the same whenever the alert goes out.
        created_at: Timestamp,
        /// What else it says.
        due: Due,
    },
    /// The alert of another record, less than a window away, covers it.
    Suppressed {
        /// That record.
        by: RecordId,
    },
    /// No window around it has reached the rule's threshold, or too little is known to say what is unusual.
    Pending,
    /// It is like the identity's other reads.
    Familiar,
}
