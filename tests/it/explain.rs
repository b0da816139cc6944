//! Why a rule matches one saved record, or why not: the answer to "why no alert?".

use crate::given::READ;
use crate::replay::replay_with;
use crate::sigma::{POLICY, RULE, with};
use serde_json::json;

/// A vault's refusal to give out a secret.
const REFUSED: &str = r#"{"time":"2026-03-02T08:14:58Z","category":"AuditEvent","operationName":"SecretGet","resultType":"Success","callerIpAddress":"192.0.2.7","identity":{"claim":{"oid":"o-1"}},"properties":{"id":"https://kv-web.vault.azure.net/secrets/tls/0","httpStatusCode":403},"resourceId":"/SUBSCRIPTIONS/S/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.KEYVAULT/VAULTS/KV-WEB","resultSignature":"Forbidden"}"#;

/// What is told of a line of a file with these texts, by the real binary.
fn told(lines: &str, line: &str, more: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("log.ndjson");
    std::fs::write(&file, lines).unwrap();
    std::fs::create_dir(folder.path().join("rules")).unwrap();
    std::fs::write(folder.path().join("rules/policy.yml"), RULE).unwrap();
    let list =
        "expected:\n- {rules: [Access Policy Of A Vault Changed], upns: [ada@example.com], reason: \"the owner\"}\n";
    std::fs::write(folder.path().join("expected.yml"), list).unwrap();
    let place = format!("{}{line}", file.display());
    let more: Vec<_> = more.iter().map(|each| each.replace("DIR", folder.path().to_str().unwrap())).collect();
    let arguments = ["explain", &place].into_iter().chain(more.iter().map(String::as_str));

    let output = replay_with(&arguments.collect::<Vec<_>>(), b"", &[("RULES", "CertificateAccessed")]);

    let told = String::from_utf8(output.stdout).unwrap() + &String::from_utf8_lossy(&output.stderr);
    assert!(!told.contains("panicked"), "{told}");
    told.replace(file.to_str().unwrap(), "log.ndjson")
}

/// What is told of one rule.
fn of_rule<'t>(told: &'t str, start: &str) -> &'t str {
    told.split("\n\n").find(|part| part.starts_with(start)).unwrap_or_else(|| panic!("{start} in {told}"))
}

#[test]
fn a_match_is_told_with_its_conditions_its_window_and_what_silences_it() {
    let told = told(&format!("{READ}\n{POLICY}\n"), ":2", &["--sigma", "DIR/rules", "--expected", "DIR/expected.yml"]);

    assert!(
        told.starts_with("log.ndjson:2, record 0: Activity Log, MICROSOFT.KEYVAULT/VAULTS/ACCESSPOLICIES/WRITE, "),
        "{told}"
    );
    let rule = of_rule(&told, "MATCH Sigma: Access Policy Of A Vault Changed (HIGH)");
    for expected in [
        "yes the record is of the Activity Log",
        "yes operationName exact: microsoft.keyvault/vaults/accesspolicies/write; the record has \"MICROSOFT",
        "window: object \"00000000-0000-0000-0000-0000000000c7\": the first match of 60 minutes alerts",
        "silenced by expected access: the owner",
    ] {
        assert!(rule.contains(expected), "{expected} in {rule}");
    }
}

#[test]
fn a_rule_that_does_not_match_says_which_condition_does_not_hold() {
    let told =
        told(&with(POLICY, "operationName", json!("Microsoft.KeyVault/vaults/write")), "", &["--sigma", "DIR/rules"]);

    let rule = of_rule(&told, "no match Sigma: Access Policy Of A Vault Changed");
    assert!(
        rule.contains("NO  operationName exact:") && rule.contains("\"Microsoft.KeyVault/vaults/write\""),
        "{rule}"
    );
}

#[test]
fn a_field_that_is_missing_is_called_missing() {
    let told = told(r#"{"category":"Administrative","resultType":"Success"}"#, "", &["--sigma", "DIR/rules"]);

    assert!(of_rule(&told, "no match Sigma").contains("; the record has no such field"), "{told}");
}

#[test]
fn a_built_in_rule_tells_its_conditions_even_where_it_is_off() {
    let told = told(REFUSED, ":1", &[]);

    let rule = of_rule(&told, "no match AuditedCertificateRead");
    for expected in [
        "yes the record is of Key Vault audit",
        "NO  properties.httpStatusCode is 200 to 299; it is 403",
        "NO  CERTIFICATE_SECRETS names the secret; it is tls",
        "the rule is off: RULES does not name it",
    ] {
        assert!(rule.contains(expected), "{expected} in {rule}");
    }
}

#[test]
fn a_threshold_is_told_with_the_window() {
    let allowed = REFUSED.replace("403", "200");

    let told = told(&allowed, ":1", &[]);

    let rule = of_rule(&told, "MATCH CertificateDump (HIGH)");
    assert!(rule.contains("25 distinct values in 60 minutes alert") && rule.contains("no expected access"), "{rule}");
}

#[test]
fn rules_of_other_logs_are_counted_and_not_asked() {
    let told = told(REFUSED, "", &["--sigma", "DIR/rules"]);

    assert!(told.contains("1 more Sigma rules read other logs, and are not asked"), "{told}");
}

#[test]
fn what_would_be_rejected_is_told_and_text_that_is_no_record() {
    let told = told(&format!("{{'broken': {READ}"), ":1", &[]);

    assert!(told.contains("no record, malformed") || told.contains("the whole event would be rejected"), "{told}");
}

#[test]
fn a_line_that_is_not_there_or_a_file_is_a_fault() {
    for (text, line) in [("", ":1"), ("", "")] {
        assert!(told(text, line, &[]).contains("certificate-accessed: "), "{line}");
    }
}

#[test]
fn a_line_after_the_end_is_told_and_explains_no_other() {
    let told = told(READ, ":99", &[]);

    assert!(told.contains("log.ndjson:99 holds no text at that line"), "{told}");
    assert!(!told.contains("CertificateAccessed"), "{told}");
}

#[test]
fn a_rule_that_a_correlation_counts_matches_and_is_only_counted() {
    let secret = REFUSED.replace("403", "200");

    let told = told(&secret, ":1", &["--sigma", "sigma"]);

    assert!(told.contains("\nMATCH, and only counted, Sigma: "), "{told}");
}
