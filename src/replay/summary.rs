//! What a replay says at its end, on stderr.

use std::io::{self, Write as _};
use std::time::Duration;

use super::lines::MAX_TEXT_BYTES;
use crate::config::WITH_AUDIT_RULES;
use crate::decode::RecordKind;
use crate::pipeline::{Counts, Pipeline, Rejection};
use crate::source::Place;
use crate::wire::sanitized;

/// How many rejected events are named.
const MAX_NAMED: usize = 20;

/// What is counted beside the evaluation.
#[derive(Debug, Default)]
pub(super) struct Summary {
    /// Files read.
    pub(super) files: u64,
    unreadable: u64,
    rejected: u64,
}

impl Summary {
    /// Tells of an input that could not be read.
    pub(super) fn unreadable(&mut self, name: &str, error: &io::Error) {
        self.unreadable += 1;
        say(&format!("cannot read {name}: {error}"));
    }

    /// Tells of a text of which only the beginning was read.
    pub(super) fn cut(&mut self, place: &Place) {
        self.unreadable += 1;
        say(&format!(
            "only the first {} MiB of {}:{} were read, unpacked; no line that Azure writes, and no JSON text over several \
             lines, is longer: write it anew with a record on each line to read it all",
            MAX_TEXT_BYTES >> 20,
            place.file.as_deref().unwrap_or("-"),
            place.line.unwrap_or_default()
        ));
    }

    /// Tells of events that were set aside, and forgets them.
    pub(super) fn take_rejected(&mut self, rejected: &mut Vec<Rejection>) {
        for rejection in rejected.drain(..) {
            self.rejected += 1;
            if self.rejected <= MAX_NAMED as u64 {
                let place = &rejection.source.place;
                say(&format!(
                    "rejected {}:{}, piece {}: {}",
                    place.file.as_deref().unwrap_or("-"),
                    place.line.unwrap_or_default(),
                    rejection.source.record_index.unwrap_or_default(),
                    rejection.detail
                ));
            }
        }
    }

    /// Whether every input could be read.
    pub(super) fn is_complete(&self) -> bool {
        self.unreadable == 0
    }

    /// Prints the figures.
    pub(super) fn print(&self, counts: &Counts, pipeline: &Pipeline, silenced: &[(String, u64)], elapsed: Duration) {
        let kinds: Vec<_> = counts.records_by_kind.each().map(|(kind, count)| format!("{count} {kind}")).collect();
        let undecodable: Vec<_> =
            counts.undecodable.iter().map(|(reason, count)| format!("{count} {}", reason.as_str())).collect();
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
        for (reason, count) in silenced {
            say(&format!("expected, no alert: {count} matches, {reason}"));
        }
        if counts.pending > 0 {
            say(&format!("{} matches stayed below the threshold of their rule", counts.pending));
        }
        for (kind, count) in counts.records_by_kind.each().filter(|(kind, _)| !pipeline.reads(*kind)) {
            if let Some(advice) = unread(kind) {
                say(&format!("{count} {kind} records, {advice}"));
            }
        }
        if !undecodable.is_empty() {
            say(&format!("not decodable: {}", undecodable.join(", ")));
        }
    }
}

/// What to say of records that no active rule reads; nothing of logs that no rule is for.
fn unread(kind: RecordKind) -> Option<String> {
    match kind {
        RecordKind::KeyVaultAudit => Some(format!("and no audit rule is on: set {WITH_AUDIT_RULES}")),
        RecordKind::ActivityLog => {
            Some("and no rule is on that reads them: set RULES=CertificateAccessed,...".to_owned())
        }
        RecordKind::Other => None,
    }
}

/// Writes a line to stderr; where nobody reads it, it is not missed.
fn say(line: &str) {
    let _unread = writeln!(io::stderr(), "{}", sanitized(line));
}
