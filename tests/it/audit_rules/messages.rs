//! What an alert of the two rules says.

use serde_json::{Value, json};

use super::{EACH_READ, audit, detection, with};
use crate::given::{READ, alerts, answer_of, binary_batch, detector};

fn context(rule: &str, record: &Value) -> Value {
    serde_json::from_str(&detection(rule, record).context).expect("JSON")
}

#[test]
fn an_alert_names_what_where_and_who() {
    let record = audit("CertificateGet", "certificates/tls/0123456789abcdef0123456789abcdef");

    let alerts = alerts(&answer_of(&detector(EACH_READ), &binary_batch(&[record.to_string()])));

    let [read, dump] = alerts.as_slice() else { panic!("{alerts:?}") };
    assert_eq!(read["rule"]["id"], "Azure.KeyVault.AuditedCertificateRead");
    assert_eq!((&read["severity"], &read["riskScore"]), (&json!("MEDIUM"), &json!(50)));
    assert_eq!(read["title"], "Key Vault certificate [tls] of [kv-web] read by [ada@example.com]");
    assert_eq!(dump["rule"]["id"], "Azure.KeyVault.CertificateDump");
    assert_eq!((&dump["severity"], &dump["riskScore"]), (&json!("HIGH"), &json!(75)));
    assert_eq!(dump["title"], "Key Vault certificates and secrets dumped by [ada@example.com]");
    assert_eq!(dump["summary"]["properties.id"][0]["value"], record["properties"]["id"]);
    let expected = json!({
        "resource_id": record["resourceId"],
        "keyvault_name": "kv-web",
        "object_kind": "certificate",
        "object_name": "tls",
        "object_version": "0123456789abcdef0123456789abcdef",
        "certificate_name": "tls",
        "operation_name": "CertificateGet",
        "http_status": 200,
        "result_signature": "OK",
        "result_type": "Success",
        "caller_upn": "ada@example.com",
        "caller_object_id": "00000000-0000-0000-0000-0000000000b1",
        "caller_app_id": "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
        "caller_app_name": "Azure CLI",
        "caller_managed_identity": null,
        "caller_ip": "192.0.2.7",
        "caller_ip_scope": "public",
        "client_info": "AZURECLI/2.70.0",
        "correlation_id": "00000000-0000-0000-0000-00000000000c",
        "location": null,
        "tenant_id": null,
    });
    let names = json!({
        "read_count": 1,
        "read_objects": ["kv-web/tls"],
        "vault_count": 1,
        "vaults": ["kv-web"],
        "private_key": {"likely": 0, "wrapped": 0, "unknown": 0, "no": 1},
        "first_read_time": "2026-03-02T02:14:11.6756268Z",
        "last_read_time": "2026-03-02T02:14:11.6756268Z",
        "log_delay_seconds": 21678,
    });
    let expected: Value = [expected, names].iter().flat_map(|part| part.as_object().unwrap().clone()).collect();
    for alert in [read, dump] {
        let mut context = alert["alertContext"].as_object().unwrap().clone();
        // What an incident has besides.
        context.retain(|key, _| !["refused_count", "stopped"].contains(&key.as_str()));
        assert_eq!(Value::Object(context), expected);
        assert_eq!(
            alert["entities"],
            json!({
                "ip": [{"address": "192.0.2.7"}],
                "azureResource": [{"resourceId": record["resourceId"]}],
                "account": [{"objectId": "00000000-0000-0000-0000-0000000000b1", "upn": "ada@example.com", "tenantId": null}],
                "cloudApplication": [{"appId": "04b07795-8ddb-461a-bbee-02f9e1bf7b46"}],
            })
        );
    }
}

#[test]
fn a_read_in_the_activity_log_has_the_same_keys() {
    let of_audit = context("CertificateDump", &audit("SecretGet", "secrets/tls"));
    let of_activity = context("CertificateDump", &serde_json::from_str(READ).unwrap());

    let keys = |context: &Value| context.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&of_audit), keys(&of_activity));
    assert_eq!(of_activity["keyvault_name"], "kv-web");
    assert_eq!(of_activity["certificate_name"], "tls");
    assert_eq!(of_activity["result_type"], "Success");
    assert_eq!(of_activity["tenant_id"], "00000000-0000-0000-0000-00000000000f");
    assert_eq!(of_audit["certificate_name"], Value::Null);
    assert_eq!(of_audit["object_kind"], "secret");
}

#[test]
fn a_caller_is_told_as_far_as_the_record_knows_him() {
    let read = |claim: Value| with(audit("CertificateGet", "certificates/tls"), "/identity", json!({"claim": claim}));
    let site = "/subscriptions/s/resourcegroups/rg/providers/Microsoft.Web/sites/shop";
    let long = json!({
        "http://schemas.microsoft.com/identity/claims/objectidentifier": "o-1",
        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn": "ada@example.com",
    });
    let cases = [
        (read(json!({"oid": "o-1", "unique_name": "ada@example.com"})), "ada@example.com"),
        (read(long.clone()), "ada@example.com"),
        (with(read(json!({})), "/identity", json!({"claims": long})), "ada@example.com"),
        (read(json!({"oid": "o-1", "appid": "a-1", "xms_mirid": site})), "managed identity shop"),
        (read(json!({"oid": "o-1", "appid": "abfa0a7c-a6b6-4736-8310-5855508787cd"})), "Azure App Service"),
        (read(json!({"oid": "o-1", "appid": "a-1"})), "application a-1"),
        (read(json!({"oid": "o-1"})), "object o-1"),
        (with(read(json!({})), "/callerIpAddress", json!("[2001:db8::7]:443")), "2001:db8::7"),
        (with(read(json!({})), "/callerIpAddress", json!(null)), "UNKNOWN"),
    ];
    for (record, who) in cases {
        let title = detection("AuditedCertificateRead", &record).title;
        assert_eq!(title, format!("Key Vault certificate [tls] of [kv-web] read by [{who}]"));
    }
    let managed = context("CertificateDump", &read(json!({"oid": "o-1", "xms_mirid": site})));
    assert_eq!(managed["caller_managed_identity"], site);
}

#[test]
fn an_address_says_what_it_is_worth() {
    for (given, address, scope) in [
        (json!("192.0.2.7"), json!("192.0.2.7"), json!("public")),
        (json!("192.0.2.7:443"), json!("192.0.2.7"), json!("public")),
        (json!("2001:db8::7"), json!("2001:db8::7"), json!("public")),
        (json!("[2001:db8::7]:443"), json!("2001:db8::7"), json!("public")),
        (json!("10.0.0.4"), json!("10.0.0.4"), json!("private")),
        (json!("127.0.0.1"), json!("127.0.0.1"), json!("local")),
        (json!("<Redacted>"), json!("<Redacted>"), json!("not an address")),
        (json!(null), json!(null), json!(null)),
    ] {
        let record = with(audit("SecretGet", "secrets/tls"), "/callerIpAddress", given);
        let context = context("CertificateDump", &record);
        assert_eq!((&context["caller_ip"], &context["caller_ip_scope"]), (&address, &scope));
    }
}

#[test]
fn a_title_tells_secrets_and_backups() {
    let title = |operation, path| detection("AuditedCertificateRead", &audit(operation, path)).title;

    let end = "of [kv-web]";
    assert!(
        title("SecretGet", "secrets/tls").starts_with(&format!("Key Vault certificate secret [tls] {end} read by"))
    );
    assert!(
        title("SecretBackup", "secrets/tls")
            .starts_with(&format!("Key Vault certificate secret [tls] {end} backed up"))
    );
    assert!(title("CertificateBackup", "").starts_with(&format!("Key Vault certificate [UNKNOWN] {end} backed up")));
}
