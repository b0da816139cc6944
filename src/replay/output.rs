//! Alerts on standard output: a table, or a message on each line.

use std::io::{self, BufWriter, IsTerminal as _, Write};
use std::sync::Arc;

use comfy_table::presets::NOTHING;
use comfy_table::{Attribute, Cell, Color, ContentArrangement, Table};

use super::Format;
use crate::alert::Alert;
use crate::counted::Counted;
use crate::hidden::{escaped_json, sanitized};
use crate::render::queue_message;
use crate::severity::Severity;

/// How many alerts a table shows; nobody reads more, and `--format ndjson` has them all.
const MAX_ROWS: usize = 500;
/// How many names a row has; of more it says how many.
const MAX_NAMES: usize = 12;
/// The width where the terminal does not report its own.
const DEFAULT_WIDTH: u16 = 160;

/// Prints alerts.
///
/// # Errors
/// When standard output cannot be written to.
pub(super) fn print<'a>(alerts: impl Iterator<Item = Alert<'a>>, format: Format) -> io::Result<()> {
    let is_terminal = io::stdout().is_terminal();
    let mut stdout = BufWriter::new(io::stdout());
    match format {
        Format::Table => print_table(alerts, &mut stdout)?,
        Format::Ndjson => {
            for alert in alerts {
                let message = queue_message(&alert);
                // A terminal would act on what is in a message; others get each byte as the queue does.
                if is_terminal {
                    writeln!(stdout, "{}", escaped_json(&message))?;
                } else {
                    writeln!(stdout, "{message}")?;
                }
            }
        }
    }
    stdout.flush()
}

/// Prints alerts as rows, or a sentence where there are none.
fn print_table<'a>(mut alerts: impl Iterator<Item = Alert<'a>>, out: &mut dyn Write) -> io::Result<()> {
    let mut table = Table::new();
    table.load_style(NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    if table.width().is_none() {
        table.set_width(DEFAULT_WIDTH);
    }
    let headings = ["Time", "Severity", "Alert", "Names", "Matches", "Alert id"];
    table.set_header(headings.map(|heading| Cell::new(heading).add_attribute(Attribute::Bold)));
    for alert in alerts.by_ref().take(MAX_ROWS) {
        table.add_row([
            Cell::new(sanitized(alert.window.first_record_time.unwrap_or("unknown"))),
            Cell::new(alert.severity.as_str()).fg(color(alert.severity)),
            Cell::new(sanitized(alert.title)),
            Cell::new(sanitized(&names(&alert))),
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

/// The certificates and secrets that an alert is about, without their vault where the title has it; of many how many.
fn names(alert: &Alert<'_>) -> String {
    let Counted { count, names, vaults, .. } = Counted::of(alert.names, None, 0);
    let shown = |name: &Arc<str>| match name.split_once('/') {
        Some((_, name)) if vaults == 1 => name.to_owned(),
        _ => name.to_string(),
    };
    if count > MAX_NAMES {
        return format!("{count} names, {vaults} vault{}", if vaults == 1 { "" } else { "s" });
    }
    names.iter().map(shown).collect::<Vec<_>>().join(", ")
}

fn color(severity: Severity) -> Color {
    match severity {
        Severity::Info => Color::Blue,
        Severity::Low => Color::Cyan,
        Severity::Medium => Color::Yellow,
        Severity::High | Severity::Critical => Color::Red,
    }
}
