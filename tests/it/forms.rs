//! Every form in which people hold these logs: the alert is as good as that of the hub's own record.

mod odd;

use serde_json::{Value, json};

use crate::given::{alerts, answer_of, binary_batch, detector, string_batch};

const RULES: &str = "CertificateAccessed,AuditedCertificateRead";

/// A row of Key Vault's table, as an export rule writes it into a hub.
pub(crate) const AUDIT_ROW: &str = include_str!("../queries/tables/AZKVAuditLogs.json").trim_ascii();

/// The same read as a row of the older table.
pub(crate) const DIAGNOSTICS_ROW: &str = include_str!("../queries/tables/AzureDiagnostics.json").trim_ascii();

/// A read in the Activity Log as its REST API lists it.
pub(crate) const LISTED: &str = r#"{"caller":"ada@example.com","claims":{"appid":"a-1","ipaddr":"192.0.2.7","http://schemas.microsoft.com/identity/claims/objectidentifier":"o-1"},"correlationId":"c-1","category":{"value":"Administrative","localizedValue":"Verwaltung"},"eventTimestamp":"2026-03-02T08:14:58.12Z","operationName":{"value":"Microsoft.KeyVault/vaults/certificates/read","localizedValue":"Zertifikat lesen"},"resourceId":"/subscriptions/s/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-web/certificates/tls","status":{"value":"Succeeded","localizedValue":"Erfolgreich"},"subStatus":{"value":"OK"},"tenantId":"t-1"}"#;

/// The same as a row of the Activity Log's table, the columns that show it in some language beside it.
pub(crate) const ACTIVITY_ROW: &str = include_str!("../queries/tables/AzureActivity.json").trim_ascii();

fn without(record: &str, fields: &[&str]) -> String {
    let mut record: Value = serde_json::from_str(record).unwrap();
    fields.iter().for_each(|field| assert!(record.as_object_mut().unwrap().remove(*field).is_some(), "{field}"));
    record.to_string()
}

fn with(record: &str, field: &str, value: Value) -> String {
    let mut record: Value = serde_json::from_str(record).unwrap();
    record[field] = value;
    record.to_string()
}

/// The keys of a record as a renaming makes them, its members' included.
fn renamed(record: &str, rename: fn(&str) -> String) -> String {
    fn walk(value: &Value, rename: fn(&str) -> String) -> Value {
        match value {
            Value::Object(members) => members.iter().map(|(key, value)| (rename(key), walk(value, rename))).collect(),
            other => other.clone(),
        }
    }
    walk(&serde_json::from_str(record).unwrap(), rename).to_string()
}

fn snake_case(key: &str) -> String {
    if key.contains(['/', '_']) {
        return key.to_owned();
    }
    key.chars().flat_map(|c| c.is_uppercase().then_some('_').into_iter().chain(c.to_lowercase())).collect()
}

fn pascal_case(key: &str) -> String {
    if key.contains('/') || matches!(key, "appid" | "ipaddr") {
        return key.to_owned();
    }
    key.chars().take(1).flat_map(char::to_uppercase).chain(key.chars().skip(1)).collect()
}

fn power_shell() -> String {
    let listed = renamed(LISTED, pascal_case);
    let claims = serde_json::from_str::<Value>(&listed).unwrap()["Claims"].clone();
    let listed = with(&listed, "Claims", json!({"Content": claims}));
    with(&listed, "EventTimestamp", json!("/Date(1772439298120)/"))
}

/// What flat strings are in the same: PowerShell before its module wrapped them.
fn power_shell_flat() -> String {
    let flat = with(&power_shell(), "OperationName", json!("Microsoft.KeyVault/vaults/certificates/read"));
    with(&with(&flat, "Status", json!("Succeeded")), "Category", json!("Administrative"))
}

/// An alert's facts: who did what to which object, from where, when, how it ended, and the form of the record.
fn facts(alert: &Value) -> Value {
    let (context, entities) = (&alert["alertContext"], &alert["entities"]);
    json!({
        "vault": context["keyvault_name"].as_str().unwrap().to_lowercase(),
        "object": context["certificate_name"],
        "version": context.get("object_version").unwrap_or(&Value::Null),
        "oid": entities["account"][0]["objectId"],
        "upn": entities["account"][0]["upn"],
        "app": entities["cloudApplication"][0]["appId"],
        "tenant": entities["account"][0]["tenantId"],
        "client": context.get("client_info").unwrap_or(&Value::Null),
        "status": context.get("http_status").unwrap_or(&context["result_type"]),
        "address": context["caller_ip"],
        "correlation": context["correlation_id"],
        "time": alert["createdAt"],
        "form": alert["records"][0]["source"].get("form").unwrap_or(&Value::Null),
    })
}

fn audit(form: &str) -> Value {
    json!({"vault": "kv-web", "object": "tls", "version": "0123456789abcdef0123456789abcdef", "oid": "o-1",
        "upn": "ada@example.com", "app": "a-1", "tenant": null, "client": "azsdk-net-Security.KeyVault/4.6.0",
        "status": 200, "address": "192.0.2.7", "correlation": "c-1", "time": "2026-03-02T08:15:30.417Z", "form": form})
}

fn activity(form: &str, result: &str) -> Value {
    json!({"vault": "kv-web", "object": "tls", "version": null, "oid": "o-1", "upn": "ada@example.com", "app": "a-1",
        "tenant": "t-1", "client": null, "status": result, "address": "192.0.2.7", "correlation": "c-1",
        "time": "2026-03-02T08:15:30.417Z", "form": form})
}

/// A form by what it is, a record in it, and what its alert says.
type Case = (&'static str, String, Value);

fn audit_cases() -> Vec<Case> {
    vec![
        ("a row of Key Vault's table", AUDIT_ROW.to_owned(), audit("AZKVAuditLogs")),
        (
            "known by its columns alone, as a query of some of them gives them",
            without(AUDIT_ROW, &["Type", "TenantId", "ResultType", "ResultSignature"]),
            audit("AZKVAuditLogs"),
        ),
        ("the command line's, all strings", with(AUDIT_ROW, "HttpStatusCode", json!("200")), audit("AZKVAuditLogs")),
        ("the export job's, with a category", with(AUDIT_ROW, "Category", json!("AuditEvent")), audit("AZKVAuditLogs")),
        ("a row of the older table", DIAGNOSTICS_ROW.to_owned(), audit("AzureDiagnostics")),
        ("the same without its table's name", without(DIAGNOSTICS_ROW, &["Type"]), audit("AzureDiagnostics")),
        ("the same with strings", with(DIAGNOSTICS_ROW, "httpStatusCode_d", json!("200")), audit("AzureDiagnostics")),
        (
            "the same with claims by their long names",
            with(
                &with(
                    &without(DIAGNOSTICS_ROW, &["identity_claim_oid_g", "identity_claim_upn_s"]),
                    "identity_claim_http_schemas_microsoft_com_identity_claims_objectidentifier_g",
                    json!("o-1"),
                ),
                "identity_claim_http_schemas_xmlsoap_org_ws_2005_05_identity_claims_upn_s",
                json!("ada@example.com"),
            ),
            audit("AzureDiagnostics"),
        ),
    ]
}

fn activity_cases() -> Vec<Case> {
    let claims =
        r#"{"appid":"a-1","ipaddr":"192.0.2.7","http://schemas.microsoft.com/identity/claims/objectidentifier":"o-1"}"#;
    vec![
        ("a row of the Activity Log's table", ACTIVITY_ROW.to_owned(), activity("AzureActivity", "Success")),
        (
            "the same without the columns of some language",
            without(ACTIVITY_ROW, &["OperationName", "ActivityStatus", "Type"]),
            activity("AzureActivity", "Success"),
        ),
        (
            "the same where what was asked for stands in Authorization alone",
            without(ACTIVITY_ROW, &["OperationNameValue"]),
            activity("AzureActivity", "Success"),
        ),
        ("the REST API's", LISTED.to_owned(), activity("REST", "Succeeded")),
        ("with claims as text", with(LISTED, "claims", json!(claims)), activity("REST", "Succeeded")),
        (
            "with claims as text twice encoded",
            with(LISTED, "claims", json!(json!(claims).to_string())),
            activity("REST", "Succeeded"),
        ),
        ("the Python SDK's", renamed(LISTED, snake_case), activity("Python SDK", "Succeeded")),
        ("PowerShell's", power_shell(), activity("PowerShell", "Succeeded")),
        ("PowerShell's flat strings", power_shell_flat(), activity("PowerShell", "Succeeded")),
    ]
}

#[test]
fn the_alert_of_each_form_says_what_that_of_the_hubs_own_record_says() {
    for (name, record, expected) in audit_cases().into_iter().chain(activity_cases()) {
        for body in [binary_batch(&[&record]), string_batch(&[&record])] {
            let alerts = alerts(&answer_of(&detector(&[("RULES", RULES)]), &body));

            assert_eq!(alerts.len(), 1, "{name}: {record}");
            let mut said = facts(&alerts[0]);
            if alerts[0]["records"][0]["source"]["enqueuedTime"].is_null() {
                said["time"] = expected["time"].clone();
            }
            assert_eq!(said, expected, "{name}");
            assert!(alerts[0]["window"]["firstRecordTime"].is_string(), "{name}");
            assert_eq!(alerts[0]["records"][0]["record"], serde_json::from_str::<Value>(&record).unwrap(), "{name}");
        }
    }
}

#[test]
fn two_callers_behind_one_address_stay_two_in_every_form() {
    let other = |record: &str| record.replace("o-1", "o-2").replace("192.0.2.7", "192.0.2.8");
    let hub = r#"{"time":"2026-03-02T08:14:58Z","category":"AuditEvent","operationName":"CertificateGet","resultType":"Success","callerIpAddress":"192.0.2.9","identity":{"claim":"{\"oid\":\"o-1\"}"},"properties":{"id":"https://kv-web.vault.azure.net/certificates/tls","httpStatusCode":200},"resourceId":"/SUBSCRIPTIONS/S/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.KEYVAULT/VAULTS/KV-WEB"}"#;
    let whole = hub.replace(r#"{"claim":"{\"oid\":\"o-1\"}"}"#, r#""{\"oid\":\"o-1\"}""#);
    for record in [AUDIT_ROW, DIAGNOSTICS_ROW, LISTED, ACTIVITY_ROW, &power_shell(), hub, &whole] {
        let answer = answer_of(&detector(&[("RULES", RULES)]), &binary_batch(&[record, &other(record)]));

        assert_eq!(alerts(&answer).len(), 2, "{record}");
    }
}

#[test]
fn refused_reads_stay_silent_in_every_form() {
    let refused = [
        with(&with(AUDIT_ROW, "HttpStatusCode", json!("403")), "ResultSignature", json!("Forbidden")),
        with(DIAGNOSTICS_ROW, "httpStatusCode_d", json!(404)),
        LISTED.replace("Succeeded", "Failed"),
        ACTIVITY_ROW.replace("\"Success\"", "\"Failure\""),
    ];
    for record in refused {
        let answer = answer_of(&detector(&[("RULES", RULES)]), &binary_batch(&[&record]));

        assert_eq!(answer["Outputs"], json!({}), "{record}");
    }
}

#[test]
fn an_answer_of_the_query_api_is_opened_and_each_row_is_a_record() {
    let row: Value = serde_json::from_str(AUDIT_ROW).unwrap();
    let (columns, values): (Vec<_>, Vec<_>) =
        row.as_object().unwrap().iter().map(|(name, value)| (json!({"name": name, "type": "string"}), value)).unzip();
    let table = json!({"name": "PrimaryResult", "columns": columns, "rows": [values, values]});
    for answered in [json!({"tables": [table]}), table.clone()] {
        let answer = answer_of(&detector(&[("RULES", RULES)]), &binary_batch(&[answered.to_string()]));

        assert_eq!(alerts(&answer)[0]["window"]["matchCount"], 2);
        assert_eq!(facts(&alerts(&answer)[0]), audit("AZKVAuditLogs"));
        assert_eq!(alerts(&answer)[0]["records"][0]["record"], row);
    }
}
