//! The rows of a CSV, of which each has a bound.

use std::io::{self, BufRead};

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

/// The longest row: many times the size of a record.
pub(in crate::saved_logs) const MAX_ROW_BYTES: usize = 4 << 20;
/// The most fields of a row: a table has 500 columns at the most.
const MAX_FIELDS: usize = 8 << 10;
/// What a row has room for at first; both double as they must.
const FIRST_ROW_BYTES: usize = 16 << 10;
const FIRST_FIELDS: usize = 64;

/// What comes next.
pub(super) enum Step {
    /// A row, which begins in this line.
    Row { line: usize },
    /// A row that is too long to be read, and is over now.
    TooLong { line: usize },
    /// Nothing more; a line if the last row's quote is open since there.
    End(io::Result<Option<usize>>),
}

/// The rows of a CSV. The general crate's own reader lets a row grow without a bound, so its core is used here.
pub(super) struct Rows<R> {
    reader: R,
    core: Reader,
    text: Vec<u8>,
    ends: Vec<usize>,
    text_len: usize,
    fields: usize,
    line: usize,
    /// What ended the reading, if that is no end: told after the rows before it.
    error: Option<io::Error>,
    /// Where the last row begins, if a quote in it was never closed.
    open_since: Option<usize>,
}

/// What is known of a row under way.
struct Begun {
    line: usize,
    quotes: usize,
    is_too_long: bool,
    is_last: bool,
}

impl<R: BufRead> Rows<R> {
    /// Begins at a line.
    pub(super) fn new(reader: R, delimiter: u8, line: usize) -> Self {
        let core = ReaderBuilder::new().delimiter(delimiter).build();
        let (text, ends) = (vec![0; FIRST_ROW_BYTES], vec![0; FIRST_FIELDS]);
        Self { reader, core, text, ends, text_len: 0, fields: 0, line, error: None, open_since: None }
    }

    /// Reads the next row.
    pub(super) fn next(&mut self) -> Step {
        (self.text_len, self.fields) = (0, 0);
        self.skip_line_ends();
        let mut row = Begun { line: self.line, quotes: 0, is_too_long: false, is_last: false };
        loop {
            match self.read_some(&mut row) {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull if self.text.len() < MAX_ROW_BYTES => {
                    self.text.resize(2 * self.text.len(), 0);
                }
                ReadRecordResult::OutputEndsFull if self.ends.len() < MAX_FIELDS => {
                    self.ends.resize(2 * self.ends.len(), 0);
                }
                // The rest is read over what is there, and dropped with it.
                ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => {
                    (self.text_len, self.fields, row.is_too_long) = (0, 0, true);
                }
                ReadRecordResult::Record if row.is_too_long => return Step::TooLong { line: row.line },
                ReadRecordResult::Record => {
                    // On one line, a quote may stand for inches.
                    let is_open = row.is_last && row.quotes % 2 == 1 && self.line > row.line;
                    self.open_since = is_open.then_some(row.line);
                    return Step::Row { line: row.line };
                }
                ReadRecordResult::End => return Step::End(self.error.take().map_or(Ok(self.open_since), Err)),
            }
        }
    }

    /// The fields of the row that was read.
    pub(super) fn fields(&self) -> impl Iterator<Item = &[u8]> {
        let ends = self.ends.iter().take(self.fields);
        let starts = std::iter::once(&0).chain(ends.clone());
        starts.zip(ends).map(|(start, end)| self.text.get(*start..*end).unwrap_or_default())
    }

    /// Reads what of the row is in the buffer.
    fn read_some(&mut self, row: &mut Begun) -> ReadRecordResult {
        let input = input(&mut self.reader, &mut self.error);
        row.is_last = input.is_empty();
        let text = self.text.get_mut(self.text_len..).unwrap_or_default();
        let ends = self.ends.get_mut(self.fields..).unwrap_or_default();
        let (result, read, written, ended) = self.core.read_record(input, text, ends);
        let read_input = input.get(..read).unwrap_or_default();
        self.line += memchr::memchr_iter(b'\n', read_input).count();
        row.quotes += memchr::memchr_iter(b'"', read_input).count();
        self.reader.consume(read);
        self.text_len += written;
        self.fields += ended;
        result
    }

    /// The parser leaves the second byte of a line's end for later, where it would count to the next row.
    fn skip_line_ends(&mut self) {
        loop {
            let input = input(&mut self.reader, &mut self.error);
            let ends = input.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            self.line += memchr::memchr_iter(b'\n', input.get(..ends).unwrap_or_default()).count();
            self.reader.consume(ends);
            if ends == 0 {
                return;
            }
        }
    }
}

/// What is in the buffer; nothing at the end, and after an error.
fn input<'r>(reader: &'r mut impl BufRead, error: &mut Option<io::Error>) -> &'r [u8] {
    if error.is_some() {
        return &[];
    }
    reader.fill_buf().unwrap_or_else(|fault| {
        *error = Some(fault);
        &[]
    })
}
