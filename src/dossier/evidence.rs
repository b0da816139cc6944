//! Where the findings come from: what a report has to say to be evidence.

use jiff::Timestamp;
use serde::Serialize;

use super::findings::Findings;
use crate::hidden::escaped_json;

/// The version of the report's form: a minor adds keys, a major breaks.
const SCHEMA_VERSION: &str = "1.0";

/// How the findings were made.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Evidence {
    /// The program and its version.
    pub version: String,
    /// The arguments that it was called with.
    pub command: Vec<String>,
    /// What decides which records are reads and alerts.
    pub settings: Vec<(&'static str, String)>,
    /// When it began.
    pub started: Timestamp,
    /// When it had read everything.
    pub ended: Timestamp,
    /// Whether the identities are the callers of alerts.
    pub is_by_alerts: bool,
    /// What it read, in its order.
    pub inputs: Vec<Input>,
}

/// One input.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Input {
    /// Its path as it was found.
    pub path: String,
    /// How many bytes it has.
    pub bytes: u64,
    /// Their SHA-256, in hex; null where it could not be read.
    pub sha256: Option<String>,
    /// How many records are in it.
    pub records: u64,
    /// What in it was not read, in words.
    pub unread: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report<'r> {
    schema_version: &'static str,
    #[serde(flatten)]
    evidence: &'r Evidence,
    asked: Asked<'r>,
    #[serde(flatten)]
    findings: &'r Findings,
}

#[derive(Serialize)]
struct Asked<'r> {
    identities: &'r [String],
    addresses: Vec<&'r str>,
    since: Option<Timestamp>,
    until: Option<Timestamp>,
}

impl Findings {
    /// The findings and where they come from, as JSON.
    #[must_use]
    pub fn report_json(&self, evidence: &Evidence) -> String {
        let report = Report {
            schema_version: SCHEMA_VERSION,
            evidence,
            asked: Asked {
                identities: &self.wanted.identities,
                addresses: self.wanted.networks.iter().map(|(written, _)| written.as_str()).collect(),
                since: self.bounds.since,
                until: self.bounds.until,
            },
            findings: self,
        };
        #[expect(clippy::expect_used, reason = "text, numbers and times can always be written as JSON")]
        let json = serde_json::to_string_pretty(&report).expect("JSON");
        escaped_json(&json) + "\n"
    }
}
