//! Values in any case, names exactly, and both names of a field where authors use two.

use serde_json::json;

use super::{POLICY, answer_to, with};
use crate::given::alerts;

/// How many alerts a rule with this selection raises for a record.
fn matches(selection: &str, record: &str) -> usize {
    let rule = format!(
        "title: A Rule\nid: 00000000-0000-0000-0000-0000000000e1\nlogsource: {{product: azure, service: activitylogs}}\ndetection:\n    selection:\n        {selection}\n    condition: selection\n"
    );
    alerts(&answer_to(&rule, record)).len()
}

#[test]
fn a_field_has_the_names_of_the_hub_and_of_the_table() {
    let record = with(
        POLICY,
        "properties",
        json!({"message": "Microsoft.KeyVault/vaults/write", "eventCategory": "Administrative"}),
    );
    for selection in [
        "operationName: microsoft.keyvault/vaults/accesspolicies/write",
        "OperationNameValue: Microsoft.KeyVault/vaults/accessPolicies/write",
        "ResourceProviderValue: Microsoft.KeyVault",
        "CategoryValue: Administrative",
        "ResourceId|endswith: /vaults/kv-web",
        "properties.message: MICROSOFT.KEYVAULT/VAULTS/WRITE",
        "identity.claims.http://schemas\\.xmlsoap\\.org: no such claim\n        category: none",
        "callerIpAddress|cidr: 192.0.2.0/24",
    ] {
        let expected = usize::from(!selection.contains("none"));

        assert_eq!(matches(selection, &record), expected, "{selection}");
    }
}

#[test]
fn a_name_in_another_case_is_another_field() {
    assert_eq!(matches("operationname: Microsoft.KeyVault/vaults/accessPolicies/write", POLICY), 0);
}

#[test]
fn claims_and_properties_are_reached_by_dots_even_where_they_are_json_in_a_text() {
    let as_objects = with(POLICY, "properties", json!({"entity": "/subscriptions/s"}));
    let as_texts = with(&as_objects, "properties", json!(r#"{"entity":"/subscriptions/s"}"#));
    let as_texts = with(&as_texts, "identity", json!(r#"{"claims":{"appid":"a-1"}}"#));
    let as_objects = with(&as_objects, "identity", json!({"claims": {"appid": "a-1"}}));

    for record in [as_objects, as_texts] {
        assert_eq!(
            matches("properties.entity: /subscriptions/s\n        identity.claims.appid: A-1", &record),
            1,
            "{record}"
        );
    }
}

#[test]
fn a_row_of_the_table_and_a_record_of_the_rest_api_match_by_the_names_of_the_hub() {
    let row = r#"{"TenantId":"00000000-0000-0000-0000-00000000000f","TimeGenerated":"2026-03-02T08:14:58Z","OperationNameValue":"MICROSOFT.KEYVAULT/VAULTS/ACCESSPOLICIES/WRITE","CategoryValue":"Administrative","ActivityStatusValue":"Success","CallerIpAddress":"192.0.2.7","Caller":"ada@example.com","_ResourceId":"/subscriptions/s/resourcegroups/rg/providers/microsoft.keyvault/vaults/kv-web","Type":"AzureActivity"}"#;
    let listed = r#"{"eventTimestamp":"2026-03-02T08:14:58Z","operationName":{"value":"Microsoft.KeyVault/vaults/accessPolicies/write","localizedValue":"Write"},"category":{"value":"Administrative","localizedValue":"Administrative"},"status":{"value":"Succeeded","localizedValue":"Succeeded"},"resourceId":"/subscriptions/s/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-web","caller":"ada@example.com","claims":{},"httpRequest":{"clientIpAddress":"192.0.2.7"}}"#;
    for record in [row, listed] {
        assert_eq!(matches("operationName: Microsoft.KeyVault/vaults/accessPolicies/write", record), 1, "{record}");
        assert_eq!(
            matches("OperationNameValue: Microsoft.KeyVault/vaults/accessPolicies/write", record),
            1,
            "{record}"
        );
    }
}
