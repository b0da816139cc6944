//! UTF-16 as UTF-8, while it streams: what Windows PowerShell writes with `>` and `Out-File`.

use std::io::{self, Read};

/// How many bytes are transcoded at once.
const CHUNK_BYTES: usize = 32 * 1024;
/// So many characters at a file's beginning must look like UTF-16 if there is no byte order mark.
const TELLING_UNITS: usize = 4;

/// The order of the two bytes of a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Little,
    Big,
}

impl Order {
    /// The order in a file that begins so; `None` if it is no UTF-16.
    pub(super) fn of(head: &[u8]) -> Option<Self> {
        match head {
            [0xFF, 0xFE, ..] => return Some(Self::Little),
            [0xFE, 0xFF, ..] => return Some(Self::Big),
            _ => {}
        }
        // Without a mark: every log begins with a few ASCII characters. A single zero byte is damage in a UTF-8 file.
        let looks_like = |order: Self| {
            let (units, _) = head.as_chunks::<2>();
            let mut first = units.iter().take(TELLING_UNITS).map(|unit| order.unit(*unit)).peekable();
            first.peek().is_some() && first.all(|unit| (1..0x80).contains(&unit))
        };
        [Self::Little, Self::Big].into_iter().find(|order| looks_like(*order))
    }

    fn unit(self, bytes: [u8; 2]) -> u16 {
        match self {
            Self::Little => u16::from_le_bytes(bytes),
            Self::Big => u16::from_be_bytes(bytes),
        }
    }
}

/// A reader of UTF-16 as UTF-8. A byte order mark stays what it is; lone surrogates and an odd last byte become U+FFFD.
pub(super) struct Utf16<R> {
    reader: R,
    order: Order,
    /// Bytes that were read and not transcoded yet: half a unit, or the first half of a pair.
    raw: Vec<u8>,
    text: String,
    /// How much of the text was given out.
    given: usize,
    is_over: bool,
    /// Why it is over, if that is no end: told after the text before it.
    error: Option<io::Error>,
}

impl<R: Read> Utf16<R> {
    pub(super) fn new(reader: R, order: Order) -> Self {
        let raw = Vec::with_capacity(CHUNK_BYTES);
        Self { reader, order, raw, text: String::new(), given: 0, is_over: false, error: None }
    }

    /// Transcodes the next chunk, if there is one.
    fn refill(&mut self) {
        self.text.clear();
        self.given = 0;
        let room = CHUNK_BYTES - self.raw.len();
        match self.reader.by_ref().take(room as u64).read_to_end(&mut self.raw) {
            Ok(read) => self.is_over = read < room,
            Err(error) => (self.is_over, self.error) = (true, Some(error)),
        }
        let (units, rest) = self.raw.as_chunks::<2>();
        let units = units.iter().map(|unit| self.order.unit(*unit));
        let is_first_half = |unit: &u16| (0xD800..0xDC00).contains(unit);
        let is_waiting = !self.is_over && units.clone().next_back().as_ref().is_some_and(is_first_half);
        let count = units.len() - usize::from(is_waiting);
        let decoded = char::decode_utf16(units.take(count));
        self.text.extend(decoded.map(|character| character.unwrap_or(char::REPLACEMENT_CHARACTER)));
        if self.is_over && !rest.is_empty() {
            self.text.push(char::REPLACEMENT_CHARACTER);
        }
        self.raw.drain(..if self.is_over { self.raw.len() } else { 2 * count });
    }
}

impl<R: Read> Read for Utf16<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.text.len() && !self.is_over {
            self.refill();
        }
        if let Some(error) = self.error.take_if(|_| self.given == self.text.len()) {
            return Err(error);
        }
        let mut rest = self.text.as_bytes().get(self.given..).unwrap_or_default();
        let read = rest.read(buffer)?;
        self.given += read;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufReader, Cursor};

    use proptest::prelude::*;

    use super::*;

    /// Gives out a few bytes at a time.
    struct Slow(Cursor<Vec<u8>>, usize);

    impl Read for Slow {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let most = buffer.len().min(self.1);
            self.0.read(&mut buffer[..most])
        }
    }

    proptest! {
        #[test]
        fn any_units_become_what_the_standard_library_makes_of_them(
            start in prop::collection::vec(prop_oneof![0_u16..0x80, 0xD7F0_u16..0xE010, any::<u16>()], 0..40),
            repeated in 1_usize..3000, pace in 1_usize..7, is_big in any::<bool>(), is_odd in any::<bool>(),
        ) {
            let units = start.repeat(repeated);
            let order = if is_big { Order::Big } else { Order::Little };
            let bytes = |unit: &u16| if is_big { unit.to_be_bytes() } else { unit.to_le_bytes() };
            let mut raw: Vec<u8> = units.iter().flat_map(bytes).collect();
            let mut expected = String::from_utf16_lossy(&units);
            if is_odd {
                raw.push(b'{');
                expected.push('\u{fffd}');
            }

            let mut text = String::new();
            let slow = Slow(Cursor::new(raw), if repeated > 100 { 4096 } else { pace });
            BufReader::with_capacity(5, Utf16::new(slow, order)).read_to_string(&mut text).unwrap();

            prop_assert_eq!(text, expected);
        }
    }

    #[test]
    fn without_a_mark_it_takes_several_characters_to_tell() {
        assert_eq!(Order::of(b"{\0\"\0t\0i\0"), Some(Order::Little));
        assert_eq!(Order::of(b"\0{\0}"), Some(Order::Big));
        assert_eq!(Order::of(b"\0{\"time\":1}"), None, "a zero byte before a record");
        assert_eq!(Order::of(b"\0\0\0\0\0\0\0\0"), None);
        assert_eq!(Order::of(b"{}"), None);
        assert_eq!(Order::of(b""), None);
    }
}
