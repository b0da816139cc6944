//! The terminal that standard output is, or is not: its width, and whether text on it has colours.

use std::io::{self, IsTerminal as _};

use comfy_table::presets::NOTHING;
use comfy_table::{Attribute, Cell, ContentArrangement, Table};

/// The width of a terminal that does not report one.
const USUAL_COLUMNS: u16 = 80;
/// The width where there is no terminal.
const DEFAULT_COLUMNS: u16 = 160;

/// What standard output is.
#[derive(Debug, Clone, Copy)]
pub struct Terminal {
    /// How wide a line is.
    pub columns: u16,
    /// Whether it is a terminal that shows colours, and nobody asked for none (<https://no-color.org>).
    pub has_colours: bool,
}

impl Terminal {
    /// What standard output is, by the settings of its environment.
    #[must_use]
    pub fn of_stdout(lookup: &dyn Fn(&str) -> Option<String>) -> Self {
        let is_plain = lookup("NO_COLOR").is_some_and(|value| !value.is_empty()) || is_dumb(lookup);
        Self {
            columns: Table::new().width().filter(|columns| *columns > 0).unwrap_or(DEFAULT_COLUMNS),
            has_colours: io::stdout().is_terminal() && !is_plain,
        }
    }

    /// An empty table as wide as a line, without frames.
    #[must_use]
    pub fn table(self, headings: impl IntoIterator<Item = &'static str>) -> Table {
        let mut table = Table::new();
        table.load_style(NOTHING).set_content_arrangement(ContentArrangement::Dynamic).set_width(self.columns);
        if !self.has_colours {
            table.force_no_tty();
        }
        table.set_header(headings.into_iter().map(|heading| Cell::new(heading).add_attribute(Attribute::Bold)));
        table
    }
}

/// Whether the terminal only prints, and cannot even go back in a line.
#[must_use]
pub fn is_dumb(lookup: &dyn Fn(&str) -> Option<String>) -> bool {
    lookup("TERM").is_some_and(|term| term == "dumb")
}

/// How wide a line is on the terminal that standard error is.
#[must_use]
pub fn columns_of_stderr() -> usize {
    Table::new().use_stderr().width().filter(|columns| *columns > 0).unwrap_or(USUAL_COLUMNS).into()
}
