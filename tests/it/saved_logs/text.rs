//! UTF-16 and byte order marks: what Windows PowerShell writes.

use super::{Held, gzip, replayed, utf16};
use crate::given::{READ, read_of};

#[test]
fn utf_16_in_either_order_with_and_without_a_mark_is_read_as_any_text() {
    let lines = format!("{READ}\r\n{}\r\n", read_of("kv-\u{1f511}", "192.0.2.8"));
    for (with_mark, is_big) in [(true, false), (true, true), (false, false), (false, true)] {
        let seen = replayed("log.json", &utf16(&lines, with_mark, is_big));

        assert_eq!((seen.alerts.len(), seen.code), (2, Some(0)), "{with_mark} {is_big}: {}", seen.stderr);
        let lines: Vec<_> = seen.sources().iter().map(|source| source["line"].as_u64()).collect();
        assert_eq!(lines, [Some(2), Some(1)]);
        assert!(seen.alerts[0]["title"].as_str().unwrap().contains("[kv-\u{1f511}]"));
    }
}

#[test]
fn a_json_text_over_several_lines_is_one_body_in_utf_16_too() {
    let text = format!("[\r\n  {READ},\r\n  {{}}\r\n]\r\n");

    let held = Held::in_file("log.json", &utf16(&text, true, false));

    assert_eq!(held.texts(), [text.trim_end()]);
}

#[test]
fn utf_16_of_a_csv_and_in_gzip_is_read_too() {
    let csv = "TimeGenerated,OperationName\r\n2026-03-02T08:14:58Z,CertificateGet\r\n";

    let held = Held::in_file("rows.csv.gz", &gzip(&utf16(csv, true, false)));

    assert_eq!(held.texts(), [r#"{"TimeGenerated":"2026-03-02T08:14:58Z","OperationName":"CertificateGet"}"#]);
}

#[test]
fn lone_surrogates_and_half_a_unit_at_the_end_cost_a_character_each() {
    let mut bytes = utf16("{\"a\":\"", true, false);
    bytes.extend([0x00, 0xD8]);
    bytes.extend(utf16("\"}\n{}", false, false));
    bytes.push(b'x');

    let held = Held::in_file("log.json", &bytes);

    assert_eq!(held.texts(), ["{\"a\":\"\u{fffd}\"}", "{}\u{fffd}"]);
}

#[test]
fn a_mark_of_utf_8_is_no_part_of_the_text_and_a_file_of_nothing_else_is_blank() {
    let marked = replayed("log.json", format!("\u{feff}{READ}\n").as_bytes());
    let blank = replayed("blank.json", "\u{feff}\r\n".as_bytes());

    assert_eq!((marked.alerts.len(), marked.code), (1, Some(0)), "{}", marked.stderr);
    assert_eq!((blank.stderr.lines().count(), blank.code), (1, Some(0)), "{}", blank.stderr);
}

#[test]
fn zeros_before_a_record_do_not_make_it_utf_16() {
    let held = Held::in_file("log.json", format!("\0{READ}\n{READ}\n").as_bytes());

    assert_eq!(held.texts(), [format!("\0{READ}").as_str(), READ]);
}
