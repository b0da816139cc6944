//! The values in a block: read or passed over, and never more than there are bytes for.

use std::io::{BufRead, Read as _};

use super::fault::AvroFault;
use super::schema::{Schema, Type};

/// The longest string or bytes: many times the size of an event.
pub(super) const MAX_VALUE_BYTES: usize = 16 << 20;
/// How deep values may lie in values.
const MAX_DEPTH: usize = 64;
/// So many values may be read without any byte, and with each byte: a schema can make endless values of nothing.
const FREE_VALUES: u64 = 1 << 16;
const VALUES_PER_BYTE: u64 = 64;

/// What was done for a file so far.
#[derive(Debug, Default)]
pub(super) struct Work {
    bytes: u64,
    values: u64,
}

/// A reader of values.
pub(super) struct Values<'r> {
    reader: &'r mut dyn BufRead,
    work: &'r mut Work,
}

impl<'r> Values<'r> {
    pub(super) fn new(reader: &'r mut dyn BufRead, work: &'r mut Work) -> Self {
        Self { reader, work }
    }

    /// Whether every byte was read.
    pub(super) fn is_over(&mut self) -> Result<bool, AvroFault> {
        Ok(self.reader.fill_buf()?.is_empty())
    }

    /// Reads so many bytes as they are.
    pub(super) fn array<const LEN: usize>(&mut self) -> Result<[u8; LEN], AvroFault> {
        let mut bytes = [0; LEN];
        self.reader.read_exact(&mut bytes)?;
        self.work.bytes += LEN as u64;
        Ok(bytes)
    }

    /// Reads a number: seven bits a byte, the lowest first, the sign in the lowest.
    pub(super) fn number(&mut self) -> Result<i64, AvroFault> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let [byte] = self.array()?;
            number |= u64::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return Ok((number >> 1) as i64 ^ -((number & 1) as i64));
            }
        }
        Err(AvroFault::Damaged("a number has no end"))
    }

    /// Reads a size or a count.
    pub(super) fn size(&mut self) -> Result<u64, AvroFault> {
        u64::try_from(self.number()?).map_err(|_| AvroFault::Damaged("a size is below zero"))
    }

    /// Reads how many elements follow in an array or a map; 0 is its end.
    pub(super) fn count(&mut self) -> Result<u64, AvroFault> {
        let count = self.number()?;
        if count < 0 {
            // Then the elements' size in bytes follows, for those who pass over them.
            self.size()?;
        }
        Ok(count.unsigned_abs())
    }

    /// Reads bytes or a string of the header, if it is no longer.
    pub(super) fn bytes_up_to(&mut self, most: usize) -> Result<Vec<u8>, AvroFault> {
        let mut bytes = Vec::new();
        let length = self.length()?;
        if length > most {
            return Err(AvroFault::LongHeader);
        }
        self.append(length, &mut bytes)?;
        Ok(bytes)
    }

    /// Reads bytes or a string.
    pub(super) fn bytes(&mut self, bytes: &mut Vec<u8>) -> Result<(), AvroFault> {
        let length = self.length()?;
        self.append(length, bytes)
    }

    /// Reads a string that is of use only if it is short.
    pub(super) fn short_text(&mut self, most: usize) -> Result<Option<String>, AvroFault> {
        let length = self.length()?;
        if length > most {
            return self.skip(length).map(|()| None);
        }
        let mut bytes = Vec::new();
        self.append(length, &mut bytes)?;
        Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
    }

    fn append(&mut self, length: usize, bytes: &mut Vec<u8>) -> Result<(), AvroFault> {
        // Room for exactly this, because a vector that grows by itself takes twice as much. Memory that is not written to,
        // where the length is a lie, is not taken.
        bytes.reserve_exact(length);
        let read = (&mut *self.reader).take(length as u64).read_to_end(bytes)?;
        self.work.bytes += read as u64;
        if read < length { Err(AvroFault::Truncated) } else { Ok(()) }
    }

    fn length(&mut self) -> Result<usize, AvroFault> {
        let length = self.size()?;
        usize::try_from(length).ok().filter(|length| *length <= MAX_VALUE_BYTES).ok_or(AvroFault::LongValue)
    }

    /// Passes over bytes.
    pub(super) fn skip(&mut self, length: usize) -> Result<(), AvroFault> {
        let mut left = length;
        while left > 0 {
            let skipped = self.reader.fill_buf()?.len().min(left);
            if skipped == 0 {
                return Err(AvroFault::Truncated);
            }
            self.reader.consume(skipped);
            left -= skipped;
        }
        self.work.bytes += length as u64;
        Ok(())
    }

    /// Reads which type of a union follows.
    pub(super) fn branch<'t>(&mut self, branches: &'t [Type]) -> Result<&'t Type, AvroFault> {
        let index = usize::try_from(self.number()?).ok();
        index.and_then(|index| branches.get(index)).ok_or(AvroFault::Damaged("a value is of no type"))
    }

    /// Passes over a value.
    pub(super) fn skip_value(&mut self, kind: &Type, schema: &Schema, depth: usize) -> Result<(), AvroFault> {
        self.work.values += 1;
        if self.work.values > FREE_VALUES + VALUES_PER_BYTE * self.work.bytes {
            return Err(AvroFault::TooManyValues);
        }
        if depth > MAX_DEPTH {
            return Err(AvroFault::TooDeep);
        }
        match kind {
            Type::Null => Ok(()),
            Type::Boolean => self.skip(1),
            Type::Number => self.number().map(drop),
            Type::Float => self.skip(4),
            Type::Double => self.skip(8),
            Type::Bytes => self.length().and_then(|length| self.skip(length)),
            Type::Fixed(size) => self.skip(*size),
            Type::Union(branches) => self.branch(branches).and_then(|kind| self.skip_value(kind, schema, depth + 1)),
            Type::Array(items) => self.skip_elements(false, items, schema, depth),
            Type::Map(values) => self.skip_elements(true, values, schema, depth),
            Type::Record(record) => {
                schema.fields(*record).iter().try_for_each(|field| self.skip_value(&field.kind, schema, depth + 1))
            }
        }
    }

    fn skip_elements(&mut self, has_keys: bool, kind: &Type, schema: &Schema, depth: usize) -> Result<(), AvroFault> {
        loop {
            let count = self.count()?;
            for _ in 0..count {
                if has_keys {
                    let length = self.length()?;
                    self.skip(length)?;
                }
                self.skip_value(kind, schema, depth + 1)?;
            }
            if count == 0 {
                return Ok(());
            }
        }
    }
}
