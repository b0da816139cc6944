//! What the shared windows ask of the storage.

use super::*;

#[tokio::test]
async fn a_batch_is_one_append_whatever_the_number_of_its_keys_and_none_where_it_brings_nothing_new() {
    let Some(azurite) = Azurite::own() else { return };
    let proxy = StorageProxy::start(azurite.blob_endpoint()).await.unwrap();
    let (host, _folder) = host(&proxy.connection_string(), &[("RULES", "CertificateAccessed,CertificateDump")]).await;
    let reads = |vaults: std::ops::Range<usize>| {
        vaults.map(|vault| read_of(&format!("kv-{vault}"), "192.0.2.7").into_bytes()).collect::<Vec<_>>()
    };
    host.deliver(FUNCTION, &Batch::new("0", 1, reads(0..1)), Patience::default()).await.unwrap();
    proxy.take_requests();

    host.deliver(FUNCTION, &Batch::new("0", 2, reads(1..21)), Patience::default()).await.unwrap();
    let of_twenty_new_keys = proxy.take_requests();
    for again in 0..20 {
        host.deliver(FUNCTION, &Batch::new("1", again, reads(0..21)), Patience::default()).await.unwrap();
    }

    assert_eq!(of_twenty_new_keys.len(), 1, "{of_twenty_new_keys:?}");
    assert!(of_twenty_new_keys[0].contains("comp=appendblock"));
    assert_eq!(proxy.take_requests(), Vec::<String>::new());
}

#[tokio::test]
async fn the_product_makes_its_container_and_deletes_what_is_two_stretches_back() {
    let Some(azurite) = Azurite::own() else { return };
    let (host, _folder) = host(&azurite.connection_string(), &[("RULES", "CertificateDump")]).await;
    // Some 350 bytes an entry: three times 8 MiB.
    for batch in 0..36 {
        let reads = (0..2_000).map(|read| secret_read(&format!("o-{batch}-{read}"), &"n".repeat(100)).into_bytes());
        host.deliver(FUNCTION, &Batch::new("0", batch * 2_000, reads), Patience::default()).await.unwrap();
    }

    let blobs = azurite.client().unwrap().list_blobs("certificate-state").await.unwrap();
    let newest = blobs.iter().filter(|name| name.starts_with("snapshots/")).max().unwrap().clone();
    assert!(newest.as_str() > "snapshots/0000000002.json", "{blobs:?}");
    assert_eq!(blobs.len(), 4, "two stretches and their snapshots: {blobs:?}");
}

#[tokio::test]
async fn batches_that_come_while_others_are_written_join_the_next_append() {
    let Some(azurite) = Azurite::own() else { return };
    let proxy = StorageProxy::start(azurite.blob_endpoint()).await.unwrap();
    let (host, _folder) = host(&proxy.connection_string(), &[]).await;
    let batch = |vault: usize| {
        let event = read_of(&format!("kv-{vault}"), "192.0.2.7").into_bytes();
        Batch::new(&vault.to_string(), 1, [event])
    };
    host.deliver(FUNCTION, &batch(0), Patience::default()).await.unwrap();
    proxy.take_requests();
    proxy.set(|_: &str, _: &str| Weather::Slow(std::time::Duration::from_millis(500)));

    let batches: Vec<_> = (1..21).map(batch).collect();
    let delivered = batches.iter().map(|batch| host.deliver(FUNCTION, batch, Patience::default()));
    let delivered = futures_util::future::join_all(delivered).await;

    assert!(delivered.into_iter().all(|delivery| delivery.unwrap().succeeded()));
    let appends = proxy.take_requests().iter().filter(|request| request.contains("comp=appendblock")).count();
    assert!(appends <= 6, "{appends} appends of 20 batches");
    assert_eq!(alert_ids(&host).len(), 21);
}
