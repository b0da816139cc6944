//! Small files that unpack to large ones: one line, and an end.

use super::zips::{with_header, zip_with};
use super::{gzip, replayed};
use crate::given::READ;

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
    assert_eq!(seen.lines_with(":bomb.json: what is unpacked is over 1 GiB").len(), 1, "{}", seen.stderr);
}
