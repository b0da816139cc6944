//! Records that were cut, flattened, renamed or shown in some language on their way.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use super::{
    ACTIVITY_ROW, AUDIT_ROW, DIAGNOSTICS_ROW, LISTED, RULES, audit, facts, power_shell_flat, renamed, with, without,
};
use crate::given::{alerts, answer_of, binary_batch, detector, rejected};

fn answer_to(record: &str) -> Value {
    answer_of(&detector(&[("RULES", RULES)]), &binary_batch(&[record]))
}

#[test]
fn a_column_that_only_begins_like_json_costs_itself_and_neither_the_record_nor_its_neighbours() {
    for text in
        ["{'claim': {'oid': 'o-1'}}", "{\"claim\":{\"oid\":\"o-", "{...}", "{} {}", "{},\"resultType\":\"Failure\""]
    {
        for (record, column) in [
            (AUDIT_ROW, "Identity"),
            (ACTIVITY_ROW, "Claims"),
            (ACTIVITY_ROW, "Properties"),
            (LISTED, "claims"),
            (LISTED, "properties"),
        ] {
            let bad = with(record, column, json!(text));
            let good = AUDIT_ROW.replace("kv-web", "kv-beside");

            let answer =
                answer_to(&format!("{{\"records\":[{good},{bad},{}]}}", good.replace("kv-beside", "kv-after")));

            assert_eq!(alerts(&answer).len(), 3, "{bad}");
            assert_eq!(rejected(&answer).len(), 0, "{bad}");
        }
    }
}

#[test]
fn what_an_operation_is_called_in_some_language_hides_none() {
    let asked = json!({"action": "Microsoft.KeyVault/vaults/certificates/read"});
    let flat =
        with(&with(&power_shell_flat(), "OperationName", json!("Zertifikat lesen")), "Authorization", asked.clone());
    assert_eq!(alerts(&answer_to(&flat)).len(), 1, "the status is Azure's own");

    let shown = with(
        &with(&with(LISTED, "operationName", json!("Zertifikat lesen")), "authorization", asked),
        "status",
        json!("Erfolgreich"),
    );
    assert_eq!(rejected(&answer_to(&shown))[0]["reason"], "undetermined", "the status is shown, too");
}

#[test]
fn columns_in_capitals_or_in_one_column_for_many_say_the_same() {
    let capitals = renamed(DIAGNOSTICS_ROW, |key| key.to_uppercase());
    let mut row: Value = serde_json::from_str(DIAGNOSTICS_ROW).unwrap();
    let members = row.as_object_mut().unwrap();
    let (many, few): (Vec<_>, Vec<_>) = std::mem::take(members).into_iter().partition(|(name, _)| name.contains('_'));
    members.extend(few);
    members.insert("AdditionalFields".to_owned(), json!(Value::from_iter(many).to_string()));

    for record in [capitals, row.to_string()] {
        assert_eq!(facts(&alerts(&answer_to(&record))[0]), audit("AzureDiagnostics"), "{record}");
        let refused = record.replace("200", "403");
        assert_eq!(answer_to(&refused)["Outputs"], json!({}), "{refused}");
    }
}

#[test]
fn a_query_s_own_columns_and_tables_of_another_name_are_read() {
    let projected = with(
        &with(&without(AUDIT_ROW, &["Identity"]), "Oid", json!("o-1")),
        "Identity_claim_upn",
        json!("ada@example.com"),
    );
    let projected = with(&projected, "AppId", json!("a-1"));
    for record in [projected, with(AUDIT_ROW, "Type", json!("AZKVAuditLogs_CL"))] {
        assert_eq!(facts(&alerts(&answer_to(&record))[0]), audit("AZKVAuditLogs"), "{record}");
    }
    let named = without(DIAGNOSTICS_ROW, &["ResourceId", "id_s", "requestUri_s"]);
    let named = with(&named, "Resource", json!("KV-WEB"));
    assert_eq!(alerts(&answer_to(&named))[0]["alertContext"]["keyvault_name"], "kv-web");
}

#[test]
fn dotted_names_are_nested_again() {
    let record = json!({
        "time": "2026-03-02T08:14:58.12Z", "category": "AuditEvent", "operationName": "CertificateGet", "resultType": "Success",
        "callerIpAddress": "192.0.2.7", "correlationId": "c-1", "identity.claim.oid": "o-1", "identity.claim.appid": "a-1",
        "identity.claim.upn": "ada@example.com", "properties.httpStatusCode": 200, "properties.clientInfo": "azsdk-net-Security.KeyVault/4.6.0",
        "properties.id": "https://kv-web.vault.azure.net/certificates/tls/0123456789abcdef0123456789abcdef",
        "resourceId": "/SUBSCRIPTIONS/S/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.KEYVAULT/VAULTS/KV-WEB",
    });

    assert_eq!(facts(&alerts(&answer_to(&record.to_string()))[0]), audit("flattened"));
    assert_eq!(answer_to(&record.to_string().replace("200", "403"))["Outputs"], json!({}));
}

#[test]
fn what_stands_beside_a_table_or_in_one_without_names_is_rejected() {
    let row: Value = serde_json::from_str(AUDIT_ROW).unwrap();
    let cases = [
        json!({"tables": [{"columns": [{"name": "a"}], "rows": [[1]]}], "more": [row]}),
        json!({"columns": [{"name": "a"}], "rows": [[1]], "more": row}),
        json!({"tables": [{"columns": [{"type": "string"}], "rows": [["CertificateGet"]]}]}),
    ];
    for record in cases {
        assert_eq!(rejected(&answer_to(&record.to_string())).len(), 1, "{record}");
    }
    let table = json!({"columns": ["OperationName", "HttpStatusCode", "Id", "TimeGenerated"], "rows":
        [["CertificateGet", 200, "https://kv-web.vault.azure.net/certificates/tls", "2026-03-02T08:14:58Z"]]});
    assert_eq!(alerts(&answer_to(&table.to_string())).len(), 1);
}

#[test]
fn records_in_base64_and_a_second_name_of_the_operation_are_rejected() {
    let encoded = BASE64_STANDARD.encode(AUDIT_ROW);
    let cases = [
        json!({"ContentData": encoded, "SequenceNumber": 7}),
        json!({"specversion": "1.0", "data_base64": encoded}),
        json!({"Body": [{"text": encoded}]}),
        json!({"operationName": "Get", "OPERATIONNAME": "CertificateGet", "category": "AuditEvent", "resourceId": "/subscriptions/s", "time": "2026-03-02T08:14:58Z"}),
    ];
    for record in cases {
        assert_eq!(rejected(&answer_to(&record.to_string())).len(), 1, "{record}");
    }
}

#[test]
fn a_table_s_own_name_of_a_column_goes_before_another_spelling() {
    for (name, value) in
        [("operationName", json!("VaultGet")), ("operation_name", json!("x")), ("httpStatusCode", json!(403))]
    {
        for row in [AUDIT_ROW, DIAGNOSTICS_ROW].map(|row| row.replacen('{', &format!("{{\"{name}\":{value},"), 1)) {
            assert_eq!(alerts(&answer_to(&row)).len(), 1, "{row}");
        }
    }
}

#[test]
fn claims_as_keys_and_values_name_the_caller() {
    let pairs = json!([{"Key": "appid", "Value": "a-1"}, {"Key": "ipaddr", "Value": "192.0.2.7"},
        {"Key": "http://schemas.microsoft.com/identity/claims/objectidentifier", "Value": "o-1"}]);

    let alert = alerts(&answer_to(&with(LISTED, "claims", pairs)))[0].clone();

    assert_eq!(alert["entities"]["account"][0]["objectId"], "o-1");
    assert_eq!(alert["alertContext"]["caller_ip"], "192.0.2.7");
}
