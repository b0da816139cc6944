//! CSV of the tables of Log Analytics: each row as the JSON object that the row is elsewhere.

mod rows;

use std::io::BufRead;

use super::receiver::{Body, Receiver};
use super::unread::Unread;
use crate::json::{quoted, repaired_utf8};
use crate::source::Place;
pub(super) use rows::MAX_ROW_BYTES;
use rows::{Rows, Step};

/// Two of these columns tell a table of Key Vault's audit log or of the Activity Log, in any case of letters.
const TELLING: [&str; 23] = [
    "TimeGenerated",
    "OperationName",
    "OperationNameValue",
    "HttpStatusCode",
    "httpStatusCode_d",
    "httpStatusCode_s",
    "id_s",
    "requestUri_s",
    "RequestUri",
    "_ResourceId",
    "ResourceId",
    "ResourceProvider",
    "ResourceProviderValue",
    "CallerIpAddress",
    "Caller",
    "Category",
    "CategoryValue",
    "ActivityStatusValue",
    "ResultType",
    "EventTimestamp",
    "OperationId",
    "CorrelationId",
    "TenantId",
];
/// So many of them tell it: a list of resources has one of them, too.
const MIN_TELLING: usize = 2;
/// Between the fields: as Azure writes it, as a spreadsheet does where the comma is in numbers, as the portal copies it.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];
/// A CSV that is none of ours has so many columns at the least; text with a comma or two is no CSV.
const MIN_OTHER_COLUMNS: usize = 3;
/// How the portal and others mark times in UTC.
const ZONES: [&str; 2] = ["[UTC]", "(UTC)"];
/// No name of a column is longer, in any language.
const MAX_NAME_BYTES: usize = 128;

/// What the first lines of a CSV say of the others.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Table {
    /// The keys of the fields, as JSON strings.
    keys: Vec<String>,
    delimiter: u8,
    /// How many lines stand before the names of the columns.
    skipped_lines: usize,
}

impl Table {
    /// Finds whether a text that begins so is a table; `None` if it is no CSV.
    ///
    /// # Errors
    /// When it is a CSV of something else.
    pub(super) fn of(head: &[u8]) -> Result<Option<Self>, Unread> {
        let mut lines = head.split_inclusive(|byte| *byte == b'\n').enumerate();
        // PowerShell's Export-Csv writes a type first, and a spreadsheet the delimiter.
        let is_before = |line: &[u8]| line.starts_with(b"#TYPE ") || line.starts_with(b"sep=") || is_blank(line);
        let Some((skipped_lines, header)) = lines.find(|(_, line)| !is_before(line)) else { return Ok(None) };
        if header.trim_ascii_start().starts_with(b"{") || header.trim_ascii_start().starts_with(b"[") {
            return Ok(None);
        }
        let mut is_other = false;
        for delimiter in DELIMITERS {
            let Some(names) = names(header, delimiter) else { continue };
            let is_telling =
                |name: &&String| TELLING.iter().any(|known| known.eq_ignore_ascii_case(without_zone(name)));
            if names.iter().filter(is_telling).count() >= MIN_TELLING {
                return Ok(Some(Self { keys: keys(&names), delimiter, skipped_lines }));
            }
            is_other |= names.len() >= MIN_OTHER_COLUMNS;
        }
        if is_other { Err(Unread::OtherCsv) } else { Ok(None) }
    }

    /// The JSON text of a row. Empty fields are left out, and what stands beyond the last column gets a key of its own,
    /// so that nothing is lost; `None` if all are empty.
    fn object(&self, fields: impl Iterator<Item = impl AsRef<[u8]>>) -> Option<String> {
        let mut text = String::new();
        for (index, field) in fields.enumerate().filter(|(_, field)| !is_blank(field.as_ref())) {
            text.push(if text.is_empty() { '{' } else { ',' });
            match self.keys.get(index) {
                Some(key) => text.push_str(key),
                None => text.push_str(&quoted(&format!("column {}", index + 1))),
            }
            text.push(':');
            text.push_str(&quoted(&repaired_utf8(field.as_ref())));
        }
        (!text.is_empty()).then(|| text + "}")
    }
}

/// Gives out each row of a table.
///
/// # Errors
/// When reading fails; the rows before that were given out.
pub(super) fn read(
    name: &str,
    table: &Table,
    reader: &mut dyn BufRead,
    receiver: &mut dyn Receiver,
) -> Result<(), Unread> {
    for _ in 0..table.skipped_lines {
        reader.skip_until(b'\n')?;
    }
    let mut rows = Rows::new(reader, table.delimiter, 1 + table.skipped_lines);
    let mut is_header = true;
    loop {
        match rows.next() {
            Step::Row { .. } if is_header => is_header = false,
            Step::Row { line } => {
                if let Some(object) = table.object(rows.fields()) {
                    let place = Place::in_file(name, line);
                    let bytes = object.into_bytes().into();
                    receiver.body(Body { bytes, place, offset: None, is_cut: false });
                }
            }
            Step::TooLong { line } => receiver.fault(name, Unread::LongRow { line }),
            Step::End(Ok(None)) => return Ok(()),
            Step::End(Ok(Some(line))) => return Err(Unread::OpenQuote { line }),
            Step::End(Err(error)) => return Err(error.into()),
        }
    }
}

/// The names in a first line; `None` if they are none of a table: sentences, records and log lines have other characters.
fn names(header: &[u8], delimiter: u8) -> Option<Vec<String>> {
    let mut rows = Rows::new(header, delimiter, 1);
    let Step::Row { .. } = rows.next() else { return None };
    let of = |(index, field): (usize, &[u8])| name(&repaired_utf8(field), index);
    let names: Option<Vec<_>> = rows.fields().enumerate().map(of).collect();
    names.filter(|names| names.len() > 1)
}

/// A column's name without the zone of its times, as in `TimeGenerated [UTC]`. Another zone stays, since a time in it would
/// be read as one in UTC. A column may have no name, as the first one has where a program numbered the rows.
fn name(field: &str, index: usize) -> Option<String> {
    let field = field.trim();
    if field.is_empty() {
        return Some(format!("column {}", index + 1));
    }
    let name = ZONES.iter().find_map(|zone| field.strip_suffix(zone)).map_or(field, str::trim_end);
    let bare = without_zone(name);
    let is_name = name.len() <= MAX_NAME_BYTES
        && bare.starts_with(|first: char| first.is_alphabetic() || matches!(first, '_' | '$' | '#'))
        && !bare.contains(['{', '}', '=', '|', '"', '<', '>', ':']);
    is_name.then(|| name.to_owned())
}

/// A column's name without any zone.
fn without_zone(name: &str) -> &str {
    name.strip_suffix(']').and_then(|name| name.split_once(" [")).map_or(name, |(name, _)| name)
}

/// The names as keys. A name that is there already gets a number, because an object keeps one of two.
fn keys(names: &[String]) -> Vec<String> {
    let of = |(index, name): (usize, &String)| {
        let same = names.iter().take(index).filter(|before| *before == name).count();
        if same == 0 { quoted(name) } else { quoted(&format!("{name} {}", same + 1)) }
    };
    names.iter().enumerate().map(of).collect()
}

fn is_blank(line: &[u8]) -> bool {
    line.trim_ascii().is_empty()
}
