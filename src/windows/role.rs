//! What an entry of the log is there for.

/// What an entry may do besides being counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// It counts, and becomes an owner where it completes a dense stretch.
    Match,
    /// It only counts: its batch was answered already.
    Counted,
    /// Its alert went out already.
    Owner,
    /// The read was refused: it is only told where reads are that were not.
    Refused,
    /// It brings in what is known of an identity elsewhere.
    Known,
    /// What was learnt before is gone.
    Lost,
}
