//! A list that is tried out: which alerts it takes away and by which entry, which entries do nothing, and which have ended.

use std::process::Output;

use crate::given::read_of;
use crate::replay::replay;

const LIST: &str = "\
expected:
  - rules: [CertificateAccessed, CertificateDump]
    networks: [192.0.2.7]
    vaults: [kv-web]
    reason: web reads its certificate
  - rules: [AuditedCertificateRead]
    upns: [ada@example.com]
    reason: the audit of March
  - rules: [CertificateAccessed, CertificateDump]
    networks: [192.0.2.9]
    reason: the old pipeline
    until: 2026-02-28
";

/// Four reads: one that the first entry covers, one of another vault, and two that the last entry covered when it was in force.
fn tried(arguments: &[&str]) -> Output {
    let reads = [
        read_of("kv-web", "192.0.2.7"),
        read_of("kv-other", "192.0.2.7"),
        read_of("kv-web", "192.0.2.9"),
        read_of("kv-other", "192.0.2.9"),
    ];
    let list = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(list.path(), LIST).unwrap();
    let list = list.path().to_str().unwrap().to_owned();
    replay(&[&["replay", "-", "--expected", &list], arguments].concat(), reads.join("\n").as_bytes())
}

#[test]
fn an_alert_that_fell_away_is_named_below_the_entry_that_took_it() {
    let output = tried(&[]);

    let said = String::from_utf8(output.stderr).unwrap();
    let lines: Vec<_> = said.lines().collect();
    let entry = "expected, no alert: 2 matches, line 2, web reads its certificate; 1 alerts fell away";
    let at = lines.iter().position(|line| *line == entry).unwrap_or_else(|| panic!("{said}"));
    let fallen = lines[at + 1];
    assert!(fallen.starts_with("  2026-03-02 08:14:58  INFO      not named  192.0.2.7  kv-web: tls  "), "{said}");
    let id = fallen.rsplit("  ").next().unwrap();
    let left = String::from_utf8(output.stdout).unwrap();
    assert!(id.len() == 8 && !left.contains(&format!("\"alertId\":\"{id}")), "{said}");
    assert_eq!(left.lines().count(), 3);
}

#[test]
fn an_entry_that_did_nothing_and_one_that_has_ended_are_named() {
    let said = String::from_utf8(tried(&[]).stderr).unwrap();

    for line in [
        "expected, and nothing matched: line 6, the audit of March",
        "expected, and nothing matched: line 9, the old pipeline",
        "expected no longer, since 2026-02-28 is over: line 9, the old pipeline; 2 alerts are of it",
    ] {
        assert!(said.lines().any(|said| said == line), "{line} in {said}");
    }
}

#[test]
fn alerts_that_would_not_be_printed_do_not_fall_away() {
    for arguments in [["--min-severity", "low"], ["--since", "2026-03-03"]] {
        let said = String::from_utf8(tried(&arguments).stderr).unwrap();

        assert!(said.contains("web reads its certificate; 0 alerts fell away"), "{arguments:?}: {said}");
    }
}
