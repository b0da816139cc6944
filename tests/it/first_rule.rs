//! The first rule's alerts, byte for byte: whatever else is built, these messages stay as they are.

use crate::given::{READ, answer_of, binary_batch, detector, read_of};

/// What the first rule said when it was alone; one whole message a line.
const MESSAGES: &str = include_str!("first_rule.ndjson");

/// Long claim names, an IPv6 caller with a port, properties, and a resource group that is called `vaults`.
const ACTIVITY: &str = r#"{"time":"2026-03-02T08:14:58.1200000Z","resourceId":"/SUBSCRIPTIONS/S/RESOURCEGROUPS/VAULTS/PROVIDERS/MICROSOFT.KEYVAULT/VAULTS/KV-PAY/CERTIFICATES/TLS","operationName":"MICROSOFT.KEYVAULT/VAULTS/CERTIFICATES/READ","category":"Administrative","resultType":"Succeeded","callerIpAddress":"[2001:db8::7]:443","identity":{"claims":{"http://schemas.microsoft.com/identity/claims/objectidentifier":"00000000-0000-0000-0000-0000000000b1","http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn":"ada@example.com","appid":"00000000-0000-0000-0000-00000000000a"}},"properties":{"statusCode":"OK","n":1.50},"tenantId":"00000000-0000-0000-0000-00000000000f"}"#;

/// The form of the portal's export.
const EXPORTED: &str = r#"{"eventTimestamp":"2026-03-02T08:14:58Z","resourceId":"/subscriptions/s/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-web/certificates/tls","operationName":{"value":"Microsoft.KeyVault/vaults/certificates/read","localizedValue":"Read"},"status":{"value":"Succeeded"},"caller":"ada@example.com","claims":{"appid":"a-1"},"httpRequest":{"clientIpAddress":"192.0.2.9"}}"#;

/// Fields of odd types: Panther's fallbacks for title and context.
const ODD: &str = r#"{"RESOURCEID":7,"operationname":"mıcroſoft.keyvault/vaultſ/certiﬁcateſ/read","resultType":"Success","callerIpAddress":["192.0.2.7"],"identity":"somebody"}"#;

#[test]
fn the_first_rule_says_what_it_said_when_it_was_alone() {
    let events = [READ.to_owned(), ACTIVITY.to_owned(), EXPORTED.to_owned(), ODD.to_owned(), read_of("kv-b", "caller")];

    let answer = answer_of(&detector(&[("DEDUP_MINUTES", "0")]), &binary_batch(&events));

    let messages = answer["Outputs"]["alerts"].as_array().expect("alerts");
    let said: Vec<_> = messages.iter().map(|message| message.as_str().expect("a string")).collect();
    assert_eq!(said, MESSAGES.lines().collect::<Vec<_>>());
}
