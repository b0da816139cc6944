//! How far a broken piece reaches: its brackets and quotes are followed tolerantly.

use super::Budget;

/// Where a broken piece ends.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// At this position its brackets close, and every quote and bracket in between is where it may be: all of it belongs to
    /// the piece.
    Closed(usize),
    /// It is an envelope, and the first of its records begins here.
    Envelope(usize),
    /// From here on its quotes or brackets are not balanced; before it, what is inside brackets belongs to the piece.
    Lost(usize),
}

/// What may come next inside a bracket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expect {
    Key,
    Colon,
    Value,
    Comma,
}

/// An open bracket.
struct Frame {
    is_object: bool,
    expect: Expect,
}

/// Follows the piece that `text` begins with.
pub(super) fn reach(text: &str, budget: &mut Budget) -> Reach {
    if !text.starts_with('{') {
        return Reach::Lost(0);
    }
    let mut walk = Walk { text, at: 0, stack: Vec::new(), last_string: None };
    let reach = walk.follow();
    budget.spend(walk.at);
    reach
}

struct Walk<'a> {
    text: &'a str,
    at: usize,
    stack: Vec<Frame>,
    /// Where the previous token began, if it was a string: its closing quote may be one that the writer forgot to escape, or
    /// the first quote of a new record after a cut.
    last_string: Option<usize>,
}

impl Walk<'_> {
    fn follow(&mut self) -> Reach {
        loop {
            self.at += self.text.get(self.at..).map_or(0, |rest| rest.len() - rest.trim_ascii_start().len());
            let Some(byte) = self.text.as_bytes().get(self.at).copied() else {
                return Reach::Lost(self.text.len());
            };
            let expect = self.stack.last().map_or(Expect::Value, |frame| frame.expect);
            let takes_value = matches!(expect, Expect::Key | Expect::Value);
            let before = self.at;
            let string_before = self.last_string.take();
            match byte {
                b'{' | b'[' if expect == Expect::Value => self.open(byte == b'{'),
                b'}' | b']' if self.stack.last().is_some_and(|frame| frame.is_object == (byte == b'}')) => {
                    self.at += 1;
                    self.stack.pop();
                    if self.stack.is_empty() {
                        return Reach::Closed(self.at);
                    }
                }
                b',' => self.step(|frame| if frame.is_object { Expect::Key } else { Expect::Value }),
                b':' if expect == Expect::Colon => self.step(|_| Expect::Value),
                b'"' | b'\'' if takes_value => {
                    let Some(end) = string_end(self.text, before) else {
                        self.at = self.text.len();
                        return Reach::Lost(before);
                    };
                    self.at = end;
                    self.last_string = Some(before);
                    self.took(expect);
                    if let Some(start) = self.envelope(before, expect) {
                        return Reach::Envelope(start);
                    }
                }
                b'{' | b'[' | b'}' | b']' | b'"' => return Reach::Lost(string_before.unwrap_or(before)),
                _ if takes_value => {
                    self.at = bare_end(self.text, self.at, expect == Expect::Key);
                    self.took(expect);
                }
                _ => return Reach::Lost(string_before.unwrap_or(before)),
            }
        }
    }

    fn open(&mut self, is_object: bool) {
        self.took(Expect::Value);
        self.at += 1;
        self.stack.push(Frame { is_object, expect: if is_object { Expect::Key } else { Expect::Value } });
    }

    fn step(&mut self, next: impl Fn(&Frame) -> Expect) {
        self.at += 1;
        if let Some(frame) = self.stack.last_mut() {
            frame.expect = next(frame);
        }
    }

    fn took(&mut self, expect: Expect) {
        if let Some(frame) = self.stack.last_mut() {
            frame.expect = if expect == Expect::Key { Expect::Colon } else { Expect::Comma };
        }
    }

    /// Where the records begin, if the string that began at `start` is the key of an envelope.
    fn envelope(&self, start: usize, expect: Expect) -> Option<usize> {
        let key = self.text.get(start + 1..self.at - 1)?;
        if self.stack.len() != 1 || expect != Expect::Key || !key.eq_ignore_ascii_case("records") {
            return None;
        }
        let rest = self.text.get(self.at..)?;
        let value = rest.trim_ascii_start().strip_prefix(':')?.trim_ascii_start();
        Some(self.text.len() - value.strip_prefix('[').unwrap_or(value).len())
    }
}

/// The end of the string whose quote is at `start`; `None` if it does not end, or if a record seems to begin inside it.
///
/// A single-quoted string ends at a quote that a bracket, a comma or a colon follows, because apostrophes inside are
/// not escaped.
fn string_end(text: &str, start: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let quote = *bytes.get(start)?;
    let mut at = start + 1;
    loop {
        match *bytes.get(at)? {
            b'\\' => at += 1,
            b'\n' if bytes.get(at + 1..)?.starts_with(b"{\"") => return None,
            byte if byte == quote && (quote == b'"' || ends_single_quoted(text, at)) => return Some(at + 1),
            _ => {}
        }
        at += 1;
    }
}

fn ends_single_quoted(text: &str, at: usize) -> bool {
    let rest = text.split_at(at + 1).1.trim_ascii_start();
    rest.is_empty() || rest.starts_with([',', ':', '}', ']'])
}

/// The end of a word without quotes: a number, a literal, or a placeholder such as `218 B blob data`.
fn bare_end(text: &str, start: usize, is_key: bool) -> usize {
    let rest = text.split_at(start).1;
    let is_end = |character| matches!(character, ',' | '{' | '}' | '[' | ']' | '"') || (is_key && character == ':');
    let first = rest.chars().next().map_or(1, char::len_utf8);
    let len = rest.get(first..).and_then(|rest| rest.find(is_end)).map_or(rest.len(), |len| len + first);
    start + len
}
