//! Alerts on standard output: a table, or a message or a row of CSV on each line.

use std::io::{self, BufWriter, IsTerminal as _, Write as _};

use super::Format;
use super::columns::{HEADINGS, cells};
use super::row::Row;
use super::table::Rows;
use crate::csv;
use crate::detector::Concluded;
use crate::hidden::escaped_json;
use crate::render::queue_message;
use crate::terminal::Terminal;

/// Prints alerts.
///
/// # Errors
/// When standard output cannot be written to.
pub(super) fn print<'a>(
    alerts: impl Iterator<Item = &'a Concluded>,
    format: Format,
    terminal: Terminal,
) -> io::Result<()> {
    let is_terminal = io::stdout().is_terminal();
    let mut stdout = BufWriter::new(io::stdout());
    match format {
        Format::Table => {
            let mut rows = Rows::default();
            alerts.for_each(|alert| rows.add(Row::of(alert)));
            rows.print(terminal, &mut stdout)?;
        }
        Format::Csv => {
            stdout.write_all(csv::row(HEADINGS).as_bytes())?;
            for alert in alerts {
                stdout.write_all(csv::row(cells(alert)).as_bytes())?;
            }
        }
        Format::Ndjson => {
            for alert in alerts {
                let message = queue_message(&alert.alert());
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
