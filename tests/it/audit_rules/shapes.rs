//! The forms that Key Vault, its exports and its forwarders are known to write.

use serde_json::{Value, json};

use super::{audit, detection, verdicts, with};

const NO: (bool, bool) = (false, false);
const BOTH: (bool, bool) = (true, true);
const DUMP: (bool, bool) = (false, true);

fn certificate() -> Value {
    audit("CertificateGet", "certificates/tls/0123456789abcdef0123456789abcdef")
}

#[test]
fn only_reads_of_certificates_and_secrets_count() {
    let cases = [
        ("CertificateGet", BOTH),
        ("CertificateBackup", BOTH),
        ("CertificateGetDeleted", BOTH),
        ("SecretGet", DUMP),
        ("SecretBackup", DUMP),
        ("CertificateList", NO),
        ("CertificateListVersions", NO),
        ("CertificateListDeleted", NO),
        ("CertificatePolicyGet", NO),
        ("CertificateImport", NO),
        ("CertificateCreate", NO),
        ("CertificateUpdate", NO),
        ("CertificateRestore", NO),
        ("CertificateNearExpiryEventGridNotification", NO),
        ("SecretSet", NO),
        ("SecretList", NO),
        ("SecretGetDeleted", NO),
        ("SecretUpdate", NO),
        ("KeyGet", NO),
        ("KeyBackup", NO),
        ("VaultGet", NO),
        ("Authentication", NO),
        ("CertificateExport", NO),
        ("Microsoft.KeyVault/vaults/certificates/write", NO),
    ];
    for (operation, expected) in cases {
        assert_eq!(verdicts("", &audit(operation, "certificates/tls")), expected, "{operation}");
    }
}

#[test]
fn the_status_decides_and_the_result_type_never_does() {
    let status = |value: Value| with(certificate(), "/properties/httpStatusCode", value);
    for (value, expected) in [
        (json!(200), BOTH),
        (json!(202), BOTH),
        (json!(299), BOTH),
        (json!("200"), BOTH),
        (json!(" 200 "), BOTH),
        (json!(200.0), BOTH),
        (json!(199), NO),
        (json!(300), NO),
        (json!(304), NO),
        (json!(401), NO),
        (json!(403), NO),
        (json!(404), NO),
        (json!(-200), NO),
        (json!("403"), NO),
        (json!("OK"), BOTH),
        (json!("NaN"), BOTH),
        (json!(0), NO),
    ] {
        assert_eq!(verdicts("", &status(value.clone())), expected, "{value}");
        let failed = with(status(value.clone()), "/resultType", json!("Failure"));
        assert_eq!(verdicts("", &failed), expected, "{value} and Failure");
    }
    for (signature, expected) in
        [(json!("OK"), BOTH), (json!("ok"), BOTH), (json!("Forbidden"), NO), (json!(200), BOTH), (json!(null), BOTH)]
    {
        for missing in [json!(null), json!("")] {
            let record =
                with(with(certificate(), "/resultSignature", signature.clone()), "/properties/httpStatusCode", missing);
            assert_eq!(verdicts("", &record), expected, "{signature}");
        }
    }
    assert_eq!(verdicts("", &with(status(json!(403)), "/resultSignature", json!("OK"))), NO);
    let edited = with(certificate(), "/resultSignature", json!("Forbidden"));
    assert_eq!(verdicts("", &edited), BOTH, "the status outweighs the signature");
}

#[test]
fn the_vault_is_the_resource_or_else_the_address() {
    let resource = |id: Value| with(certificate(), "/resourceId", id);
    let vault = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-web";
    for (id, expected) in [
        (json!(vault), BOTH),
        (json!(vault.to_uppercase()), BOTH),
        (json!(format!("{vault}/")), BOTH),
        (json!(null), BOTH),
        (json!(""), BOTH),
        (json!(vault.replace("vaults/kv-web", "managedHSMs/hsm")), NO),
        (json!("/subscriptions/s/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/vaults"), NO),
        (json!("/RESOURCE_ID"), NO),
    ] {
        assert_eq!(verdicts("", &resource(id.clone())), expected, "{id}");
    }
    let nowhere = with(resource(json!(null)), "/properties", json!({"httpStatusCode": 200}));
    assert_eq!(verdicts("*", &nowhere), BOTH, "the category says that it is a vault's");
    let request_only = with(resource(json!(null)), "/properties/id", json!(null));
    assert_eq!(detection("CertificateDump", &request_only).unique.as_deref(), Some("kv-web/tls"));
}

#[test]
fn the_category_may_be_called_type() {
    let category = |value: Value| with(certificate(), "/category", value);
    let typed = |value: &str| with(category(json!(null)), "/type", json!(value));
    assert_eq!(verdicts("", &category(json!("AUDITEVENT"))), BOTH);
    assert_eq!(verdicts("", &typed("AuditEvent")), BOTH);
    assert_eq!(verdicts("", &typed("AzureActivity")), NO);
    assert_eq!(verdicts("", &category(json!(null))), BOTH, "the vault says that it is a vault's");
    assert_eq!(verdicts("", &category(json!("AzurePolicyEvaluationDetails"))), NO);
    assert_eq!(verdicts("", &with(category(json!("Other")), "/type", json!("AuditEvent"))), NO);
}

#[test]
fn secrets_count_as_certificates_where_a_pattern_names_them() {
    let secret = |name: &str| audit("SecretGet", &format!("secrets/{name}"));
    for (patterns, name, expected) in [
        ("tls-*", "tls-pay", BOTH),
        ("tls-*", "TLS-PAY", BOTH),
        ("db-*, *-cert", "pay-cert", BOTH),
        ("*", "anything", BOTH),
        ("tls-*", "db-password", DUMP),
        ("tls", "tls-pay", DUMP),
        ("", "tls", DUMP),
    ] {
        assert_eq!(verdicts(patterns, &secret(name)), expected, "{patterns} {name}");
    }
    let nameless = with(with(secret("x"), "/properties/id", json!(null)), "/properties/requestUri", json!(null));
    assert_eq!(verdicts("*", &nameless), BOTH);
    assert_eq!(verdicts("tls-*", &nameless), DUMP);
}

#[test]
fn texts_that_hold_objects_are_read_like_objects() {
    let record = certificate();
    let packed = ["identity", "properties"].iter().fold(record.clone(), |record, field| {
        let text = record[*field].to_string();
        with(record, &format!("/{field}"), json!(text))
    });

    for rule in ["AuditedCertificateRead", "CertificateDump"] {
        assert_eq!(detection(rule, &packed), detection(rule, &record));
    }
}
