//! Alerts as a table for people.

use std::io::{self, Write};

use comfy_table::presets::NOTHING;
use comfy_table::{Attribute, Cell, Color, ContentArrangement};

use crate::alert::Alert;
use crate::severity::Severity;
use crate::wire::sanitized;

/// How many alerts a table shows; nobody reads more, and `--format ndjson` has them all.
const MAX_ROWS: usize = 500;
/// The width where the terminal does not tell its own.
const DEFAULT_WIDTH: u16 = 160;

/// Rows in the making.
pub(super) struct Table {
    table: comfy_table::Table,
    rows: usize,
}

impl Table {
    /// Begins with the headings.
    pub(super) fn new() -> Self {
        let mut table = comfy_table::Table::new();
        table.load_style(NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
        if table.width().is_none() {
            table.set_width(DEFAULT_WIDTH);
        }
        let headings = ["Time", "Severity", "Alert", "Certificate", "Matches", "Alert id"];
        table.set_header(headings.map(|heading| Cell::new(heading).add_attribute(Attribute::Bold)));
        Self { table, rows: 0 }
    }

    /// Adds an alert.
    pub(super) fn add(&mut self, alert: &Alert<'_>) {
        self.rows += 1;
        if self.rows > MAX_ROWS {
            return;
        }
        self.table.add_row([
            Cell::new(sanitized(alert.window.first_record_time().unwrap_or("unknown"))),
            Cell::new(alert.severity.as_str()).fg(color(alert.severity)),
            Cell::new(sanitized(alert.title)),
            Cell::new(sanitized(&object_name(alert).unwrap_or_default())),
            Cell::new(alert.window.match_count),
            Cell::new(alert.alert_id),
        ]);
    }

    /// Prints the table, or a sentence where it would be empty.
    ///
    /// # Errors
    /// When the writer takes nothing.
    pub(super) fn print(self, out: &mut dyn Write) -> io::Result<()> {
        if self.rows == 0 {
            return writeln!(out, "No alerts.");
        }
        writeln!(out, "{}", self.table)?;
        if self.rows > MAX_ROWS {
            writeln!(out, "{} more alerts are not shown; --format ndjson prints all.", self.rows - MAX_ROWS)?;
        }
        Ok(())
    }
}

/// The certificate or secret that the alert's first match is about.
fn object_name(alert: &Alert<'_>) -> Option<String> {
    ["certificate_name", "object_name"].iter().find_map(|key| alert.context_text(key))
}

fn color(severity: Severity) -> Color {
    match severity {
        Severity::Info => Color::Blue,
        Severity::Low => Color::Cyan,
        Severity::Medium => Color::Yellow,
        Severity::High | Severity::Critical => Color::Red,
    }
}
