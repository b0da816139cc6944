//! What was not read, and why, summed up: what was said of it meanwhile may be far above.

use std::collections::BTreeMap;

use super::summary::{listed, say};
use crate::pipeline::Counts;
use crate::saved_logs::PassedOver;

/// What was not read.
#[derive(Debug, Default)]
pub(super) struct NotRead {
    /// How many inputs, or parts of them, could not be read.
    pub(super) count: u64,
    /// The same by what they are.
    kinds: BTreeMap<&'static str, u64>,
    /// What of folders was not meant.
    pub(super) passed_over: PassedOver,
    /// The input in which Ctrl-C ended the reading, and how many are not read, that one included.
    pub(super) stopped: Option<(String, usize)>,
}

impl NotRead {
    /// Counts an input, or a part of one, by what it is.
    pub(super) fn add(&mut self, kind: &'static str) {
        self.count += 1;
        *self.kinds.entry(kind).or_default() += 1;
    }

    /// Says it; `files` is how many were read.
    pub(super) fn print(&self, counts: &Counts, files: u64) {
        if self.count > 0 {
            let kinds: Vec<_> = self.kinds.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
            say(&format!("not read: {} inputs or parts of them, named above: {}", self.count, kinds.join(", ")));
        }
        if !counts.undecodable.is_empty() {
            let reasons = listed(counts.undecodable.iter().map(|(reason, count)| (*reason, *count)));
            say(&format!("not read: what is no record, {reasons}"));
        }
        let PassedOver { hidden, links } = self.passed_over;
        if hidden + links > 0 {
            say(&format!(
                "not read: {hidden} hidden entries of folders, {links} links to folders; name them to read them"
            ));
        }
        if let Some((path, unread)) = &self.stopped {
            let all = files + *unread as u64;
            say(&format!(
                "PARTIAL: Ctrl-C ended the reading in {path}; {unread} of {all} inputs were not read, or not to their end"
            ));
        }
    }
}
