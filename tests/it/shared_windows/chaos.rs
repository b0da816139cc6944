//! Several processes, a storage account that is slow, absent, wrong and late, processes that are killed and join, and a
//! threshold that is changed in the middle. A minute of it runs with the other tests; `CHAOS_MINUTES=60` runs an hour.

mod handlers;
mod thefts;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use handlers::Handlers;
use support::azurite::Azurite;
use support::storage_proxy::{StorageProxy, Weather};
use thefts::{Dice, Event, Thefts};

/// As many partitions as there are, each read by one instance at a time.
const PARTITIONS: usize = 8;
/// Names that each thief reads, and the thresholds before and after the change.
const NAMES: usize = 30;
const THRESHOLDS: [&str; 2] = ["25", "28"];

/// How far behind the newest event a read may come and still count with the others: a window and six hours. What comes
/// later counts among its own, and the summary line says `late`.
const MAX_BEHIND: SignedDuration = SignedDuration::from_hours(7);

/// What went out, and what came too late to count.
#[derive(Default)]
struct Told {
    /// The ids of each thief's dumps, and how often they were told.
    alerts: Mutex<BTreeMap<String, (BTreeSet<String>, usize)>>,
    /// When the hub took the newest event that any instance was given.
    newest: Mutex<Timestamp>,
    /// The thieves of whom a read came later than it may.
    late: Mutex<BTreeSet<String>>,
    /// How many messages there were of the other rules.
    of_other_rules: AtomicU64,
    /// How many reads the handlers called late, and how often they said that the windows are full.
    handlers_late: AtomicU64,
    crowded: AtomicU64,
}

impl Told {
    /// Notes which reads of a batch are too late, as it is given to an instance.
    fn give(&self, events: &[Event]) {
        let hub = |event: &Event| event.hub.parse::<Timestamp>().unwrap();
        let mut newest = self.newest.lock().unwrap();
        *newest = events.iter().map(hub).fold(*newest, Ord::max);
        let late = events.iter().filter(|event| newest.duration_since(hub(event)) > MAX_BEHIND);
        self.late.lock().unwrap().extend(late.map(|event| event.reader.clone()));
    }

    /// Notes what an instance said in its log.
    fn listen(&self, answer: &Value) {
        let line: Value = serde_json::from_str(answer["Logs"][0].as_str().unwrap()).unwrap();
        self.handlers_late.fetch_add(line["late"].as_u64().unwrap(), Ordering::Relaxed);
        let is_crowded =
            answer["Logs"].as_array().unwrap().iter().any(|line| line.to_string().contains("hold as much"));
        self.crowded.fetch_add(u64::from(is_crowded), Ordering::Relaxed);
    }
}

fn minutes() -> f64 {
    std::env::var("CHAOS_MINUTES").ok().and_then(|minutes| minutes.parse().ok()).unwrap_or(1.0)
}

/// Posts a partition's events in order, each batch until it is answered, in other batches each time.
async fn deliver(partition: usize, thefts: &Thefts, handlers: &Handlers, told: &Told, end: Instant) {
    let mut dice = Dice::new(partition as u64 + 1);
    let mut events: Vec<Event> = Vec::new();
    while Instant::now() < end || !events.is_empty() || thefts.has_more(partition) {
        if events.len() < 200 {
            events.extend(thefts.take(partition));
        }
        let count = (1 + dice.below(60) as usize).min(events.len());
        if count == 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        }
        told.give(&events[..count]);
        let Some(answer) = handlers.post(partition, &events[..count], &mut dice).await else { continue };
        told.listen(&answer);
        // Now and then the host ends before it has written the outputs, or before its checkpoint: the batch comes again.
        let fate = dice.below(30);
        if fate == 0 {
            continue;
        }
        for message in answer["Outputs"]["alerts"].as_array().into_iter().flatten() {
            let alert: Value = serde_json::from_str(message.as_str().unwrap()).unwrap();
            if alert["rule"]["id"] != "Azure.KeyVault.CertificateDump" {
                told.of_other_rules.fetch_add(1, Ordering::Relaxed);
                continue;
            }
            let mut told = told.alerts.lock().unwrap();
            let (ids, count) = told.entry(alert["dedup"].as_str().unwrap().to_owned()).or_default();
            ids.insert(alert["alertId"].as_str().unwrap().to_owned());
            *count += 1;
        }
        if fate > 1 {
            events.drain(..count);
        }
    }
}

/// Lets requests get lost by turns.
async fn storms(proxy: &StorageProxy, end: Instant) {
    let mut dice = Dice::new(99);
    while Instant::now() + Duration::from_secs(6) < end {
        let mut each = Dice::new(dice.below(u64::MAX));
        match dice.below(6) {
            0 => proxy.set(|_: &str, _: &str| Weather::Absent),
            1 => proxy.set(|_: &str, _: &str| Weather::Wrong(503)),
            2 => proxy.set(|_: &str, _: &str| Weather::Slow(Duration::from_millis(400))),
            // Later than anybody waits for: the request arrives when its sender has given up.
            3 => proxy.set(move |_: &str, _: &str| late(each.below(10))),
            _ => proxy.set(move |_: &str, _: &str| mixed(each.below(40))),
        }
        tokio::time::sleep(Duration::from_millis(500 + dice.below(2_500))).await;
        proxy.set(|_: &str, _: &str| Weather::Fair);
        tokio::time::sleep(Duration::from_millis(500 + dice.below(4_000))).await;
    }
}

fn late(drawn: u64) -> Weather {
    if drawn == 0 { Weather::Slow(Duration::from_millis(3_500)) } else { Weather::Fair }
}

fn mixed(drawn: u64) -> Weather {
    match drawn {
        0 => Weather::Absent,
        1 => Weather::AnswerLost,
        2 => Weather::Wrong(500),
        3 => Weather::Slow(Duration::from_millis(3_500)),
        _ => Weather::Fair,
    }
}

#[tokio::test]
async fn through_a_storage_that_is_slow_absent_wrong_and_late_no_dump_is_lost_and_none_is_told_twice() {
    let Some(azurite) = Azurite::own() else { return };
    let proxy = StorageProxy::start(azurite.blob_endpoint()).await.unwrap();
    let begun = Instant::now();
    let end = begun + Duration::from_secs_f64(minutes() * 60.0);
    let (thefts, told) = (Thefts::new(PARTITIONS, NAMES), Told::default());
    let handlers = Handlers::start(&proxy.connection_string(), THRESHOLDS, begun, end).await;

    let partitions = (0..PARTITIONS).map(|partition| deliver(partition, &thefts, &handlers, &told, end));
    tokio::join!(
        thefts.commit(end),
        futures_util::future::join_all(partitions),
        storms(&proxy, end),
        handlers.come_and_go(end),
    );

    let Told { alerts, of_other_rules, late, handlers_late, crowded, .. } = told;
    let (alerts, late) = (alerts.into_inner().unwrap(), late.into_inner().unwrap());
    let thieves = thefts.thieves();
    // What the processes wrote, rather than a listing: after an hour Azurite takes half a minute for one.
    let snapshots = proxy.take_requests().into_iter().filter(|request| request.starts_with("PUT "));
    let snapshots = snapshots.filter_map(|request| request.split_once("/snapshots/").map(|(_, name)| name.to_owned()));
    let rolls = snapshots.max().unwrap_or_default();
    let messages: usize = alerts.values().map(|(_, count)| count).sum();
    eprintln!(
        "{} thefts, {} reads beside them, {messages} messages of dumps and {of_other_rules:?} of other rules, {}, last snapshot {rolls}, {:?}; {} thieves read too late, \
         {handlers_late:?} reads called late, the windows were full {crowded:?} times",
        thieves.len(),
        thefts.noise(),
        handlers.figures(),
        begun.elapsed(),
        thieves.iter().filter(|thief| late.contains(thief.as_str())).count(),
    );
    let ids = |thief: &str| alerts.get(&format!("object \"{thief}\"")).map(|(ids, _)| ids.len());
    let odd: Vec<_> = thieves.iter().filter(|thief| ids(thief) != Some(1)).map(|thief| (thief, ids(thief))).collect();
    assert_eq!(odd, [], "each thief is told, under one id");
    assert_eq!(alerts.len(), thieves.len(), "nobody else is told");
    assert_eq!(
        (late.len(), handlers_late.into_inner(), crowded.into_inner()),
        (0, 0, 0),
        "nothing came too late to count"
    );
    assert!(thieves.len() as f64 > 10.0 * minutes(), "the test must have hurt");
}
