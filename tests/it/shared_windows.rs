//! Windows that several processes share in one Azurite, and a storage account that does not always answer.

mod alone;
mod chaos;
mod cost;
mod dump;
mod printed;
mod theft;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::given::read_of;
use crate::host::{FUNCTION, host_with};
use support::azurite::Azurite;
use support::functions_host::delivery::Patience;
use support::functions_host::event_hub::Batch;
use support::functions_host::host::FunctionsHost;
use support::storage_proxy::{StorageProxy, Weather};

/// A host whose handler shares its windows in an account.
async fn host(connection_string: &str, more: &[(&str, &str)]) -> (FunctionsHost, tempfile::TempDir) {
    let shared = [("STATE_STORE", "blob"), ("AzureWebJobsStorage", connection_string)];
    host_with(&[&shared, more].concat()).await
}

fn alerts(host: &FunctionsHost) -> Vec<Value> {
    let messages = host.sink().messages("certificate-alerts");
    messages.iter().map(|message| serde_json::from_slice(message).unwrap()).collect()
}

fn alert_ids(host: &FunctionsHost) -> Vec<String> {
    alerts(host).iter().map(|alert| alert["alertId"].as_str().unwrap().to_owned()).collect()
}

/// A secret of a name, read by an object.
fn secret_read(object_id: &str, name: &str) -> String {
    support::secret_read::secret_read(object_id, name, "2026-03-02T08:14:58Z")
}

#[tokio::test]
async fn many_instances_send_one_alert() {
    let Some(azurite) = Azurite::shared() else { return };
    let mut hosts = Vec::new();
    for _ in 0..4 {
        hosts.push(host(&azurite.connection_string(), &[]).await);
    }
    let vault = format!("kv-{}", Uuid::new_v4().simple());

    let deliveries = hosts.iter().enumerate().map(|(partition, (host, _))| {
        let event = read_of(&vault, "192.0.2.7").into_bytes();
        let batch = Batch::new(&partition.to_string(), 1, [event.clone(), event]);
        async move { host.deliver(FUNCTION, &batch, Patience::default()).await.unwrap() }
    });
    let deliveries: Vec<_> = futures_util::future::join_all(deliveries).await;

    assert!(deliveries.iter().all(|delivery| delivery.succeeded()));
    assert_eq!(hosts.iter().map(|(host, _)| alert_ids(host).len()).sum::<usize>(), 1);
}

#[tokio::test]
async fn a_restarted_instance_sends_the_alert_of_a_record_that_comes_again_and_no_other() {
    let Some(azurite) = Azurite::shared() else { return };
    let vault = format!("kv-{}", Uuid::new_v4().simple());
    let (host, _folder) = host(&azurite.connection_string(), &[]).await;
    let batch = |sequence| Batch::new("0", sequence, [read_of(&vault, "192.0.2.7").into_bytes()]);

    host.deliver(FUNCTION, &batch(1), Patience::default()).await.unwrap();
    host.restart().await.unwrap();
    host.deliver(FUNCTION, &batch(1), Patience::default()).await.unwrap();
    host.deliver(FUNCTION, &batch(2), Patience::default()).await.unwrap();

    let ids = alert_ids(&host);
    assert_eq!(ids.len(), 2);
    assert_eq!(ids[0], ids[1]);
}

#[tokio::test]
async fn while_the_storage_is_away_batches_fail_and_then_alert_as_if_nothing_had_happened() {
    let Some(azurite) = Azurite::shared() else { return };
    let proxy = StorageProxy::start(azurite.blob_endpoint()).await.unwrap();
    proxy.set(|_: &str, _: &str| Weather::Absent);
    let (host, _folder) = host(&proxy.connection_string(), &[]).await;
    let vault = format!("kv-{}", Uuid::new_v4().simple());
    let batch = Batch::new("0", 1, [read_of(&vault, "192.0.2.7").into_bytes()]);

    let patience = Patience { factor: 0.000_5, max_attempts: 2, ..Patience::default() };
    let failed = host.deliver(FUNCTION, &batch, patience).await.unwrap();
    let silent = alert_ids(&host);
    proxy.set(|_: &str, _: &str| Weather::Fair);
    let delivery = host.deliver(FUNCTION, &batch, Patience::default()).await.unwrap();

    assert!(!failed.succeeded() && silent.is_empty());
    assert!(delivery.succeeded());
    assert_eq!(alert_ids(&host).len(), 1);
    let stderr = host.stderr().join("\n");
    assert!(stderr.contains("does not answer"), "{stderr}");
    assert!(!stderr.contains(support::azurite::ACCOUNT_KEY), "{stderr}");
}

#[tokio::test]
async fn a_line_that_cannot_be_read_is_passed_over_and_told() {
    let Some(azurite) = Azurite::own() else { return };
    let (host, _folder) = host(&azurite.connection_string(), &[]).await;
    let read = |vault: &str, sequence| Batch::new("0", sequence, [read_of(vault, "192.0.2.7").into_bytes()]);
    host.deliver(FUNCTION, &read("kv-a", 1), Patience::default()).await.unwrap();
    let client = azurite.client().unwrap();
    let blobs = client.list_blobs("certificate-state").await.unwrap();
    let log = blobs.iter().find(|name| name.starts_with("log/")).unwrap();
    client.append_block("certificate-state", log, b"\xFF{\"kind\":\"later\"}\n{").await.unwrap();

    let delivery = host.deliver(FUNCTION, &read("kv-b", 2), Patience::default()).await.unwrap();

    assert_eq!(alert_ids(&host).len(), 2);
    let logs = delivery.invocations().next().unwrap().logs.join("\n");
    assert!(logs.contains("passed over 2 line(s) of the windows' log"), "{logs}");
}
