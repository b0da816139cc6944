//! Hundreds of batches while the handler is killed and the queue refuses writes: every match arrives, under one id.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use serde_json::Value;

use crate::given::{REFUSED, WRITE, alerts, answer_of, binary_batch, detector, read_of};
use crate::host::{FUNCTION, app_folder, batch};
use support::azurite::{Azurite, StorageClient};
use support::functions_host::delivery::Patience;
use support::functions_host::host::FunctionsHost;
use support::functions_host::sink::Sink;

const PARTITIONS: usize = 4;
const BATCHES_OF_EACH: usize = 100;
/// A queue of its own: other tests take messages out of the usual one.
const QUEUE: &str = "certificate-alerts-crash";

/// A fixed sequence that looks random (xorshift), so that a failure can be had again.
struct Dice(AtomicU64);

impl Dice {
    fn below(&self, limit: u64) -> u64 {
        let next = |mut state: u64| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state
        };
        let drawn = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |state| Some(next(state)));
        next(drawn.unwrap_or(1)) % limit
    }
}

/// The events of one batch: some reads, a broken event, and records that are no match.
fn events(partition: usize, number: usize) -> Vec<String> {
    let read = |record| read_of(&format!("kv-{partition}-{number}-{record}"), "192.0.2.7");
    vec![
        WRITE.to_owned(),
        read(0),
        "{'broken':".to_owned(),
        format!("{{\"records\":[{REFUSED},{},{{'x':1}},{WRITE}]}}", read(1)),
    ]
}

/// Delivers all batches of one partition, one after another, as the host does.
async fn deliver_all(host: &FunctionsHost, partition: usize) {
    for number in 0..BATCHES_OF_EACH {
        let events = events(partition, number);
        let events: Vec<_> = events.iter().map(String::as_str).collect();
        let patience = Patience { factor: 0.000_5, max_attempts: 1000, ..Patience::default() };

        let delivery = host.deliver(FUNCTION, &batch(&events), patience).await.unwrap();

        assert!(delivery.succeeded(), "batch {partition}-{number}: {:?}", delivery.failures().last());
    }
}

/// Kills the handler at odd moments until told to stop; returns how often.
async fn kill_at_random(host: &FunctionsHost, dice: &Dice, done: &AtomicBool) -> usize {
    let mut kills = 0;
    while !done.load(Ordering::Relaxed) {
        tokio::time::sleep(Duration::from_millis(20 + dice.below(110))).await;
        host.kill().await.unwrap();
        kills += 1;
    }
    kills
}

/// Takes every message out of the queue; how often each vault came, and under which ids.
async fn drain(client: &StorageClient) -> BTreeMap<String, (usize, BTreeSet<String>)> {
    let mut found: BTreeMap<String, (usize, BTreeSet<String>)> = BTreeMap::new();
    loop {
        let messages = client.get_messages(QUEUE, Duration::from_secs(60)).await.unwrap();
        if messages.is_empty() {
            return found;
        }
        for message in &messages {
            let alert: Value = serde_json::from_slice(message.bytes.as_deref().unwrap()).unwrap();
            let vault = alert["alertContext"]["keyvault_name"].as_str().unwrap().to_owned();
            let (count, ids) = found.entry(vault).or_default();
            *count += 1;
            ids.insert(alert["alertId"].as_str().unwrap().to_owned());
        }
    }
}

#[tokio::test]
async fn every_match_is_in_the_queue_and_every_duplicate_has_the_same_id() {
    let Some(azurite) = Azurite::shared() else { return };
    let client = azurite.client().unwrap();
    let folder = app_folder();
    let bindings = folder.path().join(FUNCTION).join("function.json");
    let own = std::fs::read_to_string(&bindings).unwrap().replace("\"certificate-alerts\"", &format!("\"{QUEUE}\""));
    std::fs::write(&bindings, own).unwrap();
    let settings = [("RULES", "CertificateAccessed"), ("DEDUP_MINUTES", "0")];
    let own_settings = settings.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let host = FunctionsHost::start(folder.path(), &own_settings).await.unwrap();
    let host = host.with_sink(Sink::Azurite(client.clone()));
    let writes = Dice(AtomicU64::new(0x5EED_0001));
    host.fail_writes(move |_, _| writes.below(6) == 0);
    let (dice, done) = (Dice(AtomicU64::new(0x5EED_0002)), AtomicBool::new(false));

    let work = async {
        let partitions = (0..PARTITIONS).map(|partition| deliver_all(&host, partition));
        let [a, b, c, d]: [_; PARTITIONS] = partitions.collect::<Vec<_>>().try_into().ok().unwrap();
        tokio::join!(a, b, c, d);
        done.store(true, Ordering::Relaxed);
    };
    let ((), kills) = tokio::join!(work, kill_at_random(&host, &dice, &done));

    let found = drain(&client).await;
    let every_batch = (0..PARTITIONS).flat_map(|partition| (0..BATCHES_OF_EACH).map(move |number| (partition, number)));
    let calm = detector(&settings);
    for (partition, number) in every_batch {
        for expected in alerts(&answer_of(&calm, &binary_batch(&events(partition, number)))) {
            let vault = expected["alertContext"]["keyvault_name"].as_str().unwrap();
            let (_, ids) = found.get(vault).unwrap_or_else(|| panic!("{vault} is lost"));
            assert_eq!(ids.iter().collect::<Vec<_>>(), [expected["alertId"].as_str().unwrap()], "{vault}");
        }
    }
    assert_eq!(found.len(), PARTITIONS * BATCHES_OF_EACH * 2);
    let messages: usize = found.values().map(|(count, _)| count).sum();
    eprintln!("{kills} kills, {} matches, {} duplicates", found.len(), messages - found.len());
    assert!(kills > 10 && messages > found.len(), "the test must have hurt: {kills} kills, {messages} messages");
}
