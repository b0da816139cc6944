//! What the summary line counts by kind of log and by severity, so that an alarm sees what has fallen silent and what is bad.

use serde_json::{Value, json};

use crate::given::{READ, WRITE, answer, answer_of, binary_batch, detector, string_batch, summary};

const RULES: (&str, &str) = ("RULES", "CertificateAccessed,AuditedCertificateRead,CertificateDump");

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
fn records_are_counted_by_kind() {
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
fn alerts_are_counted_by_severity() {
    let severe = detector(&[RULES, ("RULE_SEVERITY", "CertificateAccessed=HIGH")]);

    let answer = answer_of(&severe, &binary_batch(&[READ, WRITE]));

    assert_eq!(summary(&answer)["alertsBySeverity"], json!({"HIGH": 1}));
    assert_eq!(summary(&answer_of(&severe, &binary_batch(&[WRITE])))["alertsBySeverity"], json!({}));
}

#[test]
fn the_line_over_which_the_queries_are_run_is_the_products_own() {
    let answer = answer_of(&detector(&[("RULES", "CertificateAccessed")]), &binary_batch(&[READ]));

    assert_eq!(answer["Logs"][0], include_str!("../queries/tables/summary.json").trim_ascii());
}
