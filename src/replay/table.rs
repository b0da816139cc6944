//! Alerts as a table for people.

use std::io::{self, Write};

use comfy_table::presets::NOTHING;
use comfy_table::{Attribute, Cell, Color, ContentArrangement, Table};

use crate::alert::Alert;
use crate::severity::Severity;
use crate::wire::sanitized;

/// How many alerts a table shows; nobody reads more, and `--format ndjson` has them all.
const MAX_ROWS: usize = 500;
/// The width where the terminal does not report its own.
const DEFAULT_WIDTH: u16 = 160;

/// Prints alerts as rows, or a sentence where there are none.
///
/// # Errors
/// When the writer fails.
pub(super) fn print<'a>(mut alerts: impl Iterator<Item = Alert<'a>>, out: &mut dyn Write) -> io::Result<()> {
    let mut table = Table::new();
    table.load_style(NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    if table.width().is_none() {
        table.set_width(DEFAULT_WIDTH);
    }
    let headings = ["Time", "Severity", "Alert", "Certificate", "Matches", "Alert id"];
    table.set_header(headings.map(|heading| Cell::new(heading).add_attribute(Attribute::Bold)));
    for alert in alerts.by_ref().take(MAX_ROWS) {
        table.add_row([
            Cell::new(sanitized(alert.window.first_record_time.unwrap_or("unknown"))),
            Cell::new(alert.severity.as_str()).fg(color(alert.severity)),
            Cell::new(sanitized(alert.title)),
            Cell::new(sanitized(&object_name(&alert).unwrap_or_default())),
            Cell::new(alert.window.match_count),
            Cell::new(alert.alert_id),
        ]);
    }
    if table.is_empty() {
        return writeln!(out, "No alerts.");
    }
    writeln!(out, "{table}")?;
    match alerts.count() {
        0 => Ok(()),
        more => writeln!(out, "{more} more alerts are not shown; --format ndjson prints all."),
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
