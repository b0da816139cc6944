//! What stands on the card.

use serde_json::{Value, json};

use super::{ALERT, alert, card_of, for_each_object, least, texts, urls};
use certificate_accessed::render::{Card, CardFault};
use certificate_accessed::rules::metadata::Metadata;

#[test]
fn the_questions_of_the_night_are_answered_in_their_order() {
    let card = Card::of(ALERT).unwrap();

    let said = texts(&card, "TextRun").join("\n");
    let mut rest = said.as_str();
    for answer in [
        "02:14:11 UTC",
        "Azure Key Vault certificate accessed from [kv-payments-prod] by [203.0.113.66]",
        "Vault\nkv-payments-prod",
        "Certificate\ntls-payments\ntls-checkout\nsigning-invoices\napp-ledger",
        "User\nada.quist@example.com",
        "IP address\n203.0.113.66",
        "Application\n2dc54dd4-df2f-41a4-a68d-f5902e77ae21",
        "Object id\n9e868a44-7191-41ed-9194-af235c67590c",
        "When\nMon 2 Mar 2026, 02:14:11 UTC to 02:16:40 UTC",
        "How many\n14 matches; more within 60 minutes raise no new card",
        "Detects when Azure Key Vault certificates are accessed",
        "TA0006 Credential Access",
        "T1555 Credentials from Password Stores",
        "1. Find all Key Vault certificate and secret operations",
        "2. Query for the certificate details",
        "Alert a7575c297473164e1c379b179999b5bc",
    ] {
        let (_, behind) = rest.split_once(answer).unwrap_or_else(|| panic!("{answer}\n  is not in\n{rest}"));
        rest = behind;
    }
    assert_eq!(texts(&card, "TextBlock")[0], "HIGH");
}

#[test]
fn one_time_a_span_of_a_day_and_a_span_of_days_read_as_people_write_them() {
    let cases = [
        ("2026-03-02T08:14:58.12Z", "2026-03-02T08:14:58.9Z", Some("Mon 2 Mar 2026, 08:14:58 UTC")),
        ("2026-03-02T10:14:58+02:00", "2026-03-02T08:40:00Z", Some("Mon 2 Mar 2026, 08:14:58 UTC to 08:40:00 UTC")),
        (
            "2026-03-02T23:59:00Z",
            "2026-03-03T00:01:00Z",
            Some("Mon 2 Mar 2026, 23:59:00 UTC to Tue 3 Mar 2026, 00:01:00 UTC"),
        ),
        ("last night", "", Some("last night")),
        ("2026-03-02T08:14:58Z", "", Some("Mon 2 Mar 2026, 08:14:58 UTC")),
        ("", "", None),
    ];
    for (first, last, expected) in cases {
        let mut alert = alert();
        alert["window"]["firstRecordTime"] = json!(first);
        alert["window"]["lastRecordTime"] = json!(last);

        let said = texts(&card_of(&alert), "TextRun");

        let row = said.iter().position(|text| text == "When");
        assert_eq!(row.map(|row| said[row + 1].as_str()), expected);
    }
}

#[test]
fn severity_is_a_word_and_a_colour() {
    let cases = [
        ("CRITICAL", "attention"),
        ("HIGH", "attention"),
        ("MEDIUM", "warning"),
        ("LOW", "accent"),
        ("INFO", "emphasis"),
    ];
    for (severity, style) in cases {
        let mut alert = alert();
        alert["severity"] = json!(severity);

        let card = card_of(&alert);

        assert_eq!(card.content()["body"][0]["style"], style);
        assert_eq!(texts(&card, "TextBlock")[0], severity);
    }
}

#[test]
fn buttons_lead_to_the_vault_and_to_the_rules_own_reference() {
    let mut changed = alert();
    changed["rule"]["reference"] = json!("https://evil.example/");

    for alert in [alert(), changed] {
        assert_eq!(
            urls(&card_of(&alert)),
            [
                "https://portal.azure.com/#@b77151ac-f281-4884-978b-3c7dfe47c17f/resource/subscriptions/9864f9b0-d7f4-4858-8d09-f4316072234a/resourceGroups/rg-payments/providers/Microsoft.KeyVault/vaults/kv-payments-prod",
                "https://microsoft.github.io/Azure-Threat-Research-Matrix/CredentialAccess/AZT604/AZT604-2",
                "https://attack.mitre.org/tactics/TA0006/",
                "https://attack.mitre.org/techniques/T1555/",
                "https://attack.mitre.org/tactics/TA0009/",
                "https://attack.mitre.org/techniques/T1530/",
            ]
        );
    }
}

#[test]
fn only_real_attack_ids_have_a_page() {
    let pages = |id: &str| {
        let mut alert = least();
        alert["rule"]["mitre"] = json!([{"tactic": {"id": id}}]);
        urls(&card_of(&alert))
    };
    assert_eq!(pages("TA0006"), ["https://attack.mitre.org/tactics/TA0006/"]);
    assert_eq!(pages("T1555"), ["https://attack.mitre.org/techniques/T1555/"]);
    assert_eq!(pages("T1555.006"), ["https://attack.mitre.org/techniques/T1555/006/"]);
    for id in ["", "T", "TA", "T15", "T1555.", "T1555.6", "T1555/../x", "TA0006/", "t1555", "T1555.006.1"] {
        assert!(pages(id).is_empty(), "{id}");
    }
}

#[test]
fn an_id_cannot_leave_its_place_in_an_address() {
    let portal = |group: &str| {
        let mut alert = least();
        let id = format!("/subscriptions/s/resourceGroups/{group}/providers/Microsoft.KeyVault/vaults/kv");
        alert["entities"]["azureResource"] = json!([{"resourceId": id}]);
        urls(&card_of(&alert))
    };
    let of = |group: &str| {
        [
            "https://portal.azure.com/#/resource/subscriptions/s/resourceGroups/",
            group,
            "/providers/Microsoft.KeyVault/vaults/kv",
        ]
        .concat()
    };
    assert_eq!(portal("rg web?#@%é"), [of("rg%20web%3F%23%40%25%C3%A9")]);
    assert_eq!(portal(&"a".repeat(90)), [of(&"a".repeat(90))]);
    assert!(portal("..").is_empty() && portal(".").is_empty() && portal(&"a".repeat(91)).is_empty());
}

#[test]
fn every_rule_of_this_program_has_a_button_for_its_reference() {
    for logic in certificate_accessed::rules::ALL {
        let metadata = Metadata::at_build(logic.name).unwrap();
        let mut alert = least();
        alert["rule"]["id"] = json!(metadata.id);

        assert_eq!(urls(&card_of(&alert)), [metadata.about.reference.as_str()], "{}", logic.name);
    }
}

#[test]
fn the_runbook_is_folded_and_a_button_unfolds_it() {
    let card = Card::of(ALERT).unwrap();

    let mut folded = Vec::new();
    for_each_object(card.content(), &mut |element| {
        if element.get("isVisible") == Some(&json!(false)) {
            folded.push(element["id"].clone());
        }
    });
    assert_eq!(folded, ["runbook"]);
    let actions = card.content()["actions"].as_array().unwrap();
    assert!(actions.iter().any(|action| action["targetElements"] == json!(["runbook"])));
}

#[test]
fn an_alert_without_its_optional_parts_still_has_a_card() {
    let card = card_of(&least());

    let said = texts(&card, "TextRun");
    assert!(said.contains(&"not named in the log".to_owned()), "{said:?}");
    assert_eq!(card.content()["actions"], json!([]));
    for key in ["rule", "window", "alertContext", "entities", "createdAt", "severity", "tenant_id"] {
        for odd in [json!(null), json!(7), json!("x"), json!([]), json!([[]]), json!({"ip": {"a": 1}})] {
            let mut alert = alert();
            alert[key] = odd;
            card_of(&alert);
        }
    }
}

#[test]
fn digits_and_depth_that_no_tree_could_hold_cost_nothing() {
    let deep = format!("{}{}", "[".repeat(5000), "]".repeat(5000));
    let message = ALERT.replacen('{', &format!("{{\"number\":1e999999,\"deep\":{deep},\"half\":\"\\ud800\","), 1);

    assert!(Card::of(&message).is_ok());
}

#[test]
fn many_of_a_kind_are_counted_out() {
    let mut alert = alert();
    alert["entities"]["ip"] = (0..10).map(|host| json!({"address": format!("192.0.2.{host}")})).collect();

    let said = texts(&card_of(&alert), "TextRun");

    assert!(said.contains(&"192.0.2.4".to_owned()) && !said.contains(&"192.0.2.5".to_owned()));
    assert!(said.contains(&"and 5 more".to_owned()), "{said:?}");
}

#[test]
fn a_dump_names_the_first_objects_and_who_has_the_identity() {
    let mut alert = alert();
    let objects: Vec<_> = (0..25).map(|number| format!("kv-payments-prod/secret-{number}")).collect();
    alert["alertContext"]["certificate_name"] = json!(null);
    alert["alertContext"]["read_objects"] = json!(objects);
    alert["alertContext"]["read_count"] = json!(31);
    alert["alertContext"]["caller_app_name"] = json!("Night batch");
    alert["alertContext"]["caller_managed_identity"] = json!("/subscriptions/s/providers/Microsoft.Web/sites/web-app");

    let said = texts(&card_of(&alert), "TextRun").join("\n");

    assert!(said.contains("Read\nkv-payments-prod/secret-0\n") && said.contains("secret-4\nand 26 more"), "{said}");
    assert!(said.contains("Identity\nweb-app") && said.contains("Application\nNight batch\n2dc54dd4"), "{said}");
}

#[test]
fn a_secret_that_is_no_certificate_is_called_one() {
    let mut alert = alert();
    alert["entities"]["azureResource"] = json!([]);
    alert["alertContext"] = json!({"object_kind": "secret", "object_name": "sql-main", "certificate_name": null});

    let said = texts(&card_of(&alert), "TextRun").join("\n");

    assert!(said.contains("Secret\nsql-main") && !said.contains("Certificate\n"), "{said}");
}

#[test]
fn what_is_no_alert_has_no_card() {
    for (message, fault) in [
        ("", CardFault::NotAnObject),
        ("[]", CardFault::NotAnObject),
        ("{}", CardFault::NoAlert),
        (r#"{"schemaVersion":"1.0","alertId":"a"}"#, CardFault::NoAlert),
        (r#"{"schemaVersion":"1.0","title":"t"}"#, CardFault::NoAlert),
        (r#"{"schemaVersion":"1.0","alertId":"a b","title":"t"}"#, CardFault::NoAlert),
        (r#"{"schemaVersion":"2.0","alertId":"a","title":"t"}"#, CardFault::LaterVersion),
    ] {
        assert_eq!(Card::of(message), Err(fault), "{message}");
    }
}

#[test]
fn the_saved_alert_keeps_to_the_schema() {
    crate::given::assert_schema(&alert());
    let sample: Value = serde_json::from_str(include_str!("../../../src/notify/sample.json")).unwrap();
    crate::given::assert_schema(&sample);
}
