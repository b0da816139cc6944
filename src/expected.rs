//! Expected access as data: who may read which certificates without an alert.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod file;
mod ready;

pub use file::{ExpectedAccessError, MAX_FILE_BYTES};
pub use ready::ready_entry;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::alert::{Match, Subject};
use crate::name_pattern::NamePattern;
use crate::network::Network;

/// The entries of a list of expected access, and why there are none or older ones.
#[derive(Debug, Clone, Default)]
pub struct ExpectedAccess {
    entries: Vec<Entry>,
    fault: Option<String>,
}

impl ExpectedAccess {
    /// Reads the content of a file or blob.
    ///
    /// # Errors
    /// Names line and column of what is wrong.
    pub fn parse(list: impl AsRef<[u8]>) -> Result<Self, ExpectedAccessError> {
        Ok(Self { entries: file::parse(list.as_ref())?, fault: None })
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

    /// The first entry that covers a match at this time.
    #[must_use]
    pub fn covering(&self, subject: Subject<'_>, now: Timestamp) -> Option<Covering<'_>> {
        self.first(|entry| !entry.about().has_ended(now) && entry.covers(subject))
    }

    /// The first entry that would cover a match, had it not ended before this time.
    #[must_use]
    pub fn ended_covering(&self, subject: Subject<'_>, now: Timestamp) -> Option<Covering<'_>> {
        self.first(|entry| entry.about().has_ended(now) && entry.covers(subject))
    }

    /// What each entry says of itself, in the order of the list.
    pub fn entries(&self) -> impl Iterator<Item = EntryAbout<'_>> {
        self.entries.iter().map(Entry::about)
    }

    fn first(&self, is_meant: impl Fn(&Entry) -> bool) -> Option<Covering<'_>> {
        let (number, entry) = self.entries.iter().enumerate().find(|(_, entry)| is_meant(entry))?;
        // The rest of an identity's reads is as unusual from where an entry of some vaults or certificates lets it as before.
        let teaches = entry.vaults.is_empty() && entry.certificates.is_empty();
        Some(Covering { number, reason: &entry.reason, teaches })
    }

    /// Parts the matches that no entry covers from the others.
    #[must_use]
    pub fn split(&self, matches: Vec<Match>, now: Timestamp) -> Split {
        let mut reasons: Vec<(String, u64)> = Vec::new();
        let (mut unexpected, mut teaching) = (Vec::new(), Vec::new());
        for found in matches {
            match self.covering(found.subject(), now) {
                None => unexpected.push(found),
                Some(Covering { reason, teaches, .. }) => {
                    count(&mut reasons, reason);
                    teaching.extend(Some(found).filter(|_| teaches));
                }
            }
        }
        Split { unexpected, teaching, reasons }
    }
}

/// What an entry that covers a match says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Covering<'e> {
    /// Its number in the list, from 0.
    pub number: usize,
    /// Why it is expected.
    pub reason: &'e str,
    /// Whether it teaches what is usual: not an entry of some vaults or certificates, because the rest of the identity's reads is
    /// as unusual from there as before.
    pub teaches: bool,
}

/// What an entry says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EntryAbout<'e> {
    /// The line of the file that it begins in, from 1.
    pub line: u64,
    /// Why its access is expected.
    pub reason: &'e str,
    /// Its last day.
    pub until: Option<Date>,
}

impl EntryAbout<'_> {
    /// Whether its last day is over.
    #[must_use]
    pub fn has_ended(&self, now: Timestamp) -> bool {
        self.until.is_some_and(|last_day| TimeZone::UTC.to_datetime(now).date() > last_day)
    }
}

/// Matches, parted by whether they are expected.
#[derive(Debug, Default)]
pub struct Split {
    /// Those that no entry covers.
    pub unexpected: Vec<Match>,
    /// Those of the others that teach what is usual.
    pub teaching: Vec<Match>,
    /// How many of the others there are, by the reasons of their entries.
    pub reasons: Vec<(String, u64)>,
}

/// Adds one to the count of a reason; a new reason comes last.
pub fn count(expected: &mut Vec<(String, u64)>, reason: &str) {
    match expected.iter_mut().find(|(known, _)| known == reason) {
        Some((_, count)) => *count += 1,
        None => expected.push((reason.to_owned(), 1)),
    }
}

/// An entry: every part that it has must match; of several values of one part, one must.
#[derive(Debug, Clone)]
struct Entry {
    /// The line that it begins in, from 1.
    line: u64,
    /// Names in `RULES`, ids and titles of Sigma rules.
    rules: Vec<String>,
    object_ids: Vec<String>,
    app_ids: Vec<String>,
    upns: Vec<String>,
    networks: Vec<Network>,
    vaults: Vec<NamePattern>,
    certificates: Vec<NamePattern>,
    reason: String,
    until: Option<Date>,
}

impl Entry {
    fn about(&self) -> EntryAbout<'_> {
        EntryAbout { line: self.line, reason: &self.reason, until: self.until }
    }

    /// Whether the entry is about a match, of whatever time.
    fn covers(&self, subject: Subject<'_>) -> bool {
        let Subject { rule, identity, access, .. } = subject;
        self.rules.iter().any(|name| rule.is_named(name))
            && names(&self.object_ids, identity.object_id.as_deref())
            && names(&self.app_ids, identity.app_id.as_deref())
            && names(&self.upns, identity.upn.as_deref())
            && self.covers_address(identity.caller_address.as_deref())
            && fits(&self.vaults, access.vault.as_deref())
            && fits(&self.certificates, access.object_name())
    }

    fn covers_address(&self, address: Option<&str>) -> bool {
        let address = address.and_then(|address| address.parse().ok());
        self.networks.is_empty() || address.is_some_and(|ip| self.networks.iter().any(|network| network.contains(ip)))
    }

    /// Whether the entry names callers by networks alone, and no vault or certificate by its whole name: what it covers
    /// cannot be counted.
    fn is_open(&self) -> bool {
        let are_names =
            |patterns: &[NamePattern]| !patterns.is_empty() && patterns.iter().all(NamePattern::is_one_name);
        let names_somebody = !(self.object_ids.is_empty() && self.app_ids.is_empty() && self.upns.is_empty());
        !(names_somebody || are_names(&self.vaults) || are_names(&self.certificates))
    }
}

/// Whether an id is in the list; an empty list allows any.
fn names(named: &[String], id: Option<&str>) -> bool {
    named.is_empty() || id.is_some_and(|id| named.iter().any(|name| name.eq_ignore_ascii_case(id)))
}

fn fits(patterns: &[NamePattern], name: Option<&str>) -> bool {
    patterns.is_empty() || name.is_some_and(|name| patterns.iter().any(|pattern| pattern.matches(name)))
}
