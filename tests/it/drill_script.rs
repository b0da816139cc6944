//! The script of the drill sends what the deployed rules take for a theft.

use std::path::Path;
use std::process::Command;

use crate::given::alerts_of;

#[test]
fn the_event_of_a_drill_is_a_theft_that_says_drill() {
    let printed = Command::new("python3")
        .args(["scripts/drill", "--print"])
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")))
        .output()
        .unwrap();

    let alerts = alerts_of("CertificateAccessed,AuditedCertificateRead,CertificateDump", &[printed.stdout]);

    let theft = alerts.iter().find(|alert| alert["severity"] == "HIGH").unwrap_or_else(|| panic!("{alerts:?}"));
    assert_eq!(theft["rule"]["id"], "Azure.KeyVault.CertificateDump");
    assert!(theft["alertContext"].to_string().contains("kv-drill"), "{theft}");
    assert!(theft["title"].as_str().unwrap().contains("drill"), "{theft}");
}
