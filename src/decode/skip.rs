//! Events that cannot matter, told from their bytes without decoding them.
//!
//! An event is passed over only where [`read_body`](super::read_body) and the rules would find no match in it and
//! nothing to reject. The proof goes by what an event would have to hold: the name of an operation or the cut-off
//! beginning of one in any spelling that [`could_hide`](super::could_hide) knows ([`spelling`]), an escape that may spell
//! a part of one ([`escape`]), a list of records that is not Azure's own envelope or has something beside or behind it, a
//! value that stands behind an object, an operation name that is no string ([`layout`]), or bytes that are no text. Where
//! one of these may be so, the event is decoded as ever.
//!
//! Two differences can be seen. A harmless event that is malformed, so not one object of JSON or several, but begins and ends
//! like one, may be counted as the records that it looks like and not by its faults. And in a body that is no JSON, which the
//! host never writes, an escape that no string may hold can go unseen.

mod escape;
mod kinds;
mod layout;
mod places;
mod spelling;

use super::KindCounts;
use crate::json::{Pairs, has_controls};
use kinds::Kinds;
use layout::Layout;
use places::places;
use spelling::Spelling;

/// How an event's text stands before us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Escaping {
    /// As the event's own bytes.
    None,
    /// As the host posts dataType string: in a string, in an array, in a string.
    Twice,
}

/// What the active rules look for, made ready for one pass over an event.
#[derive(Debug)]
pub struct Skip {
    spellings: Vec<Spelling>,
    in_record: Pairs,
    in_envelope: Pairs,
    in_escaped: Pairs,
    kinds: Kinds,
    /// The characters, upper-case, that an escape must not spell unseen: those of the operations, the marks of other escapes,
    /// and those of the keys that decide how an event is laid out.
    alphabet: [bool; 128],
}

impl Skip {
    /// Prepares for these operation names; `None` where one of them is not of upper-case ASCII or has no byte to find it
    /// by, or where they are too many.
    #[must_use]
    pub fn new(operations: &[&'static str]) -> Option<Self> {
        let spellings = operations.iter().map(|operation| Spelling::of(operation)).collect::<Option<Vec<_>>>()?;
        let mut anchors: Vec<_> = spellings.iter().map(Spelling::anchor).collect();
        anchors.sort_unstable();
        anchors.dedup();
        let mut alphabet = [false; 128];
        for byte in operations.iter().flat_map(|operation| operation.bytes()).chain(*b"\\UXOPERATIONNAMERECORDSVALUE") {
            if let Some(letter) = alphabet.get_mut(usize::from(byte)) {
                *letter = true;
            }
        }
        let in_record = places(&anchors, Escaping::None, false)?;
        let in_envelope = places(&anchors, Escaping::None, true)?;
        let in_escaped = places(&anchors, Escaping::Twice, false)?;
        Some(Self { spellings, in_record, in_envelope, in_escaped, kinds: Kinds::new(), alphabet })
    }

    /// How many records an event holds that cannot matter; `None` where it has to be decoded.
    #[must_use]
    pub fn records(&self, event: &[u8], escaping: Escaping) -> Option<u64> {
        let text = event.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(event).trim_ascii();
        let mut layout = Layout::of(text, escaping)?;
        let places = match escaping {
            Escaping::None if layout.is_envelope() => &self.in_envelope,
            Escaping::None => &self.in_record,
            Escaping::Twice => &self.in_escaped,
        };
        let is_plain = places.for_each(text, &mut |at| {
            let spells = || self.spellings.iter().any(|spelling| spelling.may_stand(text, at));
            match text.get(at) {
                Some(b'\\') => escape::is_harmless(text, at, escaping, &self.alphabet),
                Some(b'[' | b'}' | b',') => layout.takes(at),
                _ => layout.takes(at) && !spells(),
            }
        })?;
        (is_plain || is_text(text, escaping)).then(|| layout.records())
    }

    /// Of which kinds the records are that an event holds; `None` where it has to be decoded to know.
    #[must_use]
    pub fn kinds(&self, event: &[u8], escaping: Escaping, records: u64) -> Option<KindCounts> {
        self.kinds.counts(event, escaping, records)
    }
}

/// Whether the bytes are UTF-8 without what makes a text suspicious: NUL, U+FFFD and, in a string, controls.
fn is_text(text: &[u8], escaping: Escaping) -> bool {
    let has_forbidden = match escaping {
        Escaping::None => memchr::memchr(0, text).is_some(),
        Escaping::Twice => has_controls(text),
    };
    // U+FFFD begins with this byte, and so does little else in a log.
    !has_forbidden && memchr::memchr(0xEF, text).is_none() && std::str::from_utf8(text).is_ok()
}
