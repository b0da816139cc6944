//! Rules that others wrote, in Sigma: what they match, what they say, and what is off.

/// Rules in blobs of the app's own account.
mod blobs;

/// What a broken record could hide is kept, for each rule.
mod broken_records;

/// Correlations count on the windows of the built-in rules.
mod correlations;

/// Who it was, in Entra's own logs.
mod entra;

/// Rules that cannot run are off alone, and named.
mod off;

/// What RSigma itself says of the same record.
mod same_as_rsigma;

/// The rules of the repository, and the command that runs their tests.
mod shipped;

/// A field by each name that authors use, in each form of a record.
mod spellings;

use std::path::Path;

use serde_json::{Value, json};

use crate::given::{READ, alerts, answer_of, batch_at, binary_batch, rejected, summary};
use certificate_accessed::config::{Settings, load_rules};
use certificate_accessed::detector::Detector;
use certificate_accessed::expected::ExpectedAccess;
use certificate_accessed::pipeline::Pipeline;
use certificate_accessed::render::{Card, CardOptions};
use certificate_accessed::sigma::{RuleText, SigmaRules};

/// A change of a vault's access policies.
pub(crate) const POLICY: &str = r#"{"time":"2026-03-02T08:14:58Z","resourceId":"/SUBSCRIPTIONS/00000000-0000-0000-0000-000000000001/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.KEYVAULT/VAULTS/KV-WEB","operationName":"MICROSOFT.KEYVAULT/VAULTS/ACCESSPOLICIES/WRITE","category":"Administrative","resultType":"Success","callerIpAddress":"192.0.2.7","identity":{"claims":{"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn":"ada@example.com","http://schemas.microsoft.com/identity/claims/objectidentifier":"00000000-0000-0000-0000-0000000000c7"}},"tenantId":"00000000-0000-0000-0000-00000000000f"}"#;

/// A rule about such changes.
pub(crate) const RULE: &str = r#"title: Access Policy Of A Vault Changed
id: 00000000-0000-0000-0000-0000000000e1
description: Somebody gave access to a vault, or took it away.
references:
    - https://example.com/vaults
tags:
    - attack.persistence
    - attack.t1098
logsource:
    product: azure
    service: activitylogs
detection:
    selection:
        operationName: Microsoft.KeyVault/vaults/accessPolicies/write
    condition: selection
falsepositives:
    - A deployment by the owners of the vault.
level: high
"#;

/// The rules of texts, named `0.yml`, `1.yml` and so on.
pub(crate) fn rules(texts: &[&str]) -> SigmaRules {
    let names: Vec<_> = (0..texts.len()).map(|number| format!("{number}.yml")).collect();
    SigmaRules::read(texts.iter().zip(&names).map(|(text, file)| RuleText { file, bytes: text.as_bytes() }))
}

/// A detector with these settings and Sigma rules.
pub(crate) fn detector(settings: &[(&str, &str)], texts: &[&str], expected: &str) -> Detector {
    let lookup = |name: &str| settings.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
    let settings = Settings::read(&lookup).unwrap();
    let pipeline = Pipeline::new(load_rules(&settings).unwrap(), settings.parameters.clone()).with_sigma(rules(texts));
    let expected =
        if expected.is_empty() { ExpectedAccess::default() } else { ExpectedAccess::parse(expected).unwrap() };
    let mut detector = Detector::new(pipeline, settings.dedup_minutes, expected);
    detector.teams_from = settings.teams.as_ref().map(|teams| teams.min_severity);
    detector
}

/// The answer to one event, of a detector with one rule.
pub(crate) fn answer_to(rule: &str, event: impl AsRef<[u8]>) -> Value {
    answer_of(&detector(&[], &[rule], ""), &binary_batch(&[event]))
}

/// The record with another value of a field at the top.
pub(crate) fn with(record: &str, field: &str, value: Value) -> String {
    let mut record: Value = serde_json::from_str(record).unwrap();
    record[field] = value;
    record.to_string()
}

#[test]
fn a_match_is_an_alert_of_the_same_form_with_what_the_rule_says() {
    let answer = answer_to(RULE, POLICY);

    let [alert] = alerts(&answer).try_into().unwrap();
    assert_eq!(alert["title"], "Access Policy Of A Vault Changed by [ada@example.com]");
    assert_eq!(alert["severity"], "HIGH");
    let said = json!({
        "id": "00000000-0000-0000-0000-0000000000e1",
        "name": "Access Policy Of A Vault Changed",
        "description": "Somebody gave access to a vault, or took it away.",
        "runbook": "",
        "reference": "https://example.com/vaults",
        "tags": ["attack.persistence", "attack.t1098"],
        "mitre": [{
            "tactic": {"id": "TA0003", "name": "Persistence"},
            "technique": {"id": "T1098", "name": "Account Manipulation"},
        }],
        "level": "high",
        "references": ["https://example.com/vaults"],
        "falsePositives": ["A deployment by the owners of the vault."],
    });
    assert_eq!(alert["rule"], said);
    assert_eq!(alert["entities"]["account"][0]["upn"], "ada@example.com");
    assert_eq!(alert["entities"]["ip"][0]["address"], "192.0.2.7");
    assert_eq!(alert["alertContext"]["keyvault_name"], "kv-web");
    assert_eq!(alert["records"][0]["record"]["operationName"], "MICROSOFT.KEYVAULT/VAULTS/ACCESSPOLICIES/WRITE");
}

#[test]
fn one_identity_has_one_alert_of_a_rule_in_a_window_and_another_has_its_own() {
    let other = POLICY.replace("0000000000c7", "0000000000c8");
    let detector = detector(&[], &[RULE], "");

    let first = answer_of(&detector, &binary_batch(&[POLICY, POLICY, &other]));
    let later = answer_of(
        &detector,
        &batch_at(90_300, "2026-03-02T08:20:00.000", &[with(POLICY, "correlationId", json!("2"))]),
    );

    assert_eq!(alerts(&first).iter().map(|alert| alert["window"]["matchCount"].clone()).collect::<Vec<_>>(), [2, 1]);
    assert_eq!((alerts(&later).len(), &summary(&later)["suppressed"]), (0, &json!(1)));
}

#[test]
fn a_record_of_another_log_is_not_asked_about() {
    for (category, matches) in [("Administrative", 1), ("Policy", 1), ("AuditEvent", 0), ("AuditLogs", 0), ("Else", 0)]
    {
        let answer = answer_to(RULE, with(POLICY, "category", json!(category)));

        assert_eq!((alerts(&answer).len(), rejected(&answer).len()), (matches, 0), "{category}");
    }
}

#[test]
fn a_record_that_names_no_log_is_asked_about_by_every_rule() {
    let answer = answer_to(RULE, with(POLICY, "category", json!("")));

    assert_eq!(alerts(&answer).len(), 1);
}

#[test]
fn each_service_has_its_log() {
    let rule = |service: &str| RULE.replace("activitylogs", service);
    let cases = [
        ("keyvault", "AuditEvent"),
        ("auditlogs", "AuditLogs"),
        ("pim", "AuditLogs"),
        ("signinlogs", "SignInLogs"),
        ("signinlogs", "NonInteractiveUserSignInLogs"),
        ("riskdetection", "UserRiskEvents"),
    ];
    for (service, category) in cases {
        let answer = answer_to(&rule(service), with(POLICY, "category", json!(category)));

        assert_eq!(alerts(&answer).len(), 1, "{service}, {category}");
    }
}

#[test]
fn expected_access_names_a_rule_by_its_id_or_its_title() {
    for name in ["00000000-0000-0000-0000-0000000000E1", "access policy of a vault changed"] {
        let list = format!("expected:\n- {{rules: [\"{name}\"], upns: [ada@example.com], reason: \"the owner\"}}\n");

        let answer = answer_of(&detector(&[], &[RULE], &list), &binary_batch(&[POLICY]));

        assert_eq!((alerts(&answer).len(), &summary(&answer)["expected"]), (0, &json!(1)), "{name}");
    }
}

#[test]
fn a_name_in_expected_access_that_no_rule_can_have_is_still_a_fault() {
    let list = "expected:\n- {rules: [CertificateDmup], upns: [ada@example.com], reason: \"a slip\"}\n";

    let fault = ExpectedAccess::parse(list).unwrap_err().to_string();

    assert!(fault.starts_with("line 2 column 12: no rule of this name; there are CertificateAccessed"), "{fault}");
}

#[test]
fn expected_access_for_everyone_is_refused_for_a_sigma_rule_too() {
    let list = "expected:\n- {rules: [Access Policy Of A Vault Changed], networks: [0.0.0.0/0], reason: \"all\"}\n";

    assert!(ExpectedAccess::parse(list).unwrap_err().to_string().contains("everyone and everything"));
}

#[test]
fn its_card_says_what_the_rule_found_and_has_an_entry_that_silences_it() {
    let answer = answer_to(RULE, POLICY);
    let message = answer["Outputs"]["alerts"][0].as_str().unwrap();

    let card = Card::of(message, &CardOptions::default()).unwrap().request_body();

    assert!(card.contains("Access Policy Of A Vault Changed by"), "{card}");
    assert!(card.contains("A deployment by the owners of the vault."), "{card}");
    assert!(card.contains("rules: [00000000-0000-0000-0000-0000000000e1]"), "{card}");
    assert!(!card.contains("certificates and secrets"), "{card}");
}

#[test]
fn its_card_is_never_muted_by_an_incident() {
    let rule =
        RULE.replace("activitylogs", "keyvault").replace("Microsoft.KeyVault/vaults/accessPolicies/write", "SecretGet");
    let webhook = ("TEAMS_WEBHOOK_URL", "https://example.com/hook");
    let detector = detector(&[("RULES", "all"), ("DUMP_THRESHOLD", "2"), webhook], &[&rule], "");
    let read = |name: &str| {
        format!(
            r#"{{"time":"2026-03-02T08:14:58Z","category":"AuditEvent","operationName":"SecretGet","resultType":"Success","callerIpAddress":"192.0.2.7","identity":{{"claim":{{"oid":"o-1"}}}},"properties":{{"id":"https://kv-web.vault.azure.net/secrets/{name}/0","httpStatusCode":200}},"resourceId":"/SUBSCRIPTIONS/S/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.KEYVAULT/VAULTS/KV-WEB"}}"#
        )
    };

    let answer = answer_of(&detector, &binary_batch(&[read("a"), read("b"), read("c")]));

    let cards: Vec<Value> = answer["Outputs"]["teams"]
        .as_array()
        .unwrap()
        .iter()
        .map(|card| serde_json::from_str(card.as_str().unwrap()).unwrap())
        .collect();
    assert!(cards.iter().any(|card| card["incident"]["step"] == 1), "{cards:?}");
    assert!(cards.iter().any(|card| card["rule"]["id"] == "00000000-0000-0000-0000-0000000000e1"), "{cards:?}");
}

#[test]
fn what_a_sigma_rule_says_changes_nothing_in_what_the_rules_of_this_program_say() {
    let rule = RULE.replace("accessPolicies/write", "certificates/read");

    let without = alerts(&answer_of(&crate::given::detector(&[]), &binary_batch(&[READ])));
    let with = alerts(&answer_of(&detector(&[], &[&rule], ""), &binary_batch(&[READ])));

    assert_eq!(with.len(), 2);
    assert_eq!(with[0], without[0]);
}

#[test]
fn the_summary_names_the_logs_that_a_rule_reads_and_nothing_came_of() {
    let sign_ins = RULE.replace("0000000000e1", "0000000000e2").replace("activitylogs", "signinlogs");
    let detector = detector(&[], &[RULE, &sign_ins], "");

    let first = answer_of(&detector, &binary_batch(&[READ]));
    let second = answer_of(&detector, &binary_batch(&[with(POLICY, "category", json!("SignInLogs"))]));
    let third = answer_of(&detector, &binary_batch(&["{}"]));

    assert_eq!(summary(&first)["sigmaNotFed"], json!(["Entra sign-in logs"]));
    assert_eq!(summary(&second).get("sigmaNotFed"), None);
    assert_eq!(summary(&third).get("sigmaNotFed"), None, "it is of all that came since the start");
}

#[test]
fn a_row_of_a_table_is_of_the_log_that_the_table_names() {
    let rule = RULE.replace("activitylogs", "auditlogs").replace("operationName:", "OperationName:");
    let row = r#"{"Type":"AuditLogs","TimeGenerated":"2026-03-02T08:14:58Z","Category":"Policy","OperationName":"Microsoft.KeyVault/vaults/accessPolicies/write","Result":"success","InitiatedBy":"{\"user\":{\"id\":\"00000000-0000-0000-0000-0000000000c9\",\"userPrincipalName\":\"eve@example.com\"}}"}"#;

    let [alert] = alerts(&answer_to(&rule, row)).try_into().unwrap();

    assert_eq!(alert["dedup"], "object \"00000000-0000-0000-0000-0000000000c9\"", "and names who did it");
}

#[test]
fn replay_reads_a_folder_of_rules_and_says_what_is_on_off_and_not_fed() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write("vaults/policy.yml", RULE);
    write("vaults/policy.tests.yml", "- Name: no rule");
    write("sign-ins.yml", &RULE.replace("0000000000e1", "0000000000e2").replace("activitylogs", "signinlogs"));
    write("windows.yaml", &RULE.replace("product: azure", "product: windows"));
    write("notes.txt", "no rule");

    let output = replay(folder.path(), POLICY);

    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{told}");
    let alerts = crate::replay::messages(&output);
    assert_eq!(alerts[0]["rule"]["name"], "Access Policy Of A Vault Changed");
    assert!(told.contains("2 Sigma rules are on"), "{told}");
    assert!(told.contains("off: windows.yaml:9: reads a log that never comes here"), "{told}");
    assert!(told.contains("on, not fed: 1 Sigma rules read the Entra sign-in logs"), "{told}");
}

#[test]
fn replay_counts_matches_as_serve_does() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    std::fs::create_dir(path("rules")).unwrap();
    std::fs::write(path("rules/policy.yml"), RULE.replace("id: ", "name: policy\nid: ")).unwrap();
    let counts = "title: Many\nid: 00000000-0000-0000-0000-0000000000e9\ncorrelation:\n    type: event_count\n    rules: [policy]\n    group-by: [accessed.identity]\n    timespan: 1h\n    condition: {gte: 3}\nlevel: high\n";
    std::fs::write(path("rules/many.yml"), counts).unwrap();
    let changes: Vec<_> = (10..14).map(|minute| POLICY.replace("08:14", &format!("08:{minute}"))).collect();

    let (log, rules) = (path("log.ndjson"), path("rules"));
    std::fs::write(&log, changes.join("\n")).unwrap();
    let output = crate::replay::replay(&["replay", &log, "--sigma", &rules], b"");

    let [alert] = crate::replay::messages(&output).try_into().unwrap();
    assert_eq!((&alert["rule"]["name"], &alert["alertContext"]["count"]), (&json!("Many"), &json!(4)));
}

#[test]
fn the_table_says_what_a_sigma_rule_found_and_csv_which_rule_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    std::fs::create_dir(path("rules")).unwrap();
    std::fs::write(path("rules/policy.yml"), RULE).unwrap();
    std::fs::write(path("log.ndjson"), POLICY).unwrap();
    let printed = |format: &str| {
        let (log, rules) = (path("log.ndjson"), path("rules"));
        let output = crate::replay::replay(&["replay", &log, "--sigma", &rules, "--format", format], b"");
        String::from_utf8(output.stdout).unwrap()
    };

    let (table, csv) = (printed("table"), printed("csv"));

    assert!(table.contains("Access Policy Of A Vault Changed: vault kv-web"), "{table}");
    let row = csv.lines().nth(1).unwrap();
    assert_eq!(row.split(',').nth(3), Some("00000000-0000-0000-0000-0000000000e1"), "{csv}");
}

#[test]
fn investigate_looks_at_the_callers_of_high_alerts_of_sigma_rules() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    std::fs::create_dir(path("rules")).unwrap();
    std::fs::write(path("rules/policy.yml"), RULE).unwrap();
    std::fs::write(path("log.ndjson"), POLICY).unwrap();

    let (log, rules, case) = (path("log.ndjson"), path("rules"), path("case"));
    let output = crate::replay::replay(&["investigate", &log, "--sigma", &rules, "--out", &case], b"");

    let report = std::fs::read_to_string(path("case/report.json")).unwrap();
    assert!(output.status.success());
    assert!(report.contains("00000000-0000-0000-0000-0000000000c7"), "{report}");
}

#[test]
fn replay_refuses_a_folder_without_rules() {
    let folder = tempfile::tempdir().unwrap();

    let output = replay(folder.path(), POLICY);

    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("there is no file whose name ends in .yml"));
}

fn replay(folder: &Path, record: &str) -> std::process::Output {
    crate::replay::replay(&["replay", "-", "--sigma", folder.to_str().unwrap()], record.as_bytes())
}
