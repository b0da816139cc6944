//! Who it was, in Entra's own logs: they have no claims, and each says it in its own way.

use serde_json::json;

use super::answer_to;
use crate::given::alerts;

#[test]
fn who_signed_in_is_named_although_entras_logs_have_no_claims() {
    let rule = "title: Sign-In\nid: 00000000-0000-0000-0000-0000000000e3\nlogsource: {product: azure, service: signinlogs}\ndetection:\n    selection:\n        ResultType: 50057\n    condition: selection\n";
    let record = r#"{"time":"2026-03-02T08:14:58Z","resourceId":"/tenants/00000000-0000-0000-0000-00000000000f/providers/Microsoft.aadiam","operationName":"Sign-in activity","category":"SignInLogs","resultType":"50057","callerIpAddress":"192.0.2.9","tenantId":"00000000-0000-0000-0000-00000000000f","properties":{"userId":"00000000-0000-0000-0000-0000000000c9","userPrincipalName":"eve@example.com","appId":"00000000-0000-0000-0000-0000000000aa"}}"#;

    let [alert] = alerts(&answer_to(rule, record)).try_into().unwrap();

    assert_eq!(alert["title"], "Sign-In by [eve@example.com]");
    assert_eq!(alert["entities"]["account"][0]["objectId"], "00000000-0000-0000-0000-0000000000c9");
}

#[test]
fn a_service_principals_sign_in_is_its_own_though_it_names_an_empty_user() {
    let rule = "title: Sign-In\nid: 00000000-0000-0000-0000-0000000000e3\nlogsource: {product: azure, service: signinlogs}\ndetection:\n    selection:\n        ResultType: 0\n    condition: selection\n";
    let record = r#"{"time":"2026-03-02T08:14:58Z","operationName":"Sign-in activity","category":"ServicePrincipalSignInLogs","resultType":"0","properties":{"userId":"00000000-0000-0000-0000-000000000000","servicePrincipalId":"00000000-0000-0000-0000-0000000000c8","appId":"00000000-0000-0000-0000-0000000000aa"}}"#;

    let [alert] = alerts(&answer_to(rule, record)).try_into().unwrap();

    assert_eq!(alert["dedup"], "object \"00000000-0000-0000-0000-0000000000c8\"");
}

#[test]
fn who_changed_something_in_entra_is_named_by_its_audit_log() {
    let rule = "title: Change\nid: 00000000-0000-0000-0000-0000000000e4\nlogsource: {product: azure, service: auditlogs}\ndetection:\n    selection:\n        operationName: Add owner to application\n    condition: selection\n";
    let record = |initiator: &str| {
        format!(
            r#"{{"time":"2026-03-02T08:14:58Z","operationName":"Add owner to application","category":"AuditLogs","tenantId":"00000000-0000-0000-0000-00000000000f","properties":{{"initiatedBy":{{{initiator}}}}}}}"#
        )
    };
    let user = r#""user":{"id":"00000000-0000-0000-0000-0000000000c9","userPrincipalName":"eve@example.com","ipAddress":"192.0.2.9"}"#;
    let app = r#""app":{"appId":"00000000-0000-0000-0000-0000000000aa","servicePrincipalId":"00000000-0000-0000-0000-0000000000c8"}"#;
    for (initiator, title, key) in [
        (user, "Change by [eve@example.com]", "object \"00000000-0000-0000-0000-0000000000c9\""),
        (
            app,
            "Change by [application 00000000-0000-0000-0000-0000000000aa]",
            "object \"00000000-0000-0000-0000-0000000000c8\"",
        ),
    ] {
        let [alert] = alerts(&answer_to(rule, record(initiator))).try_into().unwrap();

        assert_eq!((&alert["title"], &alert["dedup"]), (&json!(title), &json!(key)));
    }
}
