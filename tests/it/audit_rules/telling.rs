//! Who feeds audit logs and has no audit rule on is told so.

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::audit;
use crate::given::READ;
use crate::host::host_with;
use support::functions_host::host::FunctionsHost;
use support::functions_host::lines::Level;

/// What `replay` says on stderr.
fn said(rules: &str, input: &str) -> String {
    let mut child = Command::new(env!("CARGO_BIN_EXE_certificate-accessed"))
        .args(["replay", "-"])
        .env("RULES", rules)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary");
    child.stdin.take().expect("stdin").write_all(input.as_bytes()).expect("written");
    String::from_utf8(child.wait_with_output().expect("an end").stderr).expect("UTF-8")
}

#[test]
fn replay_tells_of_records_that_no_active_rule_reads() {
    let audited = format!("{0}\n{0}\n{READ}\n", audit("SecretGet", "secrets/tls"));

    let first_rule = said("CertificateAccessed", &audited);
    let audit_rule = said("AuditedCertificateRead", &audited);
    let dump = said("CertificateDump", &audited);

    assert!(first_rule.contains("2 Key Vault audit records, and no audit rule is on"), "{first_rule}");
    assert!(audit_rule.contains("1 Activity Log records, and no rule is on"), "{audit_rule}");
    assert!(!dump.contains("rule is on"), "{dump}");
    assert!(!said("CertificateAccessed", READ).contains("rule is on"));
}

#[tokio::test]
async fn serve_warns_at_its_start_where_only_the_first_rule_is_on() {
    let (alone, _folder) = host_with(&[("RULES", "CertificateAccessed")]).await;
    let (both, _other_folder) = host_with(&[("RULES", "CertificateAccessed,CertificateDump")]).await;

    let said = |host: &FunctionsHost, words: &str| host.logged().into_iter().find(|(_, line)| line.contains(words));
    // The log has threads of its own, so its lines come soon after the port is open, and not before.
    for _attempt in 0..50 {
        if said(&alone, "no audit rule is on").is_some() && said(&both, "started").is_some() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let (level, line) = said(&alone, "no audit rule is on").expect("a warning");
    assert_eq!(level, Level::Warning, "{line}");
    assert!(said(&both, "started").is_some() && both.stderr().is_empty(), "{:?}", both.logged());
}
