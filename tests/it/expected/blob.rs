//! A list of expected access in a blob of the app's own account.

use std::process::Command;
use std::time::{Duration, Instant};

use certificate_accessed::config::{BlobPlace, storage_account};
use certificate_accessed::expected_blob::ExpectedBlob;
use serde_json::Value;

use super::APP;
use crate::given::{READ, assert_schema};
use crate::host::{FUNCTION, batch, host_with};
use support::azurite::Azurite;
use support::functions_host::delivery::Patience;
use support::functions_host::host::FunctionsHost;
use support::storage_proxy::{StorageProxy, Weather};

const CONTAINER: &str = "expected-access";

/// A list that covers the read of the tests.
fn list() -> String {
    format!("expected:\n  - rules: [CertificateAccessed]\n    appIds: [{APP}]\n    reason: web reads its certificate\n")
}

/// The summary line of a batch with one read in it.
async fn summary_of_a_read(host: &FunctionsHost) -> Value {
    host.deliver(FUNCTION, &batch(&[READ]), Patience::default()).await.unwrap();
    let log = host.function_log();
    let summary = log.iter().rev().find(|line| line.starts_with('{')).unwrap();
    for message in host.sink().messages("certificate-alerts") {
        assert_schema(&serde_json::from_slice(&message).unwrap());
    }
    serde_json::from_str(summary).unwrap()
}

#[tokio::test]
async fn a_list_in_a_blob_is_read_again_each_minute_and_a_broken_one_leaves_the_last_good_one_in_force() {
    let Some(azurite) = Azurite::shared() else { return };
    let client = azurite.client().unwrap();
    client.create_container(CONTAINER).await.unwrap();
    client.put_blob(CONTAINER, "each-minute.yml", list().as_bytes()).await.unwrap();
    let account = azurite.connection_string();
    let settings = [("EXPECTED_ACCESS", "blob:each-minute.yml"), ("AzureWebJobsStorage", account.as_str())];
    let (host, _folder) = host_with(&settings).await;

    let first = summary_of_a_read(&host).await;
    assert_eq!((&first["expected"], first.get("expectedAccessFault")), (&1.into(), None), "{first}");

    client.put_blob(CONTAINER, "each-minute.yml", b"expected:\n  - rules: [canary]\n").await.unwrap();
    let begun = Instant::now();
    let broken = loop {
        let summary = summary_of_a_read(&host).await;
        if summary.get("expectedAccessFault").is_some() || begun.elapsed() > Duration::from_secs(90) {
            break summary;
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    };

    let fault = broken["expectedAccessFault"].as_str().unwrap();
    assert!(fault.contains("line 2") && fault.ends_with("the last usable list stays in force"), "{fault}");
    assert_eq!((&broken["expected"], &broken["alerts"]), (&1.into(), &0.into()));
    assert!(host.stderr().iter().any(|line| line.contains("EXPECTED_ACCESS cannot be used: ")));
}

#[tokio::test]
async fn whatever_becomes_of_the_blob_the_last_good_list_stays_in_force_and_the_fault_is_told() {
    let Some(azurite) = Azurite::shared() else { return };
    let client = azurite.client().unwrap();
    client.create_container("lists").await.unwrap();
    let proxy = StorageProxy::start(azurite.blob_endpoint()).await.unwrap();
    let connection_string = proxy.connection_string();
    let account = storage_account(&|name| (name == "AzureWebJobsStorage").then(|| connection_string.clone())).unwrap();
    let place = BlobPlace { container: "lists".to_owned(), name: "prod/list.yml".to_owned() };
    let mut blob = ExpectedBlob::of(&account, place).unwrap();

    let none_yet = blob.read().await;
    assert!(none_yet.fault().unwrap().starts_with("there is no such blob"), "{none_yet:?}");
    assert!(!none_yet.fault().unwrap().contains("stays in force"));

    client.put_blob("lists", "prod/list.yml", list().as_bytes()).await.unwrap();
    assert_eq!(blob.read().await.fault(), None);

    let too_long = "#".repeat((1 << 20) + 1);
    for (bytes, fault) in [
        (too_long.as_bytes(), "the list is over 1 MiB"),
        (b"\xff\xfe".as_slice(), "the list is not UTF-8"),
        (b"expected: [".as_slice(), "line 1"),
    ] {
        client.put_blob("lists", "prod/list.yml", bytes).await.unwrap();
        let kept = blob.read().await;
        let told = kept.fault().unwrap();
        assert!(told.contains(fault) && told.ends_with("stays in force"), "{told}");
        assert!(format!("{kept:?}").contains("web reads its certificate"), "{kept:?}");
    }
    for (weather, fault) in [(Weather::Wrong(403), "refuses access"), (Weather::Absent, "does not answer")] {
        proxy.set(move |_: &str, _: &str| weather);
        let kept = blob.read().await;
        assert!(kept.fault().unwrap().contains(fault), "{kept:?}");
    }
    proxy.set(|_: &str, _: &str| Weather::Fair);
    client.put_blob("lists", "prod/list.yml", b"expected: []\n").await.unwrap();
    let mended = blob.read().await;
    assert_eq!(mended.fault(), None);
    assert!(!format!("{mended:?}").contains("web reads its certificate"));
}

#[tokio::test]
async fn a_storage_that_is_away_costs_neither_the_start_nor_an_alert() {
    let unreachable = "AccountName=stlogs;AccountKey=a2V5;BlobEndpoint=http://127.0.0.1:9/stlogs";
    for (account, fault) in [(unreachable, "does not answer"), ("", "no setting names a storage account")] {
        let settings = [("EXPECTED_ACCESS", "blob:list.yml"), ("AzureWebJobsStorage", account)];
        let (host, _folder) = host_with(&settings).await;

        let summary = summary_of_a_read(&host).await;

        assert_eq!(summary["alerts"], 1);
        assert!(summary["expectedAccessFault"].as_str().unwrap().contains(fault), "{summary}");
    }
}

#[test]
fn replay_says_what_to_do_with_a_list_in_a_blob() {
    let replay = |more: &[&str]| {
        let command = &mut Command::new(env!("CARGO_BIN_EXE_certificate-accessed"));
        command.args(["replay", "samples/ndjson"]).args(more).env("EXPECTED_ACCESS", "blob:canary.yml");
        command.current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap()
    };

    let refused = replay(&[]);

    let stderr = String::from_utf8_lossy(&refused.stderr);
    assert_eq!((refused.status.code(), stderr.lines().count()), (Some(1), 1), "{stderr}");
    assert!(stderr.contains("az storage blob download") && stderr.contains("--expected"), "{stderr}");
    assert!(!stderr.contains("canary"), "{stderr}");
    assert_eq!(replay(&["--expected", "docs/expected-access.yml"]).status.code(), Some(0));
}
