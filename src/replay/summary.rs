//! What a replay says at its end, on stderr.

use std::fmt::Display;
use std::io::{self, Write as _};
use std::time::Duration;

use super::again::NotAgain;
use super::not_read::NotRead;
use crate::config::WITH_AUDIT_RULES;
use crate::decode::{Reason, RecordKind};
use crate::expected::ExpectedAccess;
use crate::hidden::sanitized;
use crate::outcome::Outcome;
use crate::pipeline::{Counts, Pipeline, Rejection};
use crate::saved_logs::MAX_TEXT_BYTES;
use crate::sigma::SigmaRules;
use crate::source::Place;
use crate::usual::Usual;

/// How many rejected events are named.
const MAX_NAMED: u64 = 20;

/// What is counted besides the evaluation's own counts.
#[derive(Debug, Default)]
pub(super) struct Summary {
    /// Files read.
    pub(super) files: u64,
    /// Copies of matching records, left out.
    pub(super) copies: u64,
    /// Matches whose record has no time that can be read.
    pub(super) timeless: u64,
    /// Alerts of another time than was asked for.
    pub(super) outside: usize,
    /// Alerts less severe than was asked for.
    pub(super) milder: usize,
    /// What was not read.
    pub(super) not_read: NotRead,
    rejected: u64,
}

impl Summary {
    /// Reports an input, or a part of one, that could not be read.
    pub(super) fn unreadable(&mut self, name: impl Display, fault: impl Display, kind: &'static str) {
        say(&format!("cannot read {name}: {fault}"));
        self.not_read.add(kind);
    }

    /// Reports a record that cannot be read again for its alert.
    pub(super) fn not_again(&mut self, NotAgain { place, error }: &NotAgain) {
        self.unreadable(at(place), error, "not to be read again");
    }

    /// Reports an input in which there is text, and not one record.
    pub(super) fn without_records(&mut self, name: &str, reasons: &str) {
        self.not_read.add("without a record");
        say(&format!(
            "nothing in {name} could be read as logs: {reasons}; what is read are JSON, CSV of a table of Log Analytics with its \
             header, and Avro of Event Hubs Capture"
        ));
    }

    /// Reports a text of which only the beginning was read.
    pub(super) fn cut(&mut self, place: &Place) {
        self.not_read.add("longer than is read");
        say(&format!(
            "only the first {} MiB (unpacked) of {} were read; no record that Azure writes is longer, and lists of records may \
             be: save it with one record on each line to read all of it",
            MAX_TEXT_BYTES >> 20,
            at(place)
        ));
    }

    /// Reports rejected events, and drops them.
    pub(super) fn take_rejected(&mut self, rejected: &mut Vec<Rejection>) {
        for rejection in rejected.drain(..) {
            self.rejected += 1;
            if self.rejected <= MAX_NAMED {
                let source = &rejection.source;
                let piece = source.record_index.unwrap_or_default();
                say(&format!("rejected {}, piece {piece}: {}", at(&source.place), rejection.detail));
            }
        }
    }

    /// Prints what a baseline has.
    pub(super) fn print_learnt(&self, counts: &Counts, usual: &Usual, elapsed: Duration) {
        let since = usual.since().map_or_else(|| "nothing".to_owned(), |since| format!("since {since}"));
        say(&format!(
            "{} files, {} records, {} reads of {} identities {since}, {:.2} s",
            self.files,
            counts.records,
            counts.matches,
            usual.len(),
            elapsed.as_secs_f64()
        ));
    }

    /// How it ended.
    pub(super) fn outcome(&self) -> Outcome {
        if self.not_read.stopped.is_some() { Outcome::Interrupted } else { Outcome::from(self.not_read.count == 0) }
    }

    /// Prints how much each entry of a list of expected access covers.
    pub(super) fn print_expected(&self, expected: &ExpectedAccess, matches: &[u64]) {
        for (entry, count) in expected.entries().zip(matches).filter(|(_, count)| **count > 0) {
            say(&format!("expected, no alert: {count} matches, {}", entry.reason));
        }
    }

    /// Prints the figures.
    pub(super) fn print(&self, counts: &Counts, pipeline: &Pipeline, elapsed: Duration) {
        let kinds: Vec<_> = counts.records_by_kind.each().map(|(kind, count)| format!("{count} {kind}")).collect();
        let kinds = if kinds.is_empty() { "none".to_owned() } else { kinds.join(", ") };
        say(&format!(
            "{} files, {} records ({kinds}), {} matches, {} alerts, {} expected, {} rejected, {:.2} s",
            self.files,
            counts.records,
            counts.matches,
            counts.alerts,
            counts.expected,
            self.rejected,
            elapsed.as_secs_f64()
        ));
        if self.outside > 0 {
            say(&format!("{} alerts lie outside of --since and --until, and are not printed", self.outside));
        }
        if self.milder > 0 {
            say(&format!("{} alerts are below --min-severity, and are not printed", self.milder));
        }
        if counts.pending > 0 {
            say(&format!(
                "{} matches stayed below the threshold of their rule, or only taught what is usual",
                counts.pending
            ));
        }
        if self.copies > 0 {
            say(&format!(
                "{} copies of matching records are left out; the alert names all places of a record",
                self.copies
            ));
        }
        if self.timeless > 0 {
            say(&format!("{} matches have no time that can be read, so each has a window of its own", self.timeless));
        }
        for (kind, count) in counts.records_by_kind.each().filter(|(kind, _)| !pipeline.reads(*kind)) {
            if let Some(advice) = unread(kind) {
                say(&format!("{count} {kind} records, {advice}"));
            }
        }
        if let Some(sigma) = pipeline.sigma() {
            say_sigma(sigma, counts);
        }
        self.not_read.print(counts, self.files);
    }
}

/// Says which Sigma rules are on, which are not and why, and which had nothing to read.
fn say_sigma(sigma: &SigmaRules, counts: &Counts) {
    say(&format!("{} Sigma rules are on", sigma.rules().len()));
    sigma.sentences().for_each(|fault| say(&format!("off: {fault}")));
    sigma.open().into_iter().for_each(|open| say(&open));
    for source in sigma.not_fed(&counts.sigma_fed) {
        let count = sigma.count_reading(source);
        say(&format!(
            "on, not fed: {count} Sigma rules read the {source}, and no record of it came: {}",
            source.setting()
        ));
    }
}

/// Reasons with how often each occurred.
pub(super) fn listed(reasons: impl Iterator<Item = (Reason, u64)>) -> String {
    reasons.map(|(reason, count)| format!("{count} {reason}")).collect::<Vec<_>>().join(", ")
}

/// The file and line of a place, or the file and event.
fn at(place: &Place) -> String {
    let file = place.file.as_deref().unwrap_or("-");
    match (place.line, place.sequence_number) {
        (None, Some(number)) => format!("{file}, event {number}"),
        (line, _) => format!("{file}:{}", line.unwrap_or_default()),
    }
}

/// What to say about records that no active rule reads; nothing where no rule exists for that log.
fn unread(kind: RecordKind) -> Option<String> {
    match kind {
        RecordKind::KeyVaultAudit => Some(format!("and no audit rule is on: set {WITH_AUDIT_RULES}")),
        RecordKind::ActivityLog => Some("and no rule is on that reads them: set RULES=CertificateAccessed,...".into()),
        RecordKind::Other => None,
    }
}

/// Writes a line to stderr, whether or not somebody reads it.
pub(crate) fn say(line: &str) {
    let _unread = writeln!(io::stderr(), "{}", sanitized(line));
}
