//! Small files that unpack to large ones: one line, and an end.

#[cfg(target_os = "linux")]
use super::avro_file::{SCHEMA, block, event, header};
use super::zips::{with_header, zip_with};
use super::{gzip, replayed};
use crate::given::READ;
#[cfg(target_os = "linux")]
use crate::replay::inputs::{bomb, replay_measured};

/// The longest body of an event that is read.
#[cfg(target_os = "linux")]
const MAX_EVENT_BYTES: usize = 16 << 20;

#[test]
fn a_gzip_that_unpacks_to_far_more_than_any_log_is_stopped() {
    let mebi = gzip(&[b' '; 1 << 20]);
    let file = [gzip(format!("{READ}\n").as_bytes()), mebi.repeat(1100)].concat();

    let seen = replayed("bomb.json.gz", &file);

    assert_eq!((seen.alerts.len(), seen.code), (1, Some(1)), "{}", seen.stderr);
    assert_eq!(seen.lines_with("250 times").len(), 1, "{}", seen.stderr);
}

/// Spaces without an end in deflate: a block of a MiB, many times.
fn endless_spaces() -> Vec<u8> {
    let mut deflate = flate2::Compress::new(flate2::Compression::default(), false);
    let mut block = Vec::with_capacity(64 << 10);
    deflate.compress_vec(&[b' '; 1 << 20], &mut block, flate2::FlushCompress::Full).unwrap();
    block.repeat(1100)
}

#[test]
fn a_file_in_a_zip_that_unpacks_to_far_more_than_any_log_is_stopped() {
    // Stored as it is, and then said to be deflated, and to be of nearly 2 GiB.
    let stored = zip_with(zip::CompressionMethod::Stored, &[("bomb.json", &endless_spaces())]);
    let bomb = with_header(with_header(stored, 8, 10, 8), 24, 26, 0x7FFF);

    let seen = replayed("logs.zip", &bomb);

    assert_eq!(seen.code, Some(1), "{}", seen.stderr);
    assert_eq!(seen.lines_with(":bomb.json: what is unpacked is over 256 MiB").len(), 1, "{}", seen.stderr);
}

#[cfg(target_os = "linux")]
#[test]
fn rows_and_blocks_that_nobody_could_hold_cost_a_line_and_little_memory() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    bomb(&at("endless.csv"), "TimeGenerated,OperationName\n1,\"", &[b'x'; 1 << 20], 300, "\"\n2,b\n");
    // Eight events of the most bytes that are read, and one that has more.
    let event_of = |length: usize| event(1, Some(&" ".repeat(length)));
    let largest = event_of(MAX_EVENT_BYTES);
    let blocks = block("null", 1, &largest).repeat(8);
    std::fs::write(
        at("null.avro"),
        [header(SCHEMA, "null"), blocks, block("null", 1, &event_of(MAX_EVENT_BYTES + 1))].concat(),
    )
    .unwrap();
    let twice = block("snappy", 1, &largest);
    let thrice = block("snappy", 3, &largest.repeat(3));
    std::fs::write(at("snappy.avro"), [header(SCHEMA, "snappy"), twice.repeat(2), thrice].concat()).unwrap();
    for (name, told) in [("endless.csv", "line 2"), ("null.avro", "block 9"), ("snappy.avro", "block 3")] {
        let (output, peak_kib) = replay_measured(&at(name));

        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{name}: {stderr}");
        assert!(stderr.lines().filter(|line| line.contains(told)).count() == 1, "{name}: {stderr}");
        assert!((5 << 10..70 << 10).contains(&peak_kib), "{name}: {peak_kib} KiB");
    }
}
