//! The lines that are printed.

use crate::hidden::sanitized;

/// What was found out, in order.
#[derive(Debug, Default)]
pub(super) struct Report {
    pub(super) lines: Vec<String>,
    faults: usize,
}

impl Report {
    /// Something is as it should be.
    pub(super) fn ok(&mut self, what: impl AsRef<str>) {
        self.line("ok     ", what.as_ref());
    }

    /// Something will go wrong; the words end with how to fix it.
    pub(super) fn fault(&mut self, what: impl AsRef<str>) {
        self.faults += 1;
        self.line("FAULT  ", what.as_ref());
    }

    /// Something works, and is good to know.
    pub(super) fn note(&mut self, what: impl AsRef<str>) {
        self.line("note   ", what.as_ref());
    }

    fn line(&mut self, label: &str, what: &str) {
        let line = sanitized(&format!("{label}{what}"));
        // Several bindings may name one setting.
        if !self.lines.contains(&line) {
            self.lines.push(line);
        }
    }

    /// How many faults there are so far: a check says `ok` if it added none.
    pub(super) fn faults(&self) -> usize {
        self.faults
    }
}
