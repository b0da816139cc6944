//! Event Hubs Capture: where each event was in the hub, and files that are damaged or lie.

use super::avro_file::{SCHEMA, SYNC, block, bytes, capture, event, header, number};
use super::{Held, gzip, replayed};
use crate::given::{READ, WRITE, read_of};

const CODECS: [&str; 3] = ["null", "deflate", "snappy"];

#[test]
fn each_event_is_read_with_its_place_in_the_hub_whatever_the_codec() {
    let later = read_of("kv-b", "192.0.2.8");
    for codec in CODECS {
        let file = capture(codec, &[&[Some(WRITE), Some(READ)], &[None, Some(""), Some(&later)]]);

        let seen = replayed("evhns-logs/hub/13/2026/03/02/08/15/30.avro", &file);

        assert_eq!((seen.alerts.len(), seen.code), (2, Some(0)), "{codec}: {}", seen.stderr);
        let source = seen.sources()[1];
        assert_eq!(source["sequenceNumber"], 90_211, "{codec}: {source}");
        assert_eq!(source["offset"], "4294970112");
        assert_eq!(source["enqueuedTime"], "2026-03-02T08:15:30Z");
        assert_eq!(source["partitionId"], "13");
        assert!(source["file"].as_str().unwrap().ends_with("/30.avro") && source["line"].is_null(), "{source}");
        assert_eq!(seen.sources()[0]["sequenceNumber"], 90_214);
    }
}

#[test]
fn a_file_without_events_is_right_and_a_name_of_another_form_tells_no_partition() {
    let empty = replayed("capture.avro", &header(SCHEMA, "null"));
    let other = replayed("evhns-logs/hub/p13/2026/03/02/08/15/30.avro", &capture("null", &[&[Some(READ)]]));

    assert_eq!((empty.code, empty.stderr.lines().count()), (Some(0), 1), "{}", empty.stderr);
    assert!(other.sources()[0]["partitionId"].is_null());
}

#[test]
fn fields_are_found_by_their_names_among_values_of_every_type() {
    let schema = r#"{"type":"record","name":"E","namespace":"a.b","fields":[
        {"name":"flag","type":"boolean"},{"name":"small","type":"int"},{"name":"single","type":"float"},
        {"name":"mark","type":{"type":"fixed","name":"Mark","size":3}},
        {"name":"colour","type":{"type":"enum","name":"Colour","symbols":["RED","BLUE"]}},
        {"name":"Body","type":"string"},
        {"name":"inner","type":{"type":"record","name":"Inner","fields":[
            {"name":"again","type":"a.b.Mark"},{"name":"next","type":["null","Inner"]},{"name":"nothing","type":"null"}]}},
        {"name":"list","type":{"type":"array","items":{"type":"long","logicalType":"timestamp-millis"}}},
        {"name":"Offset","type":["null","long"]},{"name":"SequenceNumber","type":["null","long"]}]}"#;
    let event = [
        vec![1],
        number(-3),
        1.5_f32.to_le_bytes().to_vec(),
        b"abc".to_vec(),
        number(1),
        bytes(READ.as_bytes()),
        b"def".to_vec(),
        number(1),
        b"ghi".to_vec(),
        number(0),
        number(2),
        number(7),
        number(i64::MIN),
        number(0),
        number(1),
        number(4711),
        number(0),
    ];
    let file = [header(schema, "deflate"), block("deflate", 2, &event.concat().repeat(2))].concat();

    let held = Held::in_file("capture.avro", &file);

    assert_eq!((held.texts(), held.faults.len()), (vec![READ, READ], 0), "{:?}", held.faults);
    let place = &held.bodies[0].1;
    assert_eq!((place.offset.as_deref(), place.sequence_number), (Some("4711"), None));
}

/// What a file says that begins with a good block.
fn fault_after_a_good_block(codec: &str, rest: &[u8]) -> String {
    let file = [capture(codec, &[&[Some(READ)]]), rest.to_vec()].concat();

    let held = Held::in_file("capture.avro", &file);

    assert_eq!(held.texts().first(), Some(&READ), "what came before is given out");
    assert_eq!(held.faults.len(), 1, "{:?}", held.faults);
    held.faults[0].clone()
}

#[test]
fn what_is_wrong_with_a_block_is_told_with_its_number_after_what_came_before() {
    let good = event(1, Some(WRITE));
    let long = [number(1), bytes(b"0"), bytes(b"t"), number(0), number(0), number(1), number(17 << 20)].concat();
    let wrong_sync = |codec| {
        let mut wrong = block(codec, 0, b"");
        *wrong.last_mut().unwrap() = b'!';
        wrong
    };
    let claims = |count: i64, size: i64| [number(count), number(size)].concat();
    let cases = [
        ("null", wrong_sync("null"), "the file's mark"),
        ("deflate", wrong_sync("deflate"), "the file's mark"),
        ("null", [claims(1, 2 << 30), b"\x02".to_vec()].concat(), "cut off"),
        ("deflate", claims(1, 2 << 30), "cut off"),
        ("snappy", claims(1, 2 << 30), "16 MiB of snappy"),
        ("snappy", [claims(1, 8), vec![0xFF, 0xFF, 0xFF, 0x7F, 0, 0, 0, 0]].concat(), "16 MiB of snappy"),
        ("snappy", claims(1, 3), "cut off"),
        ("snappy", [claims(1, 3), vec![1, 2, 3]].concat(), "no snappy"),
        ("null", claims(-1, 10), "below zero"),
        ("null", claims(1, -10), "below zero"),
        ("null", vec![0xFF; 11], "no end"),
        ("null", block("null", 2, &good), "cut off"),
        ("null", block("null", 1, &good.repeat(2)), "more bytes than its events"),
        ("null", block("null", 1, &long), "over 16 MiB"),
        ("null", block("null", 1, &[number(1), number(-1)].concat()), "below zero"),
        ("null", [good.as_slice(), &SYNC].concat(), "block 2"),
    ];
    for (codec, rest, words) in cases {
        let fault = fault_after_a_good_block(codec, &rest);

        assert!(fault.contains("block 2 of this Avro file") && fault.contains(words), "{words}: {fault}");
    }
}

#[test]
fn a_wrong_checksum_of_snappy_and_a_file_that_is_cut_off_fail_the_replay() {
    let mut file = capture("snappy", &[&[Some(READ)]]);
    let crc_at = file.len() - SYNC.len() - 1;
    file[crc_at] ^= 1;
    let wrong = replayed("capture.avro", &file);
    let whole = capture("null", &[&[Some(READ)], &[Some(WRITE)]]);
    let cut = replayed("capture.avro", &whole[..whole.len() - 30]);

    assert_eq!((wrong.alerts.len(), wrong.code), (0, Some(1)));
    assert!(wrong.stderr.contains("block 1 of this Avro file is damaged: its checksum is wrong"), "{}", wrong.stderr);
    assert_eq!((cut.alerts.len(), cut.code), (1, Some(1)));
    assert!(cut.stderr.contains("block 2 of this Avro file is cut off"), "{}", cut.stderr);
}

#[test]
fn every_cut_of_a_file_ends_with_a_sentence_and_never_with_less_than_its_whole_blocks() {
    for codec in CODECS {
        let file = capture(codec, &[&[Some("{\"a\":1}")], &[Some("{\"b\":2}")]]);
        let first_block_ends = file.len() - capture(codec, &[&[Some("{\"b\":2}")]]).len() + header(SCHEMA, codec).len();
        for length in 4..file.len() {
            let held = Held::in_file("capture.avro", &file[..length]);

            let is_between_blocks = length == first_block_ends || length == header(SCHEMA, codec).len();
            assert_eq!(held.faults.is_empty(), is_between_blocks, "{codec} {length}: {:?}", held.faults);
            assert!(held.bodies.len() >= usize::from(length >= first_block_ends), "{codec} {length}");
        }
    }
}

#[test]
fn a_header_that_lies_or_is_of_something_else_is_told() {
    let nested = format!("{}\"null\"{}", "{\"type\":\"array\",\"items\":".repeat(200), "}".repeat(200));
    let of_fields = |fields: &str| format!(r#"{{"type":"record","name":"E","fields":[{fields}]}}"#);
    let cases = [
        (header(SCHEMA, "zstandard"), "codec"),
        (header("{", "null"), "no JSON"),
        (header(&of_fields(r#"{"name":"a","type":"long"}"#), "null"), "none of Event Hubs Capture"),
        (header(r#"{"type":"array","items":"long"}"#, "null"), "none of Event Hubs Capture"),
        (header(&of_fields(r#"{"name":"Body","type":"Missing"}"#), "null"), "not there"),
        (header(&of_fields(&format!(r#"{{"name":"Body","type":{nested}}}"#)), "null"), "no JSON"),
        (header(&" ".repeat(300 << 10), "null"), "256 KiB"),
        ([b"Obj\x01".to_vec(), number(1), number(-5)].concat(), "below zero"),
        (b"Obj\x01".to_vec(), "cut off"),
    ];
    for (file, words) in cases {
        let held = Held::in_file("capture.avro", &file);

        assert_eq!(held.faults.len(), 1, "{words}");
        assert!(held.faults[0].contains("of this Avro file") && held.faults[0].contains(words), "{:?}", held.faults);
    }
}

#[test]
fn schemas_that_make_endless_values_of_a_few_bytes_end_at_once() {
    let nothings = r#"{"type":"record","name":"E","fields":[{"name":"a","type":{"type":"array","items":"null"}},{"name":"Body","type":"bytes"}]}"#;
    let itself = r#"{"type":"record","name":"E","fields":[{"name":"a","type":"E"},{"name":"Body","type":"bytes"}]}"#;
    let linked =
        r#"{"type":"record","name":"E","fields":[{"name":"a","type":["null","E"]},{"name":"Body","type":"bytes"}]}"#;
    let cases = [
        (nothings, number(i64::MAX), "more values than bytes"),
        (itself, vec![0; 100], "deeper"),
        (linked, number(1).repeat(1000), "deeper"),
    ];
    for (schema, event, words) in cases {
        let file = [header(schema, "null"), block("null", 1, &event)].concat();

        let held = Held::in_file("capture.avro", &file);

        assert!(held.faults.len() == 1 && held.faults[0].contains(words), "{words}: {:?}", held.faults);
    }
}

#[test]
fn avro_in_gzip_is_read_too() {
    let held = Held::in_file("capture.avro.gz", &gzip(&capture("snappy", &[&[Some(READ)]])));

    assert_eq!((held.texts(), held.faults.len()), (vec![READ], 0));
}

#[test]
fn events_are_right_wherever_a_buffer_ends() {
    let body = |index: usize| format!("{{\"a\":\"{}\"}}", "x".repeat(index % 997));
    let bodies: Vec<_> = (0..2000).map(body).collect();
    let blocks: Vec<Vec<_>> =
        bodies.chunks(300).map(|chunk| chunk.iter().map(|body| Some(body.as_str())).collect()).collect();
    let blocks: Vec<_> = blocks.iter().map(Vec::as_slice).collect();
    for codec in CODECS {
        let held = Held::in_file("capture.avro", &capture(codec, &blocks));

        assert_eq!((held.texts(), held.faults.len()), (bodies.iter().map(String::as_str).collect(), 0), "{codec}");
        assert_eq!(held.bodies.last().unwrap().1.sequence_number, Some(92_209));
    }
}
