//! Alerts as a table: what a terminal shows, by its width and by what it can.

use std::process::{Command, Stdio};

use super::replay;
use crate::given::read_of;

/// What a terminal shows of the samples: its columns, and what is set before the command.
fn on_terminal(columns: u16, settings: &str) -> Option<String> {
    if Command::new("script").arg("--version").output().is_err() {
        assert!(std::env::var_os("CI").is_none(), "CI needs `script`, of util-linux, for a terminal");
        return None;
    }
    let binary = env!("CARGO_BIN_EXE_certificate-accessed");
    let command = format!("stty cols {columns}; {settings} {binary} replay samples 2>&-");
    let output = Command::new("script")
        .args(["-qec", &command, "/dev/null"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("TERM", "xterm-256color")
        .env_remove("NO_COLOR")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    Some(String::from_utf8(output.stdout).unwrap().replace("\r\n", "\n"))
}

fn width(line: &str) -> usize {
    line.chars().count()
}

/// Lines that begin with a time, to the second.
fn begin_an_alert(shown: &str) -> usize {
    let begins = |line: &&str| line.starts_with("2026-03-02 ") && line.get(19..21) == Some("  ");
    shown.lines().filter(begins).count()
}

#[test]
fn from_100_columns_on_an_alert_is_a_row_of_which_only_what_was_read_wraps() {
    for columns in [100, 120, 200] {
        let Some(shown) = on_terminal(columns, "NO_COLOR=1") else { return };

        let header = shown.lines().next().unwrap();
        assert_eq!(
            header.split("  ").map(str::trim).filter(|heading| !heading.is_empty()).collect::<Vec<_>>(),
            ["When (UTC)", "Severity", "Who", "From", "What", "Alert"]
        );
        let what = header.find("What").unwrap();
        for line in shown.lines().skip(1) {
            assert!(width(line) <= columns.into(), "{columns}: {line}");
            let start = width(line) - width(line.trim_start());
            assert!(start == 0 || start == what, "{columns}: {line}");
        }
        assert_eq!(begin_an_alert(&shown), 25, "{shown}");
        let theft = shown.lines().find(|line| line.starts_with("2026-03-02 02:14:11  HIGH      ")).unwrap();
        for words in ["  app 2dc54dd4…ae21 +1  ", "  203.0.113.66  ", "  30 names, 4 vaults  ", "  558287ed"] {
            assert!(theft.contains(words), "{words} in {theft}");
        }
    }
}

#[test]
fn below_100_columns_an_alert_has_two_lines() {
    for columns in [80, 99] {
        let Some(shown) = on_terminal(columns, "NO_COLOR=1") else { return };

        let lines: Vec<_> = shown.lines().collect();
        assert!(lines.iter().all(|line| width(line) <= columns.into()), "{columns}: {shown}");
        assert_eq!((lines.len(), begin_an_alert(&shown)), (2 + 2 * 25, 25), "{shown}");
        assert_eq!(lines[4], "2026-03-02 02:14:11  HIGH      app 2dc54dd4…ae21 +1  203.0.113.66");
        assert_eq!(lines[5], "558287ed                       30 names, 4 vaults");
    }
}

#[test]
fn there_is_nothing_but_text_where_no_colour_is_wanted_or_the_terminal_is_dumb() {
    for (settings, has_colours) in [("", true), ("NO_COLOR=", true), ("NO_COLOR=1", false), ("TERM=dumb", false)] {
        for columns in [80, 120] {
            let Some(shown) = on_terminal(columns, settings) else { return };

            assert_eq!(shown.contains('\u{1b}'), has_colours, "{settings}: {shown:?}");
        }
    }
}

#[test]
fn of_too_many_alerts_the_worst_are_shown_and_come_first() {
    let many: Vec<_> = (0..300).map(|number| read_of(&format!("kv-{number}"), "192.0.2.8")).collect();

    let all = replay(
        &["replay", "--rules", "CertificateAccessed", "--format", "table", "-"],
        many[..200].join("\n").as_bytes(),
    );
    let cut = replay(&["replay", "--format", "table", "-"], many.join("\n").as_bytes());

    let (all, cut) = (String::from_utf8(all.stdout).unwrap(), String::from_utf8(cut.stdout).unwrap());
    assert_eq!(all.lines().count(), 1 + 200);
    assert_eq!(cut.lines().count(), 1 + 200 + 1);
    assert!(cut.lines().nth(1).unwrap().contains("  HIGH  "), "{cut}");
    assert!(cut.lines().nth(2).unwrap().contains("  INFO  "), "{cut}");
    assert!(cut.ends_with("--format csv and ndjson print all.\n"), "{cut}");
    assert!(cut.contains("\n101 more alerts are not shown, none of them more severe"), "{cut}");
}

#[test]
fn times_are_in_utc_whatever_zone_a_record_names() {
    let read = read_of("kv-web", "192.0.2.8").replace("2026-03-02T08:14:58Z", "2026-03-02T01:14:58.9000000+02:00");

    let output = replay(&["replay", "--format", "table", "-"], read.as_bytes());

    let table = String::from_utf8(output.stdout).unwrap();
    assert!(table.starts_with("When (UTC)"), "{table}");
    assert!(table.contains("\n2026-03-01 23:14:58  INFO      not named  192.0.2.8  kv-web: tls  "), "{table}");
}
