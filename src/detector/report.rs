//! The lines that an invocation leaves in the function's log.

use jiff::{Timestamp, Unit};
use serde::Serialize;

use crate::alert::Alert;
use crate::hidden::sanitized;
use crate::json;
use crate::pipeline::{Counts, Rejection};

/// How many lines of each kind an invocation may leave besides its summary.
const MAX_LINES: usize = 20;

/// Collects the lines; the summary comes first.
#[derive(Debug)]
pub(super) struct Report {
    lag_seconds: Option<f64>,
    alerts: Lines,
    rejections: Lines,
    facts: Lines,
}

/// What is wrong for longer than one batch, as fields of the summary line, only there where something is wrong.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Faults {
    /// Why `EXPECTED_ACCESS` cannot be used as it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) expected_access_fault: Option<String>,
    /// Why no card is posted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) teams_fault: Option<String>,
    /// Why this instance counts alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) state_fault: Option<String>,
    /// Why `UnfamiliarReader` judges nothing, or not by all that it should know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) learning_fault: Option<String>,
    /// Until when reads only teach.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) learning_until: Option<Timestamp>,
    /// Which Sigma rules are off, and why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) sigma_fault: Option<String>,
    /// The logs that a Sigma rule reads and of which no record has come since the start.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) sigma_not_fed: Vec<String>,
}

/// Lines of one kind, with how many did not fit.
#[derive(Debug, Default)]
struct Lines {
    shown: Vec<String>,
    more: usize,
}

/// The first line: one JSON object with stable field names, for queries and alarms.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SummaryLine<'a> {
    function: &'static str,
    #[serde(flatten)]
    counts: &'a Counts,
    lag_seconds: Option<f64>,
    duration_ms: f64,
    #[serde(flatten)]
    faults: &'a Faults,
}

impl Report {
    /// Begins a report; the lag is the age of the batch's oldest event.
    pub(super) fn new(oldest: Option<Timestamp>, now: Timestamp) -> Self {
        let lag_seconds = oldest.and_then(|time| now.since(time).ok()?.total(Unit::Second).ok());
        let (alerts, rejections, facts) = Default::default();
        Self { lag_seconds, alerts, rejections, facts }
    }

    /// Adds a fact that was found out on the way.
    pub(super) fn fact(&mut self, fact: &str) {
        self.facts.push(|| sanitized(fact));
    }

    /// Adds a line about an alert, with ids only: titles hold text that others wrote.
    pub(super) fn alert(&mut self, alert: &Alert<'_>) {
        self.alerts.push(|| {
            format!(
                "alert {} {} of rule {}, {} match(es){}",
                alert.alert_id,
                alert.severity.as_str(),
                alert.rule.id,
                alert.window.match_count,
                if alert.drill.is_some() { ", a drill" } else { "" }
            )
        });
    }

    /// Adds a line about an event that was set aside.
    pub(super) fn rejection(&mut self, rejection: &Rejection) {
        self.rejections.push(|| {
            let place = &rejection.source.place;
            let sequence = place.sequence_number.map_or("unknown".to_owned(), |number| number.to_string());
            format!(
                "rejected an event of {} bytes, sequence number {sequence}, piece {}: {}",
                rejection.size,
                rejection.source.record_index.unwrap_or_default(),
                rejection.detail
            )
        });
    }

    /// The lines, the summary first.
    pub(super) fn lines(self, counts: &Counts, faults: &Faults, duration_ms: f64) -> Vec<String> {
        let Self { lag_seconds, .. } = self;
        let function = "CertificateAccessed";
        let summary = json::to_text(&SummaryLine { function, counts, lag_seconds, duration_ms, faults });
        let skipped: Vec<_> = counts.undecodable.iter().map(|(reason, count)| format!("{count} {reason}")).collect();
        let skipped = (!skipped.is_empty()).then(|| format!("skipped what is no record: {}", skipped.join(", ")));
        std::iter::once(summary)
            .chain(self.alerts.all("alerts"))
            .chain(self.rejections.all("rejected events"))
            .chain(skipped)
            .chain(self.facts.all("facts"))
            .collect()
    }
}

impl Lines {
    fn push(&mut self, line: impl FnOnce() -> String) {
        if self.shown.len() < MAX_LINES {
            self.shown.push(line());
        } else {
            self.more += 1;
        }
    }

    fn all(self, what: &str) -> impl Iterator<Item = String> {
        let more = (self.more > 0).then(|| format!("and {} more {what}", self.more));
        self.shown.into_iter().chain(more)
    }
}
