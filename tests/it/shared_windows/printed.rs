//! `windows` prints what the instances share, and writes nothing.

use std::process::{Command, Output};

use super::*;

fn print(connection_string: &str, format: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_certificate-accessed"))
        .args(["windows", "--format", format])
        .env("AzureWebJobsStorage", connection_string)
        .output()
        .unwrap()
}

#[tokio::test]
async fn the_state_of_a_log_is_printed_as_lines_and_as_a_table() {
    let Some(azurite) = Azurite::own() else { return };
    let (host, _folder) = host(&azurite.connection_string(), &[("RULES", "CertificateDump")]).await;
    let reads = (0..30).map(|name| secret_read("00000000-0000-0000-0000-0000000000b1", &name.to_string()).into_bytes());
    host.deliver(FUNCTION, &Batch::new("0", 1, reads), Patience::default()).await.unwrap();

    let [lines, table] = ["ndjson", "table"].map(|format| print(&azurite.connection_string(), format));

    let window: Value = serde_json::from_slice(&lines.stdout).unwrap();
    assert_eq!((&window["rule"], &window["values"]), (&json!("Azure.KeyVault.CertificateDump"), &json!(30)));
    assert_eq!(window["identity"], "object \"00000000-0000-0000-0000-0000000000b1\"");
    assert_eq!(window["alerts"].as_array().unwrap().len(), 1);
    let table = String::from_utf8(table.stdout).unwrap();
    assert!(table.contains("CertificateDump") && table.contains("30"), "{table}");
    let told = String::from_utf8(lines.stderr).unwrap();
    assert!(told.contains("1 keys") && told.starts_with("log/"), "{told}");
}

#[tokio::test]
async fn where_there_is_no_log_it_says_so_and_makes_none() {
    let Some(azurite) = Azurite::own() else { return };

    let printed = print(&azurite.connection_string(), "ndjson");

    assert_eq!(printed.status.code(), Some(1));
    assert!(String::from_utf8(printed.stderr).unwrap().contains("serve with STATE_STORE=blob creates it"));
    assert!(azurite.client().unwrap().list_blobs("certificate-state").await.is_err());
}

#[test]
fn without_an_account_it_names_the_setting() {
    let printed = print("", "ndjson");

    assert_eq!(printed.status.code(), Some(1));
    assert!(String::from_utf8(printed.stderr).unwrap().contains("AzureWebJobsStorage"));
}
