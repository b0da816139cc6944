//! Event Hubs Capture: Avro object container files, a block at a time.
//!
//! A reader of our own, because the general crate holds each block twice and lets it say how much memory that is.

mod block;
mod event;
mod fault;
mod schema;
mod values;

use std::collections::BTreeMap;
use std::io::BufRead;

use super::layer::Layer;
use super::receiver::Receiver;
use super::unread::Unread;
use block::Codec;
use event::Events;
pub use fault::AvroFault;
use schema::Schema;
use values::{Values, Work};

/// The most bytes of what a header says: Capture's has one kilobyte, and a schema takes many times its text.
const MAX_HEADER_BYTES: usize = 256 << 10;
const MAGIC_BYTES: usize = 4;
const SYNC_BYTES: usize = 16;

/// What a header says of the blocks.
struct Header {
    codec: Codec,
    schema: Schema,
    sync: [u8; SYNC_BYTES],
}

/// Gives out each event of a file.
///
/// # Errors
/// What is wrong, and where; the events before that were given out.
pub(super) fn read(layer: Layer<'_>, reader: &mut dyn BufRead, receiver: &mut dyn Receiver) -> Result<(), Unread> {
    let mut work = Work::default();
    let part = "the header".to_owned();
    let header = Header::read(reader, &mut work).map_err(|fault| fault.of(part))?;
    let mut events = Events::new(layer.name, &header.schema).map_err(|fault| fault.of("the schema".to_owned()))?;
    for number in 1_u64.. {
        let is_over = reader.fill_buf()?.is_empty();
        if is_over {
            break;
        }
        let read = block::read(&header, reader, layer.budget, &mut work, &mut events, receiver);
        read.map_err(|fault| fault.of(format!("block {number}")))?;
    }
    Ok(())
}

impl Header {
    fn read(reader: &mut dyn BufRead, work: &mut Work) -> Result<Self, AvroFault> {
        let mut values = Values::new(reader, work);
        values.skip(MAGIC_BYTES)?;
        let mut about = BTreeMap::new();
        let mut room = MAX_HEADER_BYTES;
        loop {
            let count = values.count()?;
            for _ in 0..count {
                let key = values.bytes_up_to(room)?;
                room = room.saturating_sub(key.len());
                let value = values.bytes_up_to(room)?;
                // The allocations count, too.
                room = room.saturating_sub(value.len() + 64);
                about.insert(key, value);
            }
            if count == 0 {
                break;
            }
        }
        let sync = values.array()?;
        let text = |key: &str| about.get(key.as_bytes()).map(Vec::as_slice);
        let codec = Codec::of(text("avro.codec"))?;
        let schema = Schema::parse(text("avro.schema").unwrap_or_default())?;
        Ok(Self { codec, schema, sync })
    }
}
