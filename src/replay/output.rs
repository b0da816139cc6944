//! Alerts on standard output: a table, or a message on each line.

use std::io::{self, BufWriter, IsTerminal as _, Write};
use std::sync::Arc;

use comfy_table::presets::NOTHING;
use comfy_table::{Attribute, Cell, Color, ContentArrangement, Table};

use super::alerts::Alerts;
use super::workers::threads;
use super::{Format, Options, Summary};
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

/// Prints alerts, and reports records of theirs that cannot be read again.
///
/// # Errors
/// When standard output cannot be written to.
pub(super) fn print(alerts: &Alerts, options: &Options, summary: &mut Summary) -> io::Result<()> {
    let format = Format::or_automatic(options.format);
    let is_terminal = io::stdout().is_terminal();
    let mut stdout = BufWriter::new(io::stdout());
    let mut table = new_table();
    let mut more = 0_usize;
    let mut written = Ok(());
    let mut rejected = alerts.for_each(
        threads(options.threads),
        &mut |place, error| summary.not_again(&place, error),
        &mut |concluded| {
            let alert = concluded.alert();
            if Some(alert.severity) < options.min_severity || written.is_err() {
                return;
            }
            match format {
                Format::Table if table.row_count() < MAX_ROWS => add_row(&mut table, &alert),
                Format::Table => more += 1,
                Format::Ndjson => written = write_message(&alert, is_terminal, &mut stdout),
            }
        },
    );
    summary.take_rejected(&mut rejected);
    written?;
    if format == Format::Table {
        match (table.is_empty(), more) {
            (true, _) => writeln!(stdout, "No alerts.")?,
            (false, 0) => writeln!(stdout, "{table}")?,
            (false, more) => {
                writeln!(stdout, "{table}\n{more} more alerts are not shown; --format ndjson prints all.")?
            }
        }
    }
    stdout.flush()
}

fn write_message(alert: &Alert<'_>, is_terminal: bool, out: &mut dyn Write) -> io::Result<()> {
    let message = queue_message(alert);
    // A terminal would act on what is in a message; others get each byte as the queue does.
    if is_terminal { writeln!(out, "{}", escaped_json(&message)) } else { writeln!(out, "{message}") }
}

fn new_table() -> Table {
    let mut table = Table::new();
    table.load_style(NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    if table.width().is_none() {
        table.set_width(DEFAULT_WIDTH);
    }
    let headings = ["Time", "Severity", "Alert", "Names", "Matches", "Alert id"];
    table.set_header(headings.map(|heading| Cell::new(heading).add_attribute(Attribute::Bold)));
    table
}

fn add_row(table: &mut Table, alert: &Alert<'_>) {
    table.add_row([
        Cell::new(sanitized(alert.window.first_record_time.unwrap_or("unknown"))),
        Cell::new(alert.severity.as_str()).fg(color(alert.severity)),
        Cell::new(sanitized(alert.title)),
        Cell::new(sanitized(&names(alert))),
        Cell::new(alert.window.match_count),
        Cell::new(alert.alert_id),
    ]);
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
