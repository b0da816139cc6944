//! How alerts, and windows, are printed.

use std::io::{self, IsTerminal as _};

use clap::ValueEnum;

/// How they are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A table for people.
    Table,
    /// One message a line, as JSON; of alerts as the queue gets them.
    #[value(alias = "jsonl")]
    Ndjson,
    /// One row each, with a header; no program acts on what is in a cell.
    Csv,
}

impl Format {
    /// The chosen one, or what suits standard output: a table on a terminal, else lines of JSON.
    pub(crate) fn or_automatic(chosen: Option<Self>) -> Self {
        chosen.unwrap_or(if io::stdout().is_terminal() { Self::Table } else { Self::Ndjson })
    }
}
