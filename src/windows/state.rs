//! What `certificate-accessed windows` prints.

use std::fmt;

use jiff::Timestamp;
use serde::Serialize;

use super::WindowKey;
use crate::digest::Digest;

/// One key's windows, for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WindowState<'f> {
    /// The key.
    pub key: WindowKey,
    /// The rule's id.
    pub rule: &'f str,
    /// Who made the calls.
    pub identity: &'f str,
    /// How many distinct values count.
    pub values: usize,
    /// How many reads count.
    pub reads: usize,
    /// The first read that counts.
    pub first_read: Option<Timestamp>,
    /// The last read that counts.
    pub last_read: Option<Timestamp>,
    /// The times of the records that alerts belong to.
    pub alerts: Vec<Timestamp>,
    /// The incident that was opened last, as long as reads may belong to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub incident: Option<IncidentState>,
}

/// An incident, for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct IncidentState {
    /// The id of its first alert.
    pub id: Digest,
    /// The number of its last alert.
    pub step: u32,
    /// How many distinct names it has.
    pub names: usize,
    /// Its first read.
    pub since: Timestamp,
    /// When it ends, unless reads go on.
    pub until: Timestamp,
}

impl fmt::Display for IncidentState {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, step, names, since, until } = self;
        write!(formatter, "{names} names since {since}, step {step}, open until {until}; {id}")
    }
}
