//! What stands on the card.

use serde_json::{Value, json};

use super::{
    ALERT, DUMP_FIRST, DUMP_LATER, THREE_CERTIFICATES, alert, assert_said_in_order, card_of, folded, least, parsed,
    said, texts, urls,
};
use certificate_accessed::render::{Card, CardFault, CardOptions};
use certificate_accessed::rules::metadata::Metadata;

#[test]
fn the_questions_of_the_night_are_answered_in_their_order() {
    let card = card_of(&alert());

    assert_said_in_order(
        &card,
        &[
            "INFO\n",
            "ada.quist@example.com (user) read at least 4 certificates in 1 vault so far, since 02:14 UTC, from 203.0.113.66\n",
            "Since Mon 2 Mar 2026, 02:14:11 UTC, which is {{DATE(2026-03-02T02:14:11Z, SHORT)}}, {{TIME(2026-03-02T02:14:11Z)}} your time.",
            "The last read that this card knows of was at 02:16:40 UTC ({{TIME(2026-03-02T02:16:40Z)}} your time).",
            "Do first: nothing at night.",
            "4 read\nkv-payments-prod: \ntls-payments, tls-checkout, signing-invoices, app-ledger\n",
            "Account\nada.quist@example.com\n9e868a44-7191-41ed-9194-af235c67590c\n",
            "Application\n2dc54dd4-df2f-41a4-a68d-f5902e77ae21\n",
            "Tenant\nb77151ac-f281-4884-978b-3c7dfe47c17f\n",
            "Subscription\n9864f9b0-d7f4-4858-8d09-f4316072234a\n",
            "How many\n14 matches; more within 60 minutes raise no new card\n",
            "Alert a7575c297473164e1c379b179999b5bc",
        ],
    );
}

#[test]
fn three_certificates_in_a_vault_are_all_named_and_the_account_stands_once() {
    let card = card_of(&parsed(THREE_CERTIFICATES));

    assert_said_in_order(
        &card,
        &[
            "MEDIUM\nada.quist@example.com (user) read at least 3 certificates in 1 vault so far, since 14:05 UTC, from \
             198.51.100.23, with AZURECLI/2.61.0 (its own words)\n",
            "1 whose private key may have left: a secret of the certificate's name was read\nhollin-web-prod: \ntls-web\n",
            "2 of which only the public part was read\nhollin-web-prod: \ntls-api, tls-www\n",
            "Account\nada.quist@example.com\n00000000-0000-0000-0000-0000000000b1\n",
            "Application\nAzure CLI\n04b07795-8ddb-461a-bbee-02f9e1bf7b46\n",
            "Client\nAZURECLI/2.61.0 (DEB)",
        ],
    );
    let before_buttons = said(&card).split("\nContain\n").next().unwrap().to_owned();
    assert_eq!(before_buttons.matches("00000000-0000-0000-0000-0000000000b1").count(), 1);
    assert!(!before_buttons.contains("HOLLIN-WEB-PROD"), "{before_buttons}");
}

#[test]
fn description_attack_runbook_and_id_of_the_rule_stand_behind_a_button() {
    let about = folded(&card_of(&alert()), "about");

    for part in [
        "Detects when Azure Key Vault certificates are accessed",
        "TA0006 Credential Access",
        "T1555 Credentials from Password Stores",
        "1. Find all Key Vault certificate and secret operations",
        "2. Query for the certificate details",
        "Rule Azure.MonitorActivity.KeyVault.CertificateAccessed",
        "Title Azure Key Vault certificate accessed from [kv-payments-prod] by [203.0.113.66]",
    ] {
        assert!(about.contains(part), "{part}: {about}");
        assert_eq!(said(&card_of(&alert())).matches(part).count(), 1, "{part}");
    }
}

#[test]
fn the_objects_of_the_activity_logs_rule_are_those_of_entities_and_records_each_once() {
    let mut alert = alert();
    let id = |name: &str| {
        format!("/SUBSCRIPTIONS/S/PROVIDERS/MICROSOFT.KEYVAULT/VAULTS/KV-PAYMENTS-PROD/CERTIFICATES/{name}")
    };
    alert["records"] = json!([
        {"source": {}, "record": {"resourceId": id("TLS-PAYMENTS")}},
        {"source": {}, "record": {"_ResourceId": id("eleventh"), "ResourceId": id("twelfth")}},
        {"source": {}, "record": "not an object"},
    ]);

    let said = said(&card_of(&alert));

    let names = "kv-payments-prod: \ntls-payments, tls-checkout, signing-invoices, app-ledger, twelfth, eleventh\n";
    assert!(said.contains("read at least 6 certificates in 1 vault") && said.contains(names), "{said}");
}

#[test]
fn a_time_that_cannot_be_read_stands_as_it_is_and_makes_no_macro() {
    for (first, when) in [("last night", "When\nlast night\n"), ("-009999-01-01T00:00:00Z", "When\n"), ("", "")] {
        let mut alert = alert();
        alert["window"]["firstRecordTime"] = json!(first);
        alert["window"]["lastRecordTime"] = json!(first);

        let said = said(&card_of(&alert));

        assert!(said.contains(when) && !said.contains("{{"), "{first}: {said}");
        assert_eq!(said.contains("When\n"), !when.is_empty(), "{said}");
    }
}

#[test]
fn the_readers_own_time_is_asked_for_without_fractions_of_a_second() {
    let mut alert = alert();
    alert["window"]["firstRecordTime"] = json!("2026-03-02T10:14:58.1200000+02:00");
    alert["window"]["lastRecordTime"] = json!("2026-03-02T08:14:58.9Z");

    let said = said(&card_of(&alert));

    assert!(said.contains("{{DATE(2026-03-02T08:14:58Z, SHORT)}}, {{TIME(2026-03-02T08:14:58Z)}}"), "{said}");
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
fn buttons_lead_to_the_identity_and_the_vault_and_links_to_the_rules_own_reference() {
    let mut changed = alert();
    changed["rule"]["reference"] = json!("https://evil.example/");

    for alert in [alert(), changed] {
        let card = card_of(&alert);

        assert_eq!(
            urls(&card),
            [
                "https://entra.microsoft.com/#view/Microsoft_AAD_UsersAndTenants/UserProfileMenuBlade/~/overview/userId/9e868a44-7191-41ed-9194-af235c67590c",
                "https://portal.azure.com/#@b77151ac-f281-4884-978b-3c7dfe47c17f/resource/subscriptions/9864f9b0-d7f4-4858-8d09-f4316072234a/resourceGroups/rg-payments/providers/Microsoft.KeyVault/vaults/kv-payments-prod",
                "https://attack.mitre.org/tactics/TA0006/",
                "https://attack.mitre.org/techniques/T1555/",
                "https://attack.mitre.org/tactics/TA0009/",
                "https://attack.mitre.org/techniques/T1530/",
                "https://microsoft.github.io/Azure-Threat-Research-Matrix/CredentialAccess/AZT604/AZT604-2",
            ]
        );
    }
}

#[test]
fn a_service_principal_and_a_managed_identity_have_the_page_of_applications_and_an_unknown_kind_has_none() {
    let page = |change: &dyn Fn(&mut Value)| {
        let mut alert = parsed(DUMP_FIRST);
        change(&mut alert);
        urls(&card_of(&alert)).into_iter().find(|url| url.contains("entra"))
    };
    let of_applications = "https://entra.microsoft.com/#view/Microsoft_AAD_IAM/ManagedAppMenuBlade/~/Overview/objectId/00000000-0000-0000-0000-0000000000c7";

    assert_eq!(page(&|_| ()).as_deref(), Some(of_applications));
    let mirid = json!("/subscriptions/s/providers/Microsoft.Web/sites/web-app");
    let managed = page(&|alert| alert["alertContext"]["caller_managed_identity"] = mirid.clone());
    assert_eq!(managed.as_deref(), Some(of_applications));
    assert_eq!(page(&|alert| alert["alertContext"]["caller_object_id"] = json!("../x")), None);
    let no_app = page(&|alert| {
        alert["alertContext"]["caller_app_id"] = Value::Null;
        alert["entities"]["cloudApplication"] = json!([]);
    });
    assert_eq!(no_app, None);
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
fn every_rule_of_this_program_has_a_link_to_its_reference() {
    for logic in certificate_accessed::rules::ALL {
        let metadata = Metadata::at_build(logic.name).unwrap();
        let mut alert = least();
        alert["rule"]["id"] = json!(metadata.id);

        assert_eq!(urls(&card_of(&alert)), [metadata.about.reference.as_str()], "{}", logic.name);
    }
}

#[test]
fn no_card_has_more_buttons_than_clients_show() {
    for alert in [ALERT, DUMP_FIRST, DUMP_LATER, THREE_CERTIFICATES] {
        assert!(card_of(&parsed(alert)).content()["actions"].as_array().unwrap().len() <= 5);
    }
}

#[test]
fn an_alert_without_its_optional_parts_still_has_a_card() {
    let card = card_of(&least());

    let said = texts(&card, "TextRun");
    assert!(said.contains(&"not named in the log".to_owned()), "{said:?}");
    assert_eq!(said[0], "t", "the title, where nothing says what was read");
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

    assert!(Card::of(&message, &CardOptions::default()).is_ok());
}

#[test]
fn many_of_a_kind_are_counted_out() {
    let mut alert = alert();
    alert["alertContext"]["caller_ip"] = json!("<UNKNOWN_IP>");
    alert["entities"]["ip"] = (0..10).map(|host| json!({"address": format!("192.0.2.{host}")})).collect();

    let said = texts(&card_of(&alert), "TextRun");

    assert!(said[0].contains("from 192.0.2.0 and 9 more"), "{said:?}");
    assert!(said.contains(&"192.0.2.4".to_owned()) && !said.contains(&"192.0.2.5".to_owned()));
    assert!(said.contains(&"and 5 more".to_owned()), "{said:?}");
}

#[test]
fn several_accounts_are_said_to_be_several_and_get_no_command_for_one_of_them() {
    let mut alert = alert();
    alert["entities"]["account"] = json!([
        {"objectId": "00000000-0000-0000-0000-0000000000b1", "upn": "ada@example.com", "tenantId": null},
        {"objectId": "00000000-0000-0000-0000-0000000000b2", "upn": "bo@example.com", "tenantId": null},
    ]);

    let card = card_of(&alert);

    assert!(said(&card).contains("ada@example.com (user) and 1 other read at least 4 certificates"), "{}", said(&card));
    assert!(!folded(&card, "contain").contains("az ad user update"));
    assert!(folded(&card, "runbook").contains("CallerIpAddress == \"203.0.113.66\""));
}

#[test]
fn the_deployment_is_named_where_it_has_a_name() {
    let options = CardOptions { deployment: Some("func-certificates".to_owned()), ..CardOptions::default() };

    let card = Card::of(ALERT, &options).unwrap();

    assert!(said(&card).contains("Deployment\nfunc-certificates\n"));
    assert!(!said(&card_of(&alert())).contains("Deployment"));
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
        assert_eq!(Card::of(message, &CardOptions::default()), Err(fault), "{message}");
    }
}

#[test]
fn the_saved_alerts_keep_to_the_schema() {
    for alert in [ALERT, DUMP_FIRST, DUMP_LATER, THREE_CERTIFICATES] {
        crate::given::assert_schema(&parsed(alert));
    }
    let sample: Value = serde_json::from_str(include_str!("../../../src/notify/sample.json")).unwrap();
    crate::given::assert_schema(&sample);
}
