//! A deleted vault, from the event to the alert.

use crate::given::alerts_of;

/// A vault is deleted.
const DELETED: &str = r#"{"time":"2026-03-02T08:14:58Z","resourceId":"/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-web/providers/Microsoft.KeyVault/vaults/kv-web","operationName":"Microsoft.KeyVault/vaults/delete","category":"Administrative","resultType":"Success","callerIpAddress":"192.0.2.7"}"#;

#[test]
fn a_deleted_vault_is_alerted_once() {
    let alerts = alerts_of("VaultDeleted", &[DELETED, DELETED]);

    assert_eq!(alerts.len(), 1);
    assert_eq!(alerts[0]["title"], "Azure Key Vault deleted: [kv-web]");
    assert_eq!(alerts[0]["severity"], "MEDIUM");
    assert_eq!(alerts[0]["alertContext"]["caller_ip"], "192.0.2.7");
}

#[test]
fn a_refused_deletion_and_another_operation_are_none() {
    assert!(alerts_of("VaultDeleted", &[DELETED.replace("Success", "Failure")]).is_empty());
    assert!(alerts_of("VaultDeleted", &[DELETED.replace("vaults/delete", "vaults/write")]).is_empty());
}
