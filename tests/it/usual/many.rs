//! Ten thousand identities: what remembering them asks of the storage and of memory.

use std::time::Instant;

use support::azurite::Azurite;
use support::functions_host::delivery::Patience;
use support::functions_host::event_hub::Batch;
use support::storage_proxy::StorageProxy;

use super::memory::host;
use super::{JOB, on, read};
use crate::host::{FUNCTION, peak_kib};
use jiff::SignedDuration;

const IDENTITIES: usize = 10_000;
const BATCH: usize = 250;

/// The reads of a day by each identity, three vaults each, in batches.
fn batches(day: i64) -> Vec<Batch> {
    let events: Vec<_> = (0..IDENTITIES)
        .flat_map(|number| (0..3).map(move |vault| (number, (number + vault * 7) % 500)))
        .map(|(number, vault)| {
            let object_id = format!("00000000-0000-4000-8000-{number:012}");
            read(JOB, &format!("kv-{vault}"), on(day, 0)).replace("\"job\"", &format!("\"{object_id}\"")).into_bytes()
        })
        .collect();
    let batch = |(number, events): (usize, &[Vec<u8>])| {
        let first = day * 100_000 + i64::try_from(number * BATCH).unwrap();
        Batch::new("0", first, events.iter().cloned()).enqueued_from(on(day, 0), SignedDuration::ZERO)
    };
    events.chunks(BATCH).enumerate().map(batch).collect()
}

#[tokio::test]
async fn ten_thousand_identities_cost_an_append_a_batch_on_the_first_read_of_a_day_and_then_nothing() {
    let Some(azurite) = Azurite::own() else { return };
    let proxy = StorageProxy::start(azurite.blob_endpoint()).await.unwrap();
    let connection = proxy.connection_string();
    let (host, _folder) =
        host(&[("RULES", "all"), ("STATE_STORE", "blob"), ("AzureWebJobsStorage", &connection)]).await;
    let mut figures = Vec::new();
    for (day, name) in [(1, "first day"), (1, "again"), (2, "next day")] {
        let mut took = Vec::new();
        let batches = batches(day);
        for batch in &batches {
            let started = Instant::now();
            assert!(host.deliver(FUNCTION, batch, Patience::default()).await.unwrap().succeeded());
            took.push(started.elapsed().as_secs_f64() * 1000.0);
        }
        took.sort_by(f64::total_cmp);
        let appends = proxy.take_requests().iter().filter(|request| request.contains("comp=appendblock")).count();
        let p99 = took[took.len() * 99 / 100];
        println!(
            "{name}: {} batches of {BATCH} reads, {appends} appends, p50 {:.0} ms, p99 {p99:.0} ms, peak {} MB",
            batches.len(),
            took[took.len() / 2],
            peak_kib(&host).await / 1024
        );
        figures.push((batches.len(), appends));
    }
    let snapshots: Vec<_> = azurite.client().unwrap().list_blobs("certificate-state").await.unwrap();
    for name in snapshots.iter().filter(|name| name.starts_with("snapshots/")) {
        let size = azurite.client().unwrap().get_blob("certificate-state", name).await.unwrap().len();
        println!("{name}: {:.1} MB", f64::from(u32::try_from(size).unwrap()) / 1e6);
    }

    let [first, again, next] = figures.as_slice() else { panic!("three rounds") };
    assert!(first.1 <= first.0 * 2, "{first:?}");
    assert_eq!(again.1, 0, "what is known asks nothing");
    assert!(next.1 <= next.0 * 2, "{next:?}");
}
