//! Windows that several processes share in one Azurite.

use std::time::Duration;

use serde_json::Value;
use uuid::Uuid;

use crate::given::read_of;
use crate::host::{FUNCTION, host_with};
use crate::support::azurite::Azurite;
use crate::support::delivery::Patience;
use crate::support::event_hub::Batch;
use crate::support::host::FunctionsHost;

fn settings(azurite: &Azurite) -> [(String, String); 2] {
    [("DEDUP_STORE", "blob".to_owned()), ("AzureWebJobsStorage", azurite.connection_string())]
        .map(|(name, value)| (name.to_owned(), value))
}

async fn host(settings: &[(String, String)]) -> (FunctionsHost, tempfile::TempDir) {
    let settings: Vec<_> = settings.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    host_with(&settings).await
}

fn alert_ids(host: &FunctionsHost) -> Vec<String> {
    let messages = host.sink().messages("certificate-alerts");
    let id = |message: &Vec<u8>| {
        let alert: Value = serde_json::from_slice(message).unwrap();
        alert["alertId"].as_str().unwrap().to_owned()
    };
    messages.iter().map(id).collect()
}

#[tokio::test]
async fn many_instances_send_one_alert() {
    let Some(azurite) = Azurite::shared() else { return };
    azurite.client().unwrap().create_container("certificate-windows").await.unwrap();
    let settings = settings(azurite);
    let mut hosts = Vec::new();
    for _ in 0..4 {
        hosts.push(host(&settings).await);
    }
    // On a machine so busy that a second is not enough, an instance says so and sends; such a round shows nothing.
    for _round in 0..10 {
        let vault = format!("kv-{}", Uuid::new_v4().simple());

        let deliveries = hosts.iter().enumerate().map(|(partition, (host, _))| {
            let event = read_of(&vault, "192.0.2.7").into_bytes();
            let batch = Batch::new(&partition.to_string(), 1, [event.clone(), event]);
            async move { host.deliver(FUNCTION, &batch, Patience::default()).await.unwrap() }
        });
        let deliveries: Vec<_> = futures_util::future::join_all(deliveries).await;

        assert!(deliveries.iter().all(|delivery| delivery.succeeded()));
        let logs: Vec<_> =
            deliveries.iter().flat_map(|delivery| delivery.invocations()).map(|done| &done.logs).collect();
        let alerts: usize = hosts.iter().map(|(host, _)| alerts_of(host, &vault)).sum();
        assert!(alerts >= 1, "{logs:?}");
        if !format!("{logs:?}").contains("dedup=unavailable") {
            assert_eq!(alerts, 1, "{logs:?}");
            return;
        }
    }
    panic!("the storage never answered within a second");
}

fn alerts_of(host: &FunctionsHost, vault: &str) -> usize {
    let messages = host.sink().messages("certificate-alerts");
    messages.iter().filter(|message| String::from_utf8_lossy(message).contains(vault)).count()
}

#[tokio::test]
async fn a_restarted_instance_sends_the_alert_of_a_record_that_comes_again_and_no_other() {
    let Some(azurite) = Azurite::shared() else { return };
    azurite.client().unwrap().create_container("certificate-windows").await.unwrap();
    let vault = format!("kv-{}", Uuid::new_v4().simple());
    let (host, _folder) = host(&settings(azurite)).await;
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
async fn without_its_storage_it_sends_and_says_why() {
    let unreachable = "AccountName=stlogs;AccountKey=a2V5;BlobEndpoint=http://127.0.0.1:9/stlogs";
    let (host, _folder) = host_with(&[("DEDUP_STORE", "blob"), ("AzureWebJobsStorage", unreachable)]).await;
    let batch = Batch::new("0", 1, [read_of("kv-a", "192.0.2.7").into_bytes()]);

    let delivery = host.deliver(FUNCTION, &batch, Patience::default()).await.unwrap();

    assert_eq!(alert_ids(&host).len(), 1);
    let invocation = delivery.invocations().next().unwrap();
    let logs = invocation.logs.join("\n");
    assert!(logs.contains("dedup=unavailable for 1 of 1 windows"), "{logs}");
    assert!(!logs.contains("a2V5"), "{logs}");
    assert!(invocation.answered_in < Duration::from_secs(2), "{:?}", invocation.answered_in);
}
