//! Expected access as data: who may read which certificates without an alert.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod entry;
mod file;
mod network;

pub use file::{ExpectedAccessError, MAX_FILE_BYTES};

use jiff::Timestamp;

use crate::alert::Match;
use entry::Entry;

/// The entries of a list of expected access, and why there are none or older ones.
#[derive(Debug, Clone, Default)]
pub struct ExpectedAccess {
    entries: Vec<Entry>,
    fault: Option<String>,
}

impl ExpectedAccess {
    /// Reads a file's text.
    ///
    /// # Errors
    /// Names line and column of what is wrong.
    pub fn parse(text: &str) -> Result<Self, ExpectedAccessError> {
        Ok(Self { entries: file::parse(text)?, fault: None })
    }

    /// No expected access, because the list cannot be used.
    #[must_use]
    pub fn broken(fault: String) -> Self {
        Self { entries: Vec::new(), fault: Some(fault) }
    }

    /// The same list, with what is wrong with the newer one that should have replaced it.
    #[must_use]
    pub fn with_fault(self, fault: String) -> Self {
        Self { fault: Some(fault), ..self }
    }

    /// Why the list in force is empty, or an older one, although there is a list.
    #[must_use]
    pub fn fault(&self) -> Option<&str> {
        self.fault.as_deref()
    }

    /// The reason of the first entry that covers a match at this time.
    #[must_use]
    pub fn reason(&self, found: &Match, now: Timestamp) -> Option<&str> {
        self.entries.iter().find(|entry| entry.covers(found, now)).map(|entry| entry.reason.as_str())
    }

    /// The matches that no entry covers, and how many the others are by the reasons of their entries.
    #[must_use]
    pub fn split(&self, matches: Vec<Match>, now: Timestamp) -> (Vec<Match>, Vec<(String, u64)>) {
        let mut expected: Vec<(String, u64)> = Vec::new();
        let unexpected = matches
            .into_iter()
            .filter(|found| {
                let Some(reason) = self.reason(found, now) else { return true };
                match expected.iter_mut().find(|(known, _)| known == reason) {
                    Some((_, count)) => *count += 1,
                    None => expected.push((reason.to_owned(), 1)),
                }
                false
            })
            .collect();
        (unexpected, expected)
    }
}
