//! Rows for people: a table where the terminal is wide enough, else two lines for each.

use std::io::{self, Write};

use comfy_table::{Cell, Color, ColumnConstraint, Table};

use super::row::{Row, cut};
use crate::severity::Severity;
use crate::terminal::Terminal;

/// How many alerts a table shows, the worst; nobody reads more.
const MAX_ROWS: usize = 200;
/// A narrower terminal gets two lines for each alert.
const MIN_COLUMNS: u16 = 100;
/// What a table has at least for what was read, which wraps, and for who did it, which is cut.
const MIN_WHAT: usize = 20;
const MIN_WHO: usize = 16;
/// What stands between two columns.
const GAP: u16 = 2;

/// The rows that are shown: all of them in the order of their times, or the worst of too many.
#[derive(Debug, Default)]
pub(super) struct Rows {
    /// Those worth showing so far, the worst first.
    worst: Vec<Row>,
    count: usize,
}

impl Rows {
    /// Takes a row, and drops the least of too many.
    pub(super) fn add(&mut self, row: Row) {
        self.count += 1;
        let rank = |row: &Row| (std::cmp::Reverse(row.severity), row.first.is_none(), row.first);
        let place = self.worst.partition_point(|known| rank(known) <= rank(&row));
        if place < MAX_ROWS {
            self.worst.insert(place, row);
            self.worst.truncate(MAX_ROWS);
        }
    }

    /// Prints them, or a sentence where there are none.
    ///
    /// # Errors
    /// When nobody can be written to.
    pub(super) fn print(mut self, terminal: Terminal, out: &mut dyn Write) -> io::Result<()> {
        let hidden = self.count - self.worst.len();
        if hidden == 0 {
            self.worst.sort_by_key(|row| (row.first.is_none(), row.first));
        }
        if self.count == 0 {
            return writeln!(out, "No alerts.");
        }
        let table = wide(&self.worst, terminal).unwrap_or_else(|| narrow(&self.worst, terminal));
        for line in table.lines() {
            writeln!(out, "{}", line.trim_end())?;
        }
        if hidden > 0 {
            writeln!(
                out,
                "{hidden} more alerts are not shown, none of them more severe; --min-severity, --since and --until choose \
                 among them, and --format csv and ndjson print all."
            )?;
        }
        Ok(())
    }
}

/// A table in which only what was read wraps; `None` where there is no room for one.
fn wide(rows: &[Row], terminal: Terminal) -> Option<Table> {
    let others = "2026-03-19 02:41:07".len() + "CRITICAL".len() + "1f2e3d4c".len() + 5 * usize::from(GAP);
    let from = rows.iter().map(|row| row.from.chars().count()).max().unwrap_or_default();
    let max_who = usize::from(terminal.columns).checked_sub(others + from + MIN_WHAT)?;
    if terminal.columns < MIN_COLUMNS || max_who < MIN_WHO {
        return None;
    }
    let mut table = terminal.table(["When (UTC)", "Severity", "Who", "From", "What", "Alert"]);
    for row in rows {
        let [when, who, from, what, id] =
            [&row.when(), &cut(&row.who, max_who), &row.from, &row.what, &row.id].map(Cell::new);
        table.add_row([when, severity(row), who, from, what, id]);
    }
    arrange(&mut table, 4);
    Some(table)
}

/// Two lines for each alert, which are cut and never wrap.
fn narrow(rows: &[Row], terminal: Terminal) -> Table {
    let mut table = terminal.table(["When (UTC)\nAlert", "Severity", "Who, From\nWhat"]);
    for row in rows {
        let (when, who) = (Cell::new(row.when()), Cell::new(format!("{}  {}", row.who, row.from)));
        let (id, what) = (Cell::new(&row.id), Cell::new(&row.what));
        for cells in [[when, severity(row), who], [id, Cell::new(""), what]] {
            let mut line = comfy_table::Row::from(cells);
            line.max_height(1);
            table.add_row(line);
        }
    }
    arrange(&mut table, 2);
    table.set_truncation_indicator("…");
    table
}

/// Gives one column what the others leave.
fn arrange(table: &mut Table, elastic: usize) {
    let last = table.column_count().saturating_sub(1);
    for (index, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, if index == last { 0 } else { GAP }));
        if index != elastic {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
}

fn severity(row: &Row) -> Cell {
    Cell::new(row.severity.as_str()).fg(match row.severity {
        Severity::Info => Color::Blue,
        Severity::Low => Color::Cyan,
        Severity::Medium => Color::Yellow,
        Severity::High | Severity::Critical => Color::Red,
    })
}
