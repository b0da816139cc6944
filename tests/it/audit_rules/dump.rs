//! What `CertificateDump` counts, and for whom.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{audit, detection, with};
use crate::given::{READ, alerts, answer_of, binary_batch_from, detector};

fn unique(record: &Value) -> String {
    detection("CertificateDump", record).unique.expect("a name")
}

fn dedup(record: &Value) -> String {
    detection("CertificateDump", record).dedup
}

/// A read in the Activity Log.
fn activity() -> Value {
    serde_json::from_str(READ).unwrap()
}

#[test]
fn a_name_counts_once_whatever_is_read_of_it() {
    let reads = [
        audit("CertificateGet", "certificates/tls"),
        audit("CertificateGet", "certificates/tls/0123456789abcdef0123456789abcdef"),
        audit("CertificateGet", "certificates/TLS/"),
        audit("CertificateBackup", "certificates/tls/backup"),
        audit("CertificateGetDeleted", "deletedcertificates/tls"),
        audit("SecretGet", "secrets/tls"),
        audit("SecretGet", "secrets/tls/fedcba9876543210fedcba9876543210"),
        audit("SecretBackup", "secrets/tls/backup"),
        with(audit("SecretGet", "secrets/tls"), "/properties/id", json!(null)),
        with(audit("SecretGet", "secrets/tls"), "/resourceId", json!(null)),
        activity(),
    ];

    let names: BTreeSet<_> = reads.iter().map(unique).collect();

    assert_eq!(names, BTreeSet::from(["kv-web/tls".to_owned()]));
}

#[test]
fn the_same_name_in_another_vault_is_another() {
    let other = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-pay";
    let record = with(audit("SecretGet", "secrets/tls"), "/resourceId", json!(other));

    assert_eq!(unique(&record), "kv-pay/tls");
}

#[test]
fn reads_without_a_name_count_as_one_of_their_vault() {
    let record = with(audit("SecretGet", ""), "/properties/requestUri", json!(null));

    assert_eq!(unique(&record), "kv-web/");
}

#[test]
fn one_identity_is_one_in_both_logs_and_over_all_vaults_and_addresses() {
    let long = "http://schemas.microsoft.com/identity/claims/objectidentifier";
    let claims = json!({"claims": {long: "00000000-0000-0000-0000-0000000000B1"}});
    let other_vault = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-pay";
    let reads = [
        audit("SecretGet", "secrets/tls"),
        with(audit("CertificateGet", "certificates/b"), "/resourceId", json!(other_vault)),
        with(audit("SecretGet", "secrets/c"), "/callerIpAddress", json!("198.51.100.9")),
        with(audit("SecretGet", "secrets/d"), "/correlationId", json!("another")),
        with(activity(), "/identity", claims),
    ];

    let identities: BTreeSet<_> = reads.iter().map(dedup).collect();

    assert_eq!(identities.len(), 1, "{identities:?}");
}

#[test]
fn other_identities_are_counted_apart() {
    let read = || audit("SecretGet", "secrets/tls");
    let application = |id: &str| with(read(), "/identity", json!({"claim": {"appid": id}}));
    let nobody = with(read(), "/identity", json!(null));
    let reads = [
        read(),
        with(read(), "/identity/claim/oid", json!("00000000-0000-0000-0000-0000000000b2")),
        application("a-1"),
        application("a-2"),
        with(application("a-1"), "/tenantId", json!("t-2")),
        nobody.clone(),
        with(nobody.clone(), "/callerIpAddress", json!("a-1")),
        with(nobody.clone(), "/callerIpAddress", json!("2001:db8::7")),
        with(nobody.clone(), "/callerIpAddress", json!(null)),
    ];

    let identities: BTreeSet<_> = reads.iter().map(dedup).collect();

    assert_eq!(identities.len(), reads.len(), "{identities:?}");
    for same in ["192.0.2.7:443", "192.0.2.7"] {
        assert_eq!(dedup(&with(nobody.clone(), "/callerIpAddress", json!(same))), dedup(&nobody));
    }
}

#[test]
fn an_audited_read_is_grouped_by_vault_and_identity() {
    let dedup = |record: &Value| detection("AuditedCertificateRead", record).dedup;
    let read = audit("CertificateGet", "certificates/tls");
    let other_vault = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-pay";

    assert_eq!(dedup(&read), r#"vault "kv-web" object "00000000-0000-0000-0000-0000000000b1""#);
    assert_eq!(dedup(&read), dedup(&with(audit("SecretGet", "secrets/b"), "/correlationId", json!("another"))));
    assert_ne!(dedup(&read), dedup(&with(read.clone(), "/resourceId", json!(other_vault))));
    assert_ne!(dedup(&read), dedup(&with(read.clone(), "/identity/claim/oid", json!("another"))));
}

/// A thief's reads: one secret of each of so many vaults, without one operation on a certificate.
fn reads_of_vaults(count: usize) -> Vec<String> {
    let read = |number: usize| {
        let vault = format!("/subscriptions/s/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-{number:02}");
        with(audit("SecretGet", "secrets/tls"), "/resourceId", json!(vault)).to_string()
    };
    (0..count).map(read).collect()
}

#[test]
fn a_dump_of_secrets_over_fifty_vaults_is_one_high_alert_that_names_them() {
    let detector = detector(&[("RULES", "CertificateDump")]);
    let reads = reads_of_vaults(50);

    let batches = reads.chunks(10).enumerate().map(|(number, batch)| binary_batch_from(number * 10, batch));
    let found: Vec<_> = batches.flat_map(|batch| alerts(&answer_of(&detector, &batch))).collect();

    let [alert] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(alert["severity"], "HIGH");
    let context = &alert["alertContext"];
    assert!(context["read_count"].as_u64().is_some_and(|count| count >= 25), "{context}");
    assert!(context["read_objects"].as_array().unwrap().contains(&json!("kv-00/tls")), "{context}");
    assert!(context["vaults"].as_array().unwrap().contains(&json!("kv-00")), "{context}");
}

#[test]
fn below_the_threshold_and_over_and_over_is_no_dump() {
    let detector = detector(&[("RULES", "CertificateDump")]);
    for round in 0..5 {
        let batch = binary_batch_from(round * 24, &reads_of_vaults(24));
        assert!(alerts(&answer_of(&detector, &batch)).is_empty());
    }
}
