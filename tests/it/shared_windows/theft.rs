//! The theft of the invented month over four instances, its reads in any order.

use super::*;
use futures_util::future::join_all;
use support::invented_logs::month;

/// The partitions; each instance has two.
const PARTITIONS: usize = 8;
/// How many records a batch has.
const BATCH: usize = 20;

/// The records of the thief, shuffled by a step that meets each of them once.
fn shuffled() -> Vec<Vec<u8>> {
    let day = month::Day::new(19).records();
    let of_thief: Vec<_> = day.iter().filter(|record| record.line.contains("203.0.113.66")).collect();
    let (count, step) = (of_thief.len(), 389);
    assert!(count % step != 0, "the step meets each record");
    (0..count).map(|number| of_thief[number * step % count].line.clone().into_bytes()).collect()
}

/// What the instances have put into a queue.
fn messages(hosts: &[(FunctionsHost, tempfile::TempDir)], queue: &str) -> Vec<Value> {
    let of = |(host, _): &(FunctionsHost, tempfile::TempDir)| host.sink().messages(queue);
    hosts.iter().flat_map(of).map(|message| serde_json::from_slice(&message).unwrap()).collect()
}

#[tokio::test]
async fn shuffled_over_four_instances_no_other_card_comes_after_the_first_high_in_the_log() {
    let Some(azurite) = Azurite::own() else { return };
    let settings = [
        ("RULES", "CertificateAccessed,AuditedCertificateRead,CertificateDump"),
        ("TEAMS_WEBHOOK_URL", "https://example.com/hook"),
    ];
    let mut hosts = Vec::new();
    for _ in 0..4 {
        hosts.push(host(&azurite.connection_string(), &settings).await);
    }

    // The rounds follow each other, so that whatever is posted in a later one comes after the HIGH in the log.
    let records = shuffled();
    let mut others = Vec::new();
    for (round, of_round) in records.chunks(PARTITIONS * BATCH).enumerate() {
        let delivered = of_round.chunks(BATCH).enumerate().map(|(partition, batch)| {
            let (host, _) = &hosts[partition % hosts.len()];
            let first = i64::try_from(round * BATCH).unwrap();
            let batch = Batch::new(&partition.to_string(), first, batch.iter().cloned());
            async move { host.deliver(FUNCTION, &batch, Patience::default()).await.unwrap().succeeded() }
        });
        assert!(join_all(delivered).await.into_iter().all(|succeeded| succeeded));
        let cards = messages(&hosts, "certificate-teams");
        others.push(cards.iter().filter(|card| card["incident"]["step"].is_null()).count());
    }

    let (cards, alerts) = (messages(&hosts, "certificate-teams"), messages(&hosts, "certificate-alerts"));
    let mut steps: Vec<_> = cards.iter().filter_map(|card| card["incident"]["step"].as_u64()).collect();
    steps.sort_unstable();
    println!("{} cards of {} alerts; after each round, cards of other rules: {others:?}", cards.len(), alerts.len());
    assert_eq!(steps, [1, 2, 3], "each step once");
    let id = alerts.iter().find(|alert| alert["incident"]["step"] == 1).map(|alert| alert["alertId"].clone()).unwrap();
    let of_incident = alerts.iter().filter(|alert| alert["incident"]["id"] == id).count();
    assert_eq!(
        alerts.len() - of_incident,
        cards.len() - 3,
        "what has no incident has a card, and nothing else but the steps"
    );
    // The 25th name is read in the first round.
    assert!(others.iter().all(|count| *count == others[0]), "{others:?}");
}
