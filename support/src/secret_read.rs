//! A made-up read of a secret, as Key Vault's audit log has it.

use serde_json::json;

/// The record of a secret's read: who read it, its name, and when.
pub fn secret_read(object_id: &str, name: &str, time: &str) -> String {
    json!({
        "time": time,
        "resourceId": "/SUBSCRIPTIONS/S/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.KEYVAULT/VAULTS/KV-WEB",
        "operationName": "SecretGet",
        "category": "AuditEvent",
        "resultSignature": "OK",
        "callerIpAddress": "192.0.2.7",
        "identity": {"claim": {"oid": object_id}},
        "properties": {"id": format!("https://kv-web.vault.azure.net/secrets/{name}"), "httpStatusCode": 200},
    })
    .to_string()
}
