//! Zips: each file in one is read as if it stood in a folder.

use std::io::{Cursor, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::avro_file::capture;
use super::{Held, gzip, replayed, utf16};
use crate::given::{READ, read_of};
use crate::replay::replay;

/// A zip of these files.
fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    zip_with(CompressionMethod::Deflated, files)
}

/// A zip of these files, packed so.
pub(super) fn zip_with(method: CompressionMethod, files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(*name, SimpleFileOptions::default().compression_method(method)).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// The zip with two bytes of the last entry's headers changed, which stand there in the local and the central one.
pub(super) fn with_header(mut zip: Vec<u8>, local_at: usize, central_at: usize, value: u16) -> Vec<u8> {
    for (signature, at) in [(b"PK\x03\x04", local_at), (b"PK\x01\x02", central_at)] {
        let header = zip.windows(4).rposition(|window| window == signature).unwrap();
        zip[header + at..header + at + 2].copy_from_slice(&value.to_le_bytes());
    }
    zip
}

#[test]
fn files_of_every_kind_in_a_zip_are_read_in_its_order_each_by_its_name() {
    let csv = "TimeGenerated,OperationName\n2026-03-02T08:14:58Z,CertificateGet\n";
    let file = zip(&[
        ("z/PT1H.json", READ.as_bytes()),
        ("13/2026/03/02/08/15/30.avro", &capture("snappy", &[&[Some("{\"b\":2}")]])),
        ("log.json.gz", &gzip(b"{\"c\":3}\n")),
        ("rows.csv", csv.as_bytes()),
        ("a.json", &utf16("{\"d\":4}", true, false)),
    ]);

    let held = Held::in_file("logs.zip", &file);

    let row = r#"{"TimeGenerated":"2026-03-02T08:14:58Z","OperationName":"CertificateGet"}"#;
    assert_eq!(held.texts(), [READ, "{\"b\":2}", "{\"c\":3}", row, "{\"d\":4}"]);
    let names = ["z/PT1H.json", "13/2026/03/02/08/15/30.avro", "log.json.gz", "rows.csv", "a.json"];
    assert_eq!(held.ends, names.map(|name| format!("logs.zip:{name}")));
    assert_eq!(held.bodies[0].1.file.as_deref(), Some("logs.zip:z/PT1H.json"));
    assert_eq!(held.bodies[1].1.partition_id.as_deref(), Some("13"));
    assert!(held.faults.is_empty(), "{:?}", held.faults);
}

#[test]
fn an_alert_of_a_record_in_a_zip_names_both_files() {
    let seen = replayed("logs.zip", &zip(&[("a/PT1H.json", format!("\n{READ}\n").as_bytes())]));

    assert_eq!((seen.alerts.len(), seen.code), (1, Some(0)), "{}", seen.stderr);
    let source = seen.sources()[0];
    assert!(source["file"].as_str().unwrap().ends_with("/logs.zip:a/PT1H.json"), "{source}");
    assert_eq!(source["line"], 2);
    assert!(seen.stderr.contains("1 files, 1 records"), "{}", seen.stderr);
}

#[test]
fn what_cannot_be_read_in_a_zip_costs_a_line_each_and_never_the_others() {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default();
    writer.add_symlink("link.json", "/etc/hostname", options).unwrap();
    writer.add_directory("folder/", options).unwrap();
    let inner = zip(&[("x.json", READ.as_bytes())]);
    let files: [(&str, &[u8]); 8] = [
        ("inner.zip", &inner),
        ("inner.zip.gz", &gzip(&inner)),
        ("table.parquet", b"PAR1"),
        ("notes.txt", b"buy milk"),
        ("back\\..\\up.json", READ.as_bytes()),
        ("C:\\abs.json", READ.as_bytes()),
        ("__MACOSX/._good.json", b"\0\x05\x16\x07"),
        ("good.json", READ.as_bytes()),
    ];
    for (name, bytes) in files {
        writer.start_file(name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    let file = writer.finish().unwrap().into_inner();

    let seen = replayed("logs.zip", &file);

    assert_eq!((seen.alerts.len(), seen.code), (1, Some(1)), "{}", seen.stderr);
    let told = [
        (":link.json", "link"),
        (":inner.zip:", "inside"),
        (":inner.zip.gz:", "inside"),
        (":table.parquet", "Parquet"),
        (":notes.txt", "nothing in"),
        ("up.json", "leads out"),
        ("abs.json", "leads out"),
    ];
    for (name, words) in told {
        let lines = seen.lines_with(name);
        assert!(lines.len() == 1 && lines[0].contains(words), "{name}: {}", seen.stderr);
    }
    assert_eq!(seen.stderr.lines().filter(|line| line.contains("logs.zip")).count(), told.len(), "{}", seen.stderr);
}

#[test]
fn names_that_lead_out_are_refused_in_every_form() {
    for name in ["../up.json", "a/../../up.json", "/abs.json"] {
        // The writer refuses such names, so one of the same length is put in their place.
        let good = "x".repeat(name.len());
        let zipped = zip(&[(&good, READ.as_bytes())]);
        let text: Vec<u8> = replace(&zipped, good.as_bytes(), name.as_bytes());

        let held = Held::in_file("logs.zip", &text);

        assert!(held.bodies.is_empty() && held.faults.len() == 1, "{name}: {:?}", held.faults);
        assert!(held.faults[0].contains("leads out"), "{name}: {:?}", held.faults);
    }
}

fn replace(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    while let Some(at) = bytes.windows(from.len()).position(|window| window == from) {
        bytes[at..at + to.len()].copy_from_slice(to);
    }
    bytes
}

#[test]
fn entries_that_are_encrypted_or_packed_otherwise_or_damaged_are_told_and_the_one_before_is_read() {
    let two = || zip(&[("a.json", READ.as_bytes()), ("b.json", read_of("kv-b", "192.0.2.8").as_bytes())]);
    let mut damaged = two();
    let at = damaged.windows(4).rposition(|window| window == b"PK\x03\x04").unwrap();
    damaged[at + 60] ^= 0x55;
    let cases = [
        (with_header(two(), 6, 8, 1), "encrypted"),
        (with_header(two(), 8, 10, 93), "packed with"),
        (damaged, "b.json"),
    ];
    for (file, words) in cases {
        let seen = replayed("logs.zip", &file);

        assert_eq!(seen.code, Some(1), "{words}: {}", seen.stderr);
        assert!(seen.alerts.iter().any(|alert| alert["title"].as_str().unwrap().contains("kv-web")), "{words}");
        let lines = seen.lines_with("cannot read ");
        assert!(
            lines.len() == 1 && lines[0].contains(":b.json") && lines[0].contains(words),
            "{words}: {}",
            seen.stderr
        );
    }
}

#[test]
fn two_files_of_one_name_are_both_read() {
    let file = replace(&zip(&[("a.json", b"{\"a\":1}"), ("b.json", b"{\"b\":2}")]), b"b.json", b"a.json");

    assert_eq!(Held::in_file("logs.zip", &file).texts(), ["{\"a\":1}", "{\"b\":2}"]);
}

#[test]
fn a_zip_from_standard_input_says_to_save_it() {
    let output = replay(&["replay", "-"], &zip(&[("a.json", READ.as_bytes())]));

    assert_eq!(output.status.code(), Some(1));
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(stderr.contains("cannot read -: ") && stderr.contains("save it as a file first"), "{stderr}");
}

#[test]
fn a_zip_that_is_cut_off_empty_or_a_workbook_is_told() {
    let whole = zip(&[("a.json", READ.as_bytes())]);
    let cut = replayed("logs.zip", &whole[..whole.len() - 10]);
    let empty = replayed("logs.zip", &zip(&[]));
    let workbook = replayed("logs.xlsx", &zip(&[("[Content_Types].xml", b"<x/>"), ("xl/workbook.xml", b"<x/>")]));

    assert_eq!((cut.code, cut.lines_with("damaged").len()), (Some(1), 1), "{}", cut.stderr);
    assert_eq!((empty.code, empty.lines_with("no file in the zip was read").len()), (Some(1), 1), "{}", empty.stderr);
    assert_eq!((workbook.code, workbook.lines_with("as CSV").len()), (Some(1), 1), "{}", workbook.stderr);
}

#[test]
fn a_bomb_in_a_zip_costs_none_of_the_other_files() {
    let spaces = super::gzip(&vec![b' '; 1 << 20]).repeat(300);
    let folder = zip(&[("bomb.json.gz", &spaces), ("reads.json", READ.as_bytes())]);

    let seen = replayed("logs.zip", &folder);

    assert_eq!((seen.alerts.len(), seen.code), (1, Some(1)), "{}", seen.stderr);
    assert_eq!(seen.lines_with("250 times").len(), 1, "{}", seen.stderr);
}
