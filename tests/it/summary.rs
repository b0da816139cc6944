//! What the summary line counts by kind of log and by severity, so that an alarm sees what has fallen silent and what is bad.

use std::path::{Path, PathBuf};

use certificate_accessed::decode::{Escaping, KindCounts, Skip};
use serde_json::{Value, json};

use crate::given::{READ, WRITE, answer, answer_of, binary_batch, detector, summary};
use crate::skip::string_batch;

const RULES: (&str, &str) = ("RULES", "CertificateAccessed,AuditedCertificateRead,CertificateDump");

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = folder.read_dir().unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// A record of a category about a resource, which no rule is for.
fn record_of(category: &str, provider: &str) -> String {
    format!(
        r#"{{"time":"2026-03-02T08:00:00Z","category":"{category}","operationName":"Authentication","resourceId":"/subscriptions/s/providers/{provider}/x"}}"#
    )
}

fn of_kinds(activity_log: u64, key_vault_audit: u64, other: u64) -> Value {
    json!({"activityLog": activity_log, "keyVaultAudit": key_vault_audit, "other": other})
}

#[test]
fn records_are_counted_by_kind_whether_they_were_passed_over_or_read() {
    let audit = record_of("AuditEvent", "MICROSOFT.KEYVAULT/VAULTS");
    let activity = record_of("Administrative", "Microsoft.Storage/storageAccounts");
    let metrics = record_of("AzurePolicyEvaluationDetails", "MICROSOFT.KEYVAULT/VAULTS");
    let elsewhere = record_of("AuditEvent", "Microsoft.KeyVaults/managedHSMs");
    // The setting of a vault is itself in the Activity Log, and names the category of what it sends.
    let setting = activity.replace(
        r#","resourceId""#,
        r#","properties":{"requestbody":"{\"logs\":[{\"category\":\"AuditEvent\",\"enabled\":true}]}"},"resourceId""#,
    );
    let spaced = audit.replace(':', ": ");
    let inside = activity.replace(r#","resourceId""#, r#","properties":{"category":"AuditEvent"},"resourceId""#);
    let without = audit.replace(r#""category":"AuditEvent","#, "");
    let envelope = format!(r#"{{"records":[{audit},{metrics},{audit}]}}"#);
    let cases = [
        (audit.clone(), of_kinds(0, 1, 0)),
        (spaced, of_kinds(0, 1, 0)),
        (activity, of_kinds(1, 0, 0)),
        (setting, of_kinds(1, 0, 0)),
        (inside, of_kinds(1, 0, 0)),
        (metrics, of_kinds(0, 0, 1)),
        (elsewhere, of_kinds(0, 0, 1)),
        (without, of_kinds(0, 0, 1)),
        (READ.to_owned(), of_kinds(1, 0, 0)),
        (envelope, of_kinds(0, 2, 1)),
        (format!("{audit}\n{READ}"), of_kinds(1, 1, 0)),
        ("no JSON".to_owned(), of_kinds(0, 0, 0)),
    ];
    for (event, kinds) in cases {
        for body in [binary_batch(&[&event]), string_batch(&[event.as_str()])] {
            assert_eq!(summary(&answer(&body))["recordsByKind"], kinds, "{event}");
        }
    }
    assert_eq!(summary(&answer(&binary_batch(&[""; 0])))["recordsByKind"], of_kinds(0, 0, 0));
}

#[test]
fn of_the_samples_each_record_that_is_passed_over_is_counted_as_what_it_is() {
    let skip = Skip::new(&["CERTIFICATEGET", "SECRETGET"]).unwrap();
    let (mut told, mut decoded) = (0, 0);
    for file in files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("samples")) {
        let bytes = std::fs::read(&file).unwrap();
        for event in bytes.split(|byte| *byte == b'\n') {
            let Some(records) = skip.records(event, Escaping::None) else { continue };
            match skip.kinds(event, Escaping::None, records) {
                Some(kinds) => {
                    assert_eq!(kinds, KindCounts::of(event), "{}", String::from_utf8_lossy(event));
                    told += 1;
                }
                None => decoded += 1,
            }
        }
    }
    assert!(told > 100 && decoded < told / 100, "{told} by their bytes, {decoded} by decoding");
}

#[test]
fn alerts_are_counted_by_severity() {
    let severe = detector(&[RULES, ("RULE_SEVERITY", "CertificateAccessed=HIGH")]);

    let answer = answer_of(&severe, &binary_batch(&[READ, WRITE]));

    assert_eq!(summary(&answer)["alertsBySeverity"], json!({"HIGH": 1}));
    assert_eq!(summary(&answer_of(&severe, &binary_batch(&[WRITE])))["alertsBySeverity"], json!({}));
}
