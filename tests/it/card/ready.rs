//! What to do: commands that take access away, queries, the command that lists all names, and an entry of expected access.

use certificate_accessed::detector::Detector;
use certificate_accessed::expected::{ExpectedAccess, ready_entry};
use certificate_accessed::facts::Identity;
use certificate_accessed::queries::{self, Period};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{DUMP_FIRST, THREE_CERTIFICATES, card_of, folded, parsed};
use crate::given::{READ, alerts, answer, answer_at, binary_batch, pipeline};

fn contain(change: impl Fn(&mut Value)) -> String {
    let mut alert = parsed(DUMP_FIRST);
    change(&mut alert["alertContext"]);
    folded(&card_of(&alert), "contain")
}

#[test]
fn a_service_principal_is_disabled_and_loses_its_roles() {
    let said = contain(|_| ());

    assert!(
        said.contains("\naz ad sp update --id 00000000-0000-0000-0000-0000000000c7 --set accountEnabled=false\n"),
        "{said}"
    );
    assert!(said.contains("az role assignment list --assignee 00000000-0000-0000-0000-0000000000c7 --all"), "{said}");
}

#[test]
fn a_managed_identity_loses_its_roles_because_it_cannot_be_disabled() {
    let said = contain(|context| {
        context["caller_managed_identity"] = json!("/subscriptions/s/providers/Microsoft.Web/sites/shop")
    });

    assert!(said.contains("A managed identity cannot be disabled"), "{said}");
    assert!(said.contains("az role assignment delete --ids $(az role assignment list"), "{said}");
    assert!(!said.contains("az ad"), "{said}");
}

#[test]
fn a_user_is_disabled_and_its_sessions_are_revoked() {
    let said = folded(&card_of(&parsed(THREE_CERTIFICATES)), "contain");

    assert!(
        said.contains("\naz ad user update --id 00000000-0000-0000-0000-0000000000b1 --account-enabled false\n"),
        "{said}"
    );
    assert!(said.contains("\nRevoke-MgUserSignInSession -UserId 00000000-0000-0000-0000-0000000000b1\n"), "{said}");
}

#[test]
fn what_is_no_guid_gets_into_no_command() {
    for id in ["$(reboot)", "x; reboot", "00000000-0000-0000-0000-0000000000c7 --yes", ""] {
        let said = contain(|context| {
            context["caller_object_id"] = json!(id);
            context["caller_app_id"] = json!(id);
        });

        assert!(!said.contains("reboot") && !said.contains("--yes"), "{said}");
    }
}

#[test]
fn the_runbook_holds_queries_with_identity_and_period_and_the_command_that_lists_all() {
    let said = folded(&card_of(&parsed(DUMP_FIRST)), "runbook");

    for ready in [
        "AZKVAuditLogs | where TimeGenerated between (datetime(2026-03-19T01:41:03Z) .. datetime(2026-03-20T02:41:29Z)) | where \
         tostring(parse_json(tostring(Identity)).claim.oid) =~ \"00000000-0000-0000-0000-0000000000c7\" | project ",
        "AzureDiagnostics | where TimeGenerated between (datetime(2026-03-19T01:41:03Z) .. datetime(2026-03-20T02:41:29Z)) | where \
         ResourceProvider == \"MICROSOFT.KEYVAULT\" and Category == \"AuditEvent\" | where \
         tostring(column_ifexists(\"identity_claim_oid_g\", \"\")) =~ \"00000000-0000-0000-0000-0000000000c7\" | project ",
        "certificate-accessed investigate --identity 00000000-0000-0000-0000-0000000000c7 --out DIR LOGS\n",
        "- {rules: [CertificateDump], objectIds: [\"00000000-0000-0000-0000-0000000000c7\"], until: 2026-03-20, reason: \"say why \
         it is expected\"}\n",
    ] {
        assert!(said.contains(ready), "{ready}\n  is not in\n{said}");
    }
    assert!(!said.contains("AzureActivity"));
    assert!(folded(&card_of(&super::alert()), "runbook").contains("AzureActivity | where TimeGenerated between"));
}

#[test]
fn the_entry_of_a_card_silences_what_it_is_about_until_the_end_of_the_next_day() {
    let alert = alerts(&answer(&binary_batch(&[READ]))).remove(0);
    let said = folded(&card_of(&alert), "runbook");
    let entry = said.lines().find(|line| line.starts_with("- {rules: ")).unwrap();
    let file = format!("expected:\n  {entry}\n");

    let alerts_at = |now: &str| {
        let expected = ExpectedAccess::parse(&file).unwrap();
        let detector = Detector::new(pipeline(), Some(0), expected);
        alerts(&answer_at(&detector, &binary_batch(&[READ]), now)).len()
    };

    assert!(alert["createdAt"].as_str().unwrap().starts_with("2026-03-02"), "{alert}");
    assert_eq!([alerts_at("2026-03-03T23:59:59Z"), alerts_at("2026-03-04T00:00:00Z")], [0, 1]);
}

/// The literals of a query, as its language reads them; `None` if one does not end.
fn literals(query: &str) -> Option<Vec<String>> {
    let mut literals = Vec::new();
    let mut rest = query.chars();
    while let Some(character) = rest.next() {
        if character != '"' {
            continue;
        }
        let mut units = Vec::new();
        loop {
            match rest.next()? {
                '"' => break,
                '\\' => match rest.next()? {
                    'u' => units.push(u16::from_str_radix(&rest.by_ref().take(4).collect::<String>(), 16).ok()?),
                    escaped => units.push(escaped as u16),
                },
                other => units.push(other as u16),
            }
        }
        literals.push(String::from_utf16(&units).ok()?);
    }
    Some(literals)
}

fn period() -> Period {
    Period { from: "2026-03-19T01:41:03Z".parse().unwrap(), to: "2026-03-20T02:47:10Z".parse().unwrap() }
}

proptest! {
    #[test]
    fn no_id_leaves_its_literal_in_a_query(id in "\\PC{0,20}|[\"\\\\'|/ a-z\\n]{0,20}|(.|\\n){0,20}", kind in 0usize..3) {
        let mut identity = Identity::default();
        match kind {
            0 => identity.object_id = Some(id.clone()),
            1 => identity.app_id = Some(id.clone()),
            _ => identity.caller_address = Some(id.clone()),
        }
        let mut harmless = identity.clone();
        for text in [&mut harmless.object_id, &mut harmless.app_id, &mut harmless.caller_address].into_iter().flatten() {
            *text = "x".to_owned();
        }
        for make in [queries::audit_logs, queries::diagnostics, queries::activity] {
            let (query, plain) = (make(&identity, &period()).unwrap(), make(&harmless, &period()).unwrap());

            let expected: Vec<_> = literals(&plain).unwrap().into_iter().map(|text| if text == "x" { id.clone() } else { text }).collect();
            prop_assert_eq!(literals(&query).unwrap(), expected);
            prop_assert_eq!(query.lines().count(), plain.lines().count());
            prop_assert!(query.bytes().all(|byte| byte == b'\n' || (b' '..=b'~').contains(&byte)));
        }
    }
}

/// What Microsoft's own parser of the language checks, and what is run over small tables.
#[test]
fn the_queries_are_those_that_were_parsed_and_run() {
    let object = |id: &str| Identity { object_id: Some(id.to_owned()), ..Identity::default() };
    let (usual, hostile) = (object("00000000-0000-0000-0000-0000000000c7"), object("c7\" or true // \\ é\n| take 1"));
    let app = Identity { app_id: Some("00000000-0000-0000-0000-0000000000a7".to_owned()), ..Identity::default() };
    let address = Identity { caller_address: Some("192.0.2.7".to_owned()), ..Identity::default() };
    let is_in = |query: Option<String>, file: &str| {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/queries").join(file);
        assert_eq!(query.unwrap(), std::fs::read_to_string(path).unwrap(), "{file}");
    };

    is_in(queries::audit_logs(&usual, &period()), "audit-logs.kql");
    is_in(queries::audit_logs(&app, &period()), "audit-logs-app.kql");
    is_in(queries::audit_logs(&address, &period()), "audit-logs-address.kql");
    is_in(queries::audit_logs(&hostile, &period()), "hostile.kql");
    is_in(queries::diagnostics(&usual, &period()), "diagnostics.kql");
    is_in(queries::diagnostics(&app, &period()), "diagnostics-app.kql");
    is_in(queries::diagnostics(&address, &period()), "diagnostics-address.kql");
    is_in(queries::activity(&usual, &period()), "activity.kql");
    is_in(queries::activity(&address, &period()), "activity-address.kql");
}

#[test]
fn nobody_is_asked_for_by_no_query_and_expected_by_no_entry() {
    let nobody = Identity::default();

    assert_eq!(queries::audit_logs(&nobody, &period()), None);
    assert_eq!(queries::diagnostics(&nobody, &period()), None);
    assert_eq!(queries::activity(&nobody, &period()), None);
    assert_eq!(ready_entry("CertificateDump", &nobody, "2026-03-20".parse().unwrap()), None);
}

#[test]
fn an_id_that_a_shell_might_act_on_is_in_no_command_line() {
    let by = |app_id: &str| Identity { app_id: Some(app_id.to_owned()), ..Identity::default() };

    let from = Identity { caller_address: Some("2001:db8::7".to_owned()), ..Identity::default() };

    assert_eq!(queries::all_names(&by("a7")).unwrap(), "certificate-accessed investigate --identity a7 --out DIR LOGS");
    assert_eq!(
        queries::all_names(&from).unwrap(),
        "certificate-accessed investigate --address 2001:db8::7 --out DIR LOGS"
    );
    for acting in ["a7'; reboot; '", "$(reboot)", "--out=/etc", ""] {
        assert_eq!(queries::all_names(&by(acting)), None, "{acting}");
    }
    assert_eq!(queries::all_names(&Identity::default()), None);
}

#[test]
fn an_application_and_an_address_are_asked_for_where_there_is_no_object_id() {
    let app = Identity { app_id: Some("a7".to_owned()), ..Identity::default() };
    let address = Identity { caller_address: Some("192.0.2.7".to_owned()), ..Identity::default() };

    assert!(queries::diagnostics(&app, &period()).unwrap().contains("\"identity_claim_appid_g\", \"\")) =~ \"a7\""));
    assert!(queries::audit_logs(&address, &period()).unwrap().contains("CallerIpAddress == \"192.0.2.7\""));
    let until = "2026-03-20".parse().unwrap();
    let entry = ready_entry("CertificateDump", &address, until).unwrap();
    assert!(ExpectedAccess::parse(format!("expected:\n  {entry}\n")).is_ok(), "{entry}");
}
