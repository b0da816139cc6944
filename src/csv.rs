//! Rows of a CSV that no program acts on: no hidden characters, no formulas.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

use csv_core::{Terminator, WriteResult, WriterBuilder};

use crate::hidden::sanitized;

/// What a spreadsheet takes for the beginning of a formula, also in its wide forms.
const FORMULA: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];

/// The text of a table, by its rows.
pub fn table<R: IntoIterator<Item = String>>(heads: &[&str], rows: impl IntoIterator<Item = R>) -> String {
    let mut text = row(heads);
    rows.into_iter().for_each(|cells| text += &row(cells));
    text
}

/// One row, with the end of its line.
pub fn row(cells: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    let mut out = Vec::new();
    let mut writer = WriterBuilder::new().terminator(Terminator::Any(b'\n')).build();
    let mut buffer = Vec::new();
    for (number, cell) in cells.into_iter().enumerate() {
        let cell = defused(cell.as_ref());
        // Quotes around it, and each quote in it twice; a separator before it.
        buffer.resize(2 * cell.len() + 8, 0);
        if number > 0 {
            let (_, written) = writer.delimiter(&mut buffer);
            out.extend(buffer.iter().take(written));
        }
        let (result, _, written) = writer.field(cell.as_bytes(), &mut buffer);
        debug_assert_eq!(result, WriteResult::InputEmpty, "the buffer has room");
        out.extend(buffer.iter().take(written));
    }
    buffer.resize(8, 0);
    let (_, written) = writer.terminator(&mut buffer);
    out.extend(buffer.iter().take(written));
    String::from_utf8(out).unwrap_or_default()
}

/// A text that is shown and does nothing.
fn defused(text: &str) -> String {
    let is_formula = text.trim_start_matches([' ', '"', '\'']).starts_with(FORMULA);
    let text = sanitized(text);
    if is_formula { format!("'{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_begins_no_formula_ends_no_row_and_hides_nothing() {
        for (cell, written) in [
            ("tls-web", "tls-web"),
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\\u{9}=1"),
            ("a,b", "\"a,b\""),
            ("a\"b", "\"a\"\"b\""),
            ("a\nb", "a\\u{a}b"),
            ("\u{202e}gnp", "\\u{202e}gnp"),
        ] {
            assert_eq!(table(&["name"], [[cell.to_owned()]]), format!("name\n{written}\n"), "{cell:?}");
        }
    }
}
