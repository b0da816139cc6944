//! Shapes that nobody should write: no panic, no lost neighbour, and nothing dropped that could be a read.

use certificate_accessed::rules::RuleError;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{EACH_READ, audit, detection, run, run_text, verdicts, with};
use crate::given::{alerts, answer_of, binary_batch, detector, rejected, summary};

/// Values of every kind, and texts that are nearly right.
fn odd_values() -> Vec<Value> {
    let mut values = vec![
        json!(true),
        json!(0),
        json!(-1.5),
        json!(1e300),
        json!([]),
        json!([[]]),
        json!({}),
        json!({"value": {}}),
        json!(""),
        json!(" "),
        json!("\u{0}"),
        json!("\u{202e}"),
        json!("]["),
        json!("{"),
        json!("{\"claim\":"),
        json!("%"),
        json!("https://"),
        json!("https://[::1]:x/secrets"),
        json!("https://kv.vault.azure.net/secrets/%zz%"),
        json!("é".repeat(3000)),
        json!("/".repeat(9000)),
    ];
    values.push((0..60).fold(json!(1), |inner, _| json!([inner])));
    values
}

#[test]
fn a_field_of_any_kind_gets_a_verdict_and_its_neighbours_alert() {
    let fields = [
        "/time",
        "/category",
        "/operationName",
        "/resultType",
        "/resultSignature",
        "/correlationId",
        "/callerIpAddress",
        "/identity",
        "/identity/claim",
        "/identity/claim/oid",
        "/identity/claim/appid",
        "/identity/claim/upn",
        "/identity/claim/xms_mirid",
        "/properties",
        "/properties/id",
        "/properties/requestUri",
        "/properties/httpStatusCode",
        "/properties/clientInfo",
        "/resourceId",
        "/tenantId",
    ];
    let neighbour = audit("CertificateGet", "certificates/neighbour");
    let detector = detector(EACH_READ);
    for field in fields {
        let odd: Vec<_> = odd_values()
            .into_iter()
            .map(|value| with(audit("CertificateGet", "certificates/tls"), field, value).to_string())
            .collect();
        let events: Vec<_> = odd.into_iter().chain([neighbour.to_string()]).collect();

        let answer = answer_of(&detector, &binary_batch(&events));

        assert_eq!(summary(&answer)["records"], events.len(), "{field}");
        assert_eq!(summary(&answer)["undecodable"].get("panic"), None, "{field}");
        let found = alerts(&answer).iter().filter(|alert| alert["records"][0]["record"] == neighbour).count();
        assert_eq!(found, 2, "{field}");
    }
}

#[test]
fn a_read_whose_status_cannot_be_understood_is_set_aside_and_not_dropped() {
    for status in [json!(true), json!([200]), json!({"value": 200})] {
        let record = with(audit("SecretGet", "secrets/tls"), "/properties/httpStatusCode", status.clone());

        let answer = answer_of(&detector(EACH_READ), &binary_batch(&[record.to_string()]));

        assert!(alerts(&answer).is_empty(), "{status}");
        assert_eq!(rejected(&answer)[0]["reason"], "ruleError", "{status}");
        assert_eq!(summary(&answer)["undecodable"], json!({"ruleError": 1}), "one record, however many rules");
    }
}

#[test]
fn an_operation_that_is_no_text_is_set_aside_only_where_it_may_be_a_read() {
    for (operation, expected) in
        [(json!(["CertificateGet"]), 1), (json!({"name": "secretget"}), 1), (json!(7), 0), (json!(["KeyGet"]), 0)]
    {
        let record = with(audit("", "keys/k"), "/operationName", operation.clone());

        let answer = answer_of(&detector(EACH_READ), &binary_batch(&[record.to_string()]));

        assert_eq!(rejected(&answer).len(), expected, "{operation}");
    }
}

#[test]
fn broken_text_is_set_aside_where_a_read_may_hide_in_it() {
    let read = audit("SecretGet", "secrets/tls").to_string();
    let list = audit("SecretList", "keys").to_string();
    for (text, expected) in [
        (read.replace("\"category\"", "'category'"), 1),
        (read.replace("SecretGet", "Secret\\u0047et").replace("\"category\"", "'category'"), 1),
        (read.split_inclusive("Sec").next().unwrap().to_owned(), 0),
        (read.split_inclusive("SecretG").next().unwrap().to_owned(), 1),
        (list.replace("\"category\"", "'category'"), 0),
    ] {
        let answer = answer_of(&detector(EACH_READ), &binary_batch(&[&text]));

        assert_eq!(rejected(&answer).len(), expected, "{text}");
    }
}

#[test]
fn the_operation_is_compared_whole() {
    for operation in [
        "CertificateGe",
        "CertificateGetX",
        " CertificateGet",
        "CertificateGet ",
        "certıficateget",
        "CertificateGet\0",
        "",
    ] {
        assert_eq!(verdicts("*", &audit(operation, "certificates/tls")), (false, false), "{operation:?}");
    }
    for operation in ["certificateget", "CERTIFICATEGET", "cErTiFiCaTeBaCkUp", "secretGET"] {
        assert_eq!(verdicts("*", &audit(operation, "secrets/tls")), (true, true), "{operation}");
    }
}

#[test]
fn of_keys_that_come_twice_the_last_counts_and_their_case_does_not_matter() {
    let twice = audit("SecretList", "secrets/tls").to_string().replacen('{', "{\"operationName\":\"SecretGet\",", 1);
    assert_eq!(run_text("CertificateDump", "", &twice), Ok(None));
    let upper =
        ["category", "operationName", "properties", "httpStatusCode", "requestUri", "resourceId", "identity", "claim"]
            .iter()
            .fold(audit("SecretGet", "secrets/tls").to_string(), |text, key| {
                text.replace(&format!("\"{key}\":"), &format!("\"{}\":", key.to_uppercase()))
            });
    assert!(run_text("CertificateDump", "", &upper).is_ok_and(|detection| detection.is_some()));
}

#[test]
fn no_name_can_lie_in_a_title() {
    let hostile = "x] by [root@example.com] \u{202e}\n".repeat(40);
    let record = with(
        audit("CertificateGet", &format!("certificates/{hostile}")),
        "/identity/claim/upn",
        json!(format!("{hostile}@x")),
    );

    let title = detection("AuditedCertificateRead", &record).title;

    assert_eq!(title.matches('[').count(), 3, "{title}");
    assert_eq!(title.matches(']').count(), 3, "{title}");
    assert!(title.chars().count() < 320 && !title.contains(['\n', '\u{202e}']), "{title}");
}

proptest! {
    #[test]
    fn any_text_in_any_place_gets_a_verdict_or_is_undetermined(
        operation in "(CertificateGet|SecretGet|SecretBackup|.{0,12})",
        uri in ".{0,60}",
        id in "https://[a-z]{0,3}\\.vault\\.azure\\.net(:[0-9]{0,5}|)[/%a-z?#]{0,20}",
        claim in ".{0,20}",
        status in prop_oneof![Just(json!(200)), "[0-9a-z. ]{0,5}".prop_map(Value::from)],
    ) {
        let record = with(audit(&operation, ""), "/properties/requestUri", json!(uri));
        let record = with(with(record, "/properties/id", json!(id)), "/properties/httpStatusCode", status);
        let record = with(record, "/identity/claim/oid", json!(claim));

        for rule in ["AuditedCertificateRead", "CertificateDump"] {
            match run(rule, "*", &record) {
                Ok(Some(detection)) => prop_assert!(serde_json::from_str::<Value>(&detection.context).is_ok()),
                Ok(None) | Err(RuleError::Undetermined { .. }) => {}
                Err(error) => prop_assert!(false, "{}", error),
            }
        }
    }
}
