//! Alerts on standard output: a table, or a message or a row of CSV on each line.

use std::io::{self, BufWriter, IsTerminal as _, Stdout, Write as _};

use super::again::Report;
use super::alerts::Alerts;
use super::columns::{HEADINGS, cells};
use super::row::Row;
use super::table::Rows;
use super::{Format, Options, Summary, workers};
use crate::csv;
use crate::detector::Concluded;
use crate::hidden::escaped_json;
use crate::render::queue_message;
use crate::terminal::Terminal;

/// Prints the alerts that are shown, and counts the others; records that cannot be read again are reported.
///
/// # Errors
/// When standard output cannot be written to.
pub(super) fn print(
    alerts: &Alerts<'_>,
    options: &Options,
    terminal: Terminal,
    summary: &mut Summary,
) -> io::Result<()> {
    let mut printer = Printer {
        format: Format::or_automatic(options.format),
        is_terminal: io::stdout().is_terminal(),
        rows: Rows::default(),
        stdout: BufWriter::new(io::stdout()),
    };
    let (mut printed, mut outside, mut milder) = (printer.begin(), 0, 0);
    let mut each = |alert: &Concluded| match (options.shown.reaches(alert), options.shown.holds(alert)) {
        (false, _) => outside += 1,
        (true, false) => milder += 1,
        (true, true) if printed.is_ok() => printed = printer.add(alert),
        (true, true) => {}
    };
    let report: Report<'_> = &mut |not_again| summary.not_again(not_again);
    let mut rejected = alerts.for_each(workers::threads(options.threads), report, &mut each);
    summary.take_rejected(&mut rejected);
    (summary.outside, summary.milder) = (outside, milder);
    printed.and_then(|()| printer.end(terminal))
}

/// Standard output, in one of the forms.
struct Printer {
    format: Format,
    is_terminal: bool,
    rows: Rows,
    stdout: BufWriter<Stdout>,
}

impl Printer {
    fn begin(&mut self) -> io::Result<()> {
        match self.format {
            Format::Csv => self.stdout.write_all(csv::row(HEADINGS).as_bytes()),
            Format::Table | Format::Ndjson => Ok(()),
        }
    }

    fn add(&mut self, alert: &Concluded) -> io::Result<()> {
        match self.format {
            Format::Table => {
                self.rows.add(Row::of(alert));
                Ok(())
            }
            Format::Csv => self.stdout.write_all(csv::row(cells(alert)).as_bytes()),
            // A terminal would act on what is in a message; others get each byte as the queue does.
            Format::Ndjson if self.is_terminal => {
                writeln!(self.stdout, "{}", escaped_json(&queue_message(&alert.alert())))
            }
            Format::Ndjson => writeln!(self.stdout, "{}", queue_message(&alert.alert())),
        }
    }

    fn end(mut self, terminal: Terminal) -> io::Result<()> {
        if self.format == Format::Table {
            self.rows.print(terminal, &mut self.stdout)?;
        }
        self.stdout.flush()
    }
}
