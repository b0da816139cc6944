//! Formats that are not read, and files without logs: a line that says so, and exit 1.

use super::{gzip, replayed};
use crate::given::READ;
use crate::replay::{messages, replay};

fn tar() -> Vec<u8> {
    let mut block = vec![0; 1024];
    block[..8].copy_from_slice(b"log.json");
    block[257..262].copy_from_slice(b"ustar");
    block.extend(READ.as_bytes());
    block
}

#[test]
fn a_format_that_is_not_read_is_named_with_the_way_out() {
    let files: [(&str, Vec<u8>, &str, &str); 9] = [
        ("export.parquet", b"PAR1\x15\x04\x15".to_vec(), "Parquet", "as JSON or CSV"),
        ("logs.tar", tar(), "tar", "tar -xf"),
        ("logs.tar.gz", gzip(&tar()), "tar", "tar -xf"),
        ("log.zst", b"\x28\xB5\x2F\xFD\x24\x00".to_vec(), "zstd", "zstd -d"),
        ("log.xz", b"\xFD7zXZ\0\0\x04".to_vec(), "xz", "xz -d"),
        ("log.bz2", b"BZh91AY&SY".to_vec(), "bzip2", "bzip2 -d"),
        ("logs.7z", b"7z\xBC\xAF\x27\x1C\0\x04".to_vec(), "7z", "unpack it first"),
        ("log.json", "{}".chars().flat_map(|one| u32::from(one).to_le_bytes()).collect(), "records", "nothing in"),
        ("log.gz.gz", gzip(&gzip(READ.as_bytes())), "gzip inside of gzip", "gzip -d"),
    ];
    for (name, bytes, format, way_out) in files {
        let seen = replayed(name, &bytes);

        assert_eq!(seen.code, Some(1), "{name}: {}", seen.stderr);
        let lines = seen.lines_with(name);
        assert!(lines.len() <= 2 && lines.last().unwrap().contains(way_out), "{name}: {}", seen.stderr);
        assert!(seen.stderr.contains(format), "{name}: {}", seen.stderr);
    }
}

#[test]
fn utf_32_is_named() {
    let text = format!("\u{feff}{READ}");
    let little: Vec<u8> = text.chars().flat_map(|one| u32::from(one).to_le_bytes()).collect();
    let big: Vec<u8> = text.chars().flat_map(|one| u32::from(one).to_be_bytes()).collect();
    for bytes in [little, big] {
        let seen = replayed("log.json", &bytes);

        assert_eq!((seen.code, seen.lines_with("UTF-32").len()), (Some(1), 1), "{}", seen.stderr);
    }
}

#[test]
fn a_file_without_a_record_in_it_is_told_and_fails() {
    let files =
        [b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR".as_slice(), b"hello\nworld\n", b"[1,2,\"three\"]", b"\0\0\0\0\0\0\0\0"];
    for bytes in files {
        let seen = replayed("holiday.png", bytes);

        assert_eq!(seen.code, Some(1), "{bytes:?}: {}", seen.stderr);
        assert_eq!(seen.lines_with("nothing in ").len(), 1, "{bytes:?}: {}", seen.stderr);
        assert!(seen.lines_with("nothing in ")[0].contains("holiday.png could be read as logs: "), "{}", seen.stderr);
    }
}

#[test]
fn a_file_with_nothing_in_it_and_a_file_with_one_record_among_rubbish_are_right() {
    for bytes in ["", " \n\n", "{\"records\":[]}", &format!("rubbish\n{READ}\n")] {
        let seen = replayed("log.json", bytes.as_bytes());

        assert_eq!(seen.code, Some(0), "{bytes:?}: {}", seen.stderr);
        assert!(seen.lines_with("nothing in ").is_empty(), "{}", seen.stderr);
    }
}

#[test]
fn the_other_files_are_read_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in [("a.parquet", b"PAR1".as_slice()), ("b.txt", b"notes"), ("c.json", READ.as_bytes())] {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }

    let output = replay(&["replay", folder.path().to_str().unwrap()], b"");

    assert_eq!((messages(&output).len(), output.status.code()), (1, Some(1)));
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(stderr.contains("a.parquet: it is Parquet") && stderr.contains("b.txt could be read"), "{stderr}");
    assert!(stderr.contains("3 files, 1 records"), "{stderr}");
}
