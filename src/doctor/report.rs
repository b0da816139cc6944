//! The lines that are printed.

use std::io::{self, Write};

use crate::wire::sanitized;

/// What was found out, in the order in which it was.
#[derive(Debug, Default)]
pub(super) struct Report {
    lines: Vec<String>,
    faults: usize,
}

impl Report {
    /// Something is as it should be.
    pub(super) fn ok(&mut self, what: impl AsRef<str>) {
        self.lines.push(sanitized(&format!("ok     {}", what.as_ref())));
    }

    /// Something will go wrong; `mend` says what to do.
    pub(super) fn fault(&mut self, what: impl AsRef<str>, mend: impl AsRef<str>) {
        self.faults += 1;
        let line = sanitized(&format!("FAULT  {}: {}", what.as_ref(), mend.as_ref()));
        // Several bindings name one setting.
        if !self.lines.contains(&line) {
            self.lines.push(line);
        }
    }

    /// Something that works, and that one should know.
    pub(super) fn note(&mut self, what: impl AsRef<str>) {
        self.lines.push(sanitized(&format!("note   {}", what.as_ref())));
    }

    /// How many faults there are so far: a check says `ok` where it added none.
    pub(super) fn faults(&self) -> usize {
        self.faults
    }

    /// Whether there is no fault.
    pub(super) fn is_healthy(&self) -> bool {
        self.faults == 0
    }

    /// Writes all lines.
    pub(super) fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        self.lines.iter().try_for_each(|line| writeln!(out, "{line}"))
    }
}
