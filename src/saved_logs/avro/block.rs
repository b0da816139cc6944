//! A block of events, packed or not.

use std::io::{self, BufRead, BufReader, Read as _};

use flate2::Crc;
use flate2::bufread::DeflateDecoder;

use super::super::budget::{Budget, Unpacked};
use super::super::receiver::Receiver;
use super::event::Events;
use super::fault::AvroFault;
use super::values::{Values, Work};
use super::{Header, SYNC_BYTES};

/// The most packed and unpacked bytes of a block that cannot be unpacked while it streams.
const MAX_SNAPPY_BYTES: u64 = 16 << 20;
const MAX_UNPACKED_SNAPPY_BYTES: usize = 32 << 20;
/// The checksum after the packed bytes of snappy.
const CRC_BYTES: usize = 4;

/// How blocks are packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Codec {
    Null,
    Deflate,
    Snappy,
}

impl Codec {
    /// The codec of a name in a header, where none means that nothing is packed.
    pub(super) fn of(name: Option<&[u8]>) -> Result<Self, AvroFault> {
        match name {
            None | Some(b"null") => Ok(Self::Null),
            Some(b"deflate") => Ok(Self::Deflate),
            Some(b"snappy") => Ok(Self::Snappy),
            Some(_) => Err(AvroFault::Codec),
        }
    }
}

/// Reads a block and gives out its events.
pub(super) fn read(
    header: &Header,
    reader: &mut dyn BufRead,
    budget: &Budget,
    work: &mut Work,
    events: &mut Events<'_>,
    receiver: &mut dyn Receiver,
) -> Result<(), AvroFault> {
    events.forget();
    let mut values = Values::new(reader, work);
    let (count, size) = (values.size()?, values.size()?);
    let mut give_out = |unpacked: &mut dyn BufRead| {
        let mut values = Values::new(unpacked, work);
        (0..count).try_for_each(|_| events.read(&mut values, receiver))?;
        if values.is_over()? { Ok(()) } else { Err(AvroFault::Damaged("it has more bytes than its events")) }
    };
    let mut packed = reader.take(size);
    match header.codec {
        Codec::Null => give_out(&mut packed)?,
        Codec::Deflate => {
            let unpacked = Unpacked { reader: DeflateDecoder::new(&mut packed), budget };
            give_out(&mut BufReader::new(unpacked))?;
            io::copy(&mut packed, &mut io::sink())?;
        }
        Codec::Snappy => give_out(&mut unpack_snappy(&mut packed, size)?.as_slice())?,
    }
    let mut sync = [0; SYNC_BYTES];
    reader.read_exact(&mut sync)?;
    if sync == header.sync { Ok(()) } else { Err(AvroFault::Damaged("it does not end with the file's mark")) }
}

fn unpack_snappy(packed: &mut dyn BufRead, size: u64) -> Result<Vec<u8>, AvroFault> {
    if size > MAX_SNAPPY_BYTES {
        return Err(AvroFault::LongBlock);
    }
    let mut bytes = Vec::new();
    bytes.reserve_exact(size as usize);
    if (packed.read_to_end(&mut bytes)? as u64) < size {
        return Err(AvroFault::Truncated);
    }
    let no_snappy = AvroFault::Damaged("it is no snappy");
    let Some((bytes, checksum)) = bytes.split_last_chunk::<CRC_BYTES>() else { return Err(no_snappy) };
    match snap::raw::decompress_len(bytes) {
        Ok(length) if length <= MAX_UNPACKED_SNAPPY_BYTES => {}
        Ok(_) => return Err(AvroFault::LongBlock),
        Err(_) => return Err(no_snappy),
    }
    let unpacked = snap::raw::Decoder::new().decompress_vec(bytes).map_err(|_| no_snappy)?;
    let mut crc = Crc::new();
    crc.update(&unpacked);
    if crc.sum() == u32::from_be_bytes(*checksum) {
        Ok(unpacked)
    } else {
        Err(AvroFault::Damaged("its checksum is wrong"))
    }
}
