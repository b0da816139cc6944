//! Tables that read well in a terminal and are Markdown.

use comfy_table::{CellAlignment, Table, presets};

/// An empty table; all but the first column holds numbers.
pub fn with_columns(columns: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN).set_header(columns);
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}
