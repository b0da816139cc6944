//! Which alerts are printed, and as what; each is the same as without a choice.

use serde_json::Value;

use super::{messages, replay};
use crate::given::read_of;

/// Reads of three vaults on three days, and one more of the second day's window after midnight.
fn days() -> String {
    let read = |vault: &str, time: &str| read_of(vault, "192.0.2.8").replace("2026-03-02T08:14:58Z", time);
    [
        read("kv-a", "2026-03-01T12:00:00Z"),
        read("kv-b", "2026-03-02T23:40:00Z"),
        read("kv-b", "2026-03-03T00:10:00Z"),
        read("kv-c", "2026-03-04T12:00:00Z"),
    ]
    .join("\n")
}

#[test]
fn a_period_chooses_the_alerts_that_reach_into_it_and_changes_none() {
    let run = |arguments: &[&str]| {
        let output = replay(&[&["replay", "-"], arguments].concat(), days().as_bytes());
        assert_eq!(output.status.code(), Some(0));
        (messages(&output), String::from_utf8(output.stderr).unwrap())
    };
    let (all, summary) = run(&[]);
    assert_eq!(all.len(), 3);
    assert!(!summary.contains("outside"), "{summary}");

    for (arguments, chosen) in [
        (&["--since", "2026-03-03"][..], &all[1..]),
        (&["--until", "2026-03-01"], &all[..1]),
        (&["--since", "2026-03-03", "--until", "2026-03-03"], &all[1..2]),
        (&["--since", "2026-03-02T00:00:00Z", "--until", "2026-03-02T23:50"], &all[1..2]),
        (&["--since", "7d"], &[]),
    ] {
        let (printed, summary) = run(arguments);

        assert_eq!(printed, chosen, "{arguments:?}");
        let outside = format!("{} alerts lie outside of --since and --until", 3 - chosen.len());
        assert!(summary.contains("3 alerts") && summary.contains(&outside), "{arguments:?}: {summary}");
    }
}

#[test]
fn a_period_that_ends_before_it_begins_is_refused() {
    let output = replay(&["replay", "samples", "--since", "2026-03-03", "--until", "2026-03-02"], b"");

    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("--until is not after --since"));
}

#[test]
fn csv_has_one_line_for_an_alert_and_no_formula() {
    let hostile = read_of("kv-web", "=HYPERLINK(0)").replace("certificates/tls", "certificates/a\\u202e\\\",\\n@b");

    let output = replay(&["replay", "--format", "csv", "-"], format!("{}\n{hostile}", days()).as_bytes());

    let csv = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<_> = csv.lines().collect();
    assert_eq!(lines.len(), 1 + 4, "{csv}");
    assert!(lines[0].starts_with("first_read,last_read,severity,rule,title,upns,object_ids,app_ids,addresses,names,"));
    assert!(lines[1].starts_with("2026-03-01T12:00:00Z,2026-03-01T12:00:00Z,INFO,CertificateAccessed,"), "{csv}");
    assert!(csv.contains(",'=HYPERLINK(0),") && !csv.contains(",=HYPERLINK"), "{csv}");
    assert!(csv.contains("\\u{202e}") && !csv.contains('\u{202e}'), "{csv}");
    assert!(lines.iter().all(|line| line.matches(',').count() >= 17), "{csv}");
}

#[test]
fn an_alert_has_the_same_id_in_every_format() {
    let run = |format: &str| replay(&["replay", "--format", format, "-"], days().as_bytes());
    let ids: Vec<_> = messages(&run("jsonl")).iter().map(|alert: &Value| alert["alertId"].to_string()).collect();
    let (csv, table) = (run("csv"), run("table"));
    let (csv, table) = (String::from_utf8_lossy(&csv.stdout), String::from_utf8_lossy(&table.stdout));

    for id in ids.iter().map(|id| id.trim_matches('"')) {
        assert!(csv.contains(&format!(",{id}\n")), "{csv}");
        assert!(table.contains(&format!("  {}\n", &id[..8])), "{table}");
    }
}

#[test]
fn all_rules_are_on_where_none_is_named_so_the_samples_show_the_theft() {
    let output = replay(&["replay", "samples/", "--format", "table"], b"");

    let table = String::from_utf8(output.stdout).unwrap();
    let theft = table.lines().find(|line| line.contains("HIGH") && line.contains("203.0.113.66")).unwrap();
    assert!(theft.contains("30 names, 4 vaults"), "{table}");
}
