//! Where a replay's alerts go: lines at once, or a table at the end.

use std::io::{self, BufWriter, IsTerminal as _, Stdout, Write as _};

use super::Format;
use super::table::Table;
use crate::alert::Alert;
use crate::hidden::escaped_json;
use crate::render::queue_message;

/// Standard output, in one of two formats.
pub(super) enum Output {
    /// Alert messages, a line each.
    Ndjson {
        /// Where they go.
        stdout: BufWriter<Stdout>,
        /// Whether a terminal would act on what is in them; others get each byte as the queue does.
        is_terminal: bool,
    },
    /// Rows, printed at the end.
    Table(Box<Table>),
}

impl Output {
    /// Begins the output.
    pub(super) fn new(format: Format) -> Self {
        match format {
            Format::Ndjson => {
                let stdout = io::stdout();
                Self::Ndjson { is_terminal: stdout.is_terminal(), stdout: BufWriter::new(stdout) }
            }
            Format::Table => Self::Table(Box::new(Table::new())),
        }
    }

    /// Prints an alert, or keeps its row.
    ///
    /// # Errors
    /// When standard output takes nothing.
    pub(super) fn alert(&mut self, alert: &Alert<'_>) -> io::Result<()> {
        match self {
            Self::Ndjson { stdout, is_terminal: true } => writeln!(stdout, "{}", escaped_json(&queue_message(alert))),
            Self::Ndjson { stdout, is_terminal: false } => writeln!(stdout, "{}", queue_message(alert)),
            Self::Table(table) => {
                table.add(alert);
                Ok(())
            }
        }
    }

    /// Prints what is left.
    ///
    /// # Errors
    /// When standard output takes nothing.
    pub(super) fn finish(self) -> io::Result<()> {
        match self {
            Self::Ndjson { mut stdout, .. } => stdout.flush(),
            Self::Table(table) => table.print(&mut io::stdout()),
        }
    }
}
