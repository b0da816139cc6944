//! One kind of access that raises no alert.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::network::Network;
use crate::alert::Match;
use crate::name_pattern::NamePattern;

/// An entry: every part that it has must match; of several values of one part, one must.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) rules: Vec<&'static str>,
    pub(super) object_ids: Vec<String>,
    pub(super) app_ids: Vec<String>,
    pub(super) upns: Vec<String>,
    pub(super) networks: Vec<Network>,
    pub(super) vaults: Vec<NamePattern>,
    pub(super) certificates: Vec<NamePattern>,
    pub(super) reason: String,
    pub(super) until: Option<Date>,
}

impl Entry {
    /// Whether the entry covers a match at this time.
    pub(super) fn covers(&self, found: &Match, now: Timestamp) -> bool {
        let (identity, access) = (&found.record.identity, &found.record.access);
        self.rules.contains(&found.rule.logic.name)
            && self.until.is_none_or(|last_day| TimeZone::UTC.to_datetime(now).date() <= last_day)
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
    pub(super) fn is_open(&self) -> bool {
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
