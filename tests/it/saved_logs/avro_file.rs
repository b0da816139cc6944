//! Avro object container files, as Event Hubs Capture writes them, and as nobody does.

use std::io::Write as _;

/// The schema that Capture writes, but for white space.
pub(super) const SCHEMA: &str = r#"{"type":"record","name":"EventData","namespace":"Microsoft.ServiceBus.Messaging","fields":[{"name":"SequenceNumber","type":"long"},{"name":"Offset","type":"string"},{"name":"EnqueuedTimeUtc","type":"string"},{"name":"SystemProperties","type":{"type":"map","values":["long","double","string","bytes"]}},{"name":"Properties","type":{"type":"map","values":["long","double","string","bytes","null"]}},{"name":"Body","type":["null","bytes"]}]}"#;
pub(super) const SYNC: [u8; 16] = *b"0123456789abcdef";

/// A number of variable length.
pub(super) fn number(value: i64) -> Vec<u8> {
    let mut rest = ((value << 1) ^ (value >> 63)) as u64;
    let mut bytes = Vec::new();
    while rest > 0x7F {
        bytes.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    bytes.push(rest as u8);
    bytes
}

/// Bytes or a string.
pub(super) fn bytes(value: &[u8]) -> Vec<u8> {
    [number(value.len() as i64).as_slice(), value].concat()
}

/// An event of a sequence number; `None` is a body of null.
pub(super) fn event(sequence_number: i64, body: Option<&str>) -> Vec<u8> {
    let time = b"3/2/2026 8:15:30 AM";
    // One property of each type, of which the last ones stand in a block that says its size.
    let properties = [
        number(2),
        bytes(b"x-opt-enqueued-time"),
        number(0),
        number(1_772_439_330_000),
        bytes(b"ratio"),
        number(1),
        1.5_f64.to_le_bytes().to_vec(),
        number(-1),
        number(9),
        bytes(b"key"),
        number(2),
        bytes(b"val"),
        number(0),
    ];
    let body = body.map_or(number(0), |body| [number(1), bytes(body.as_bytes())].concat());
    let fields = [number(sequence_number), bytes(b"4294970112"), bytes(time), properties.concat(), number(0), body];
    fields.concat()
}

/// A header of a schema and a codec.
pub(super) fn header(schema: &str, codec: &str) -> Vec<u8> {
    let about = [bytes(b"avro.codec"), bytes(codec.as_bytes()), bytes(b"avro.schema"), bytes(schema.as_bytes())];
    [b"Obj\x01".to_vec(), number(2), about.concat(), number(0), SYNC.to_vec()].concat()
}

/// A block of so many events.
pub(super) fn block(codec: &str, count: usize, events: &[u8]) -> Vec<u8> {
    let packed = pack(codec, events);
    [number(count as i64), number(packed.len() as i64), packed, SYNC.to_vec()].concat()
}

fn pack(codec: &str, events: &[u8]) -> Vec<u8> {
    match codec {
        "deflate" => {
            let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
            encoder.write_all(events).unwrap();
            encoder.finish().unwrap()
        }
        "snappy" => {
            let mut crc = flate2::Crc::new();
            crc.update(events);
            let mut packed = snap::raw::Encoder::new().compress_vec(events).unwrap();
            packed.extend(crc.sum().to_be_bytes());
            packed
        }
        _ => events.to_vec(),
    }
}

/// A file of Capture: a block for each list of bodies.
pub(super) fn capture(codec: &str, blocks: &[&[Option<&str>]]) -> Vec<u8> {
    let mut file = header(SCHEMA, codec);
    let mut sequence_number = 90_210;
    for bodies in blocks {
        let mut events = Vec::new();
        for body in *bodies {
            events.extend(event(sequence_number, *body));
            sequence_number += 1;
        }
        file.extend(block(codec, bodies.len(), &events));
    }
    file
}
