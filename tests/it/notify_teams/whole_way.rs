//! From an Event Hub batch through two queues to the webhook.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::function::{NOTIFY, host_for};
use crate::given::read_of;
use crate::host::{FUNCTION, batch};
use support::azurite::Azurite;
use support::fake_teams::{FakeTeams, Says};
use support::functions_host::delivery::Patience;
use support::functions_host::queue_listener::{QueueListener, QueueSettings};
use support::functions_host::sink::Sink;

/// How long the queue hides a failed message here; host.json says minutes.
const HIDDEN: Duration = Duration::from_secs(1);
/// Held by the test that listens: all share one Azurite.
static QUEUE: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
/// How many alerts there are.
const ALERTS: usize = 5;

/// The ids of the alerts in what the webhook or a queue got.
fn ids<'m>(texts: impl IntoIterator<Item = &'m str>) -> BTreeSet<String> {
    let id = |text: &str| {
        let alert: Value = serde_json::from_str(text).unwrap();
        match alert["alertId"].as_str() {
            Some(id) => id.to_owned(),
            None => text.split_once("Alert ").unwrap().1[..32].to_owned(),
        }
    };
    texts.into_iter().map(id).collect()
}

#[tokio::test]
async fn every_alert_arrives_once_the_webhook_is_back() {
    let Some(azurite) = Azurite::shared() else { return };
    let _alone = QUEUE.lock().await;
    let client = azurite.client().unwrap();
    let webhook = FakeTeams::start([Says::Reset]).await.unwrap();
    let (host, _folder) = host_for(&webhook).await;
    let host = host.with_sink(Sink::Azurite(client.clone()));
    let settings = QueueSettings::read(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
    let listener = QueueListener::new(&host, client.clone(), NOTIFY, settings).unwrap();
    let events: Vec<_> = (0..ALERTS).map(|number| read_of(&format!("kv-way-{number}"), "192.0.2.7")).collect();
    let events: Vec<_> = events.iter().map(String::as_str).collect();

    let delivery = host.deliver(FUNCTION, &batch(&events), Patience::default()).await.unwrap();
    assert!(delivery.succeeded());

    let down = listener.round(HIDDEN).await.unwrap();
    assert_eq!(down.len(), ALERTS);
    assert!(down.iter().all(Result::is_err));
    webhook.always(Says::with_header(503, "Retry-After", "60"));
    tokio::time::sleep(HIDDEN).await;
    let still_down = listener.round(HIDDEN).await.unwrap();
    assert!(!still_down.is_empty() && still_down.iter().all(Result::is_err));

    webhook.always(Says::status(202));
    let before = webhook.received().len();
    let begun = Instant::now();
    while webhook.received().len() < before + ALERTS && begun.elapsed() < Duration::from_secs(30) {
        tokio::time::sleep(Duration::from_millis(200)).await;
        for outcome in listener.round(HIDDEN).await.unwrap() {
            outcome.unwrap();
        }
    }

    let received = webhook.received();
    let arrived = ids(received.iter().skip(before).map(|request| request.body.as_str()));
    let alerts = client.get_messages("certificate-alerts", Duration::from_secs(60)).await.unwrap();
    let alerts: Vec<_> = alerts.iter().filter_map(|message| String::from_utf8(message.bytes.clone()?).ok()).collect();
    let of_this_test = ids(alerts.iter().map(String::as_str).filter(|alert| alert.contains("kv-way-")));
    assert_eq!(arrived.len(), ALERTS);
    assert_eq!(arrived, of_this_test);
    assert!(client.peek_messages("certificate-teams").await.unwrap().is_empty());
}

#[tokio::test]
async fn what_is_no_alert_goes_to_the_poison_queue() {
    let Some(azurite) = Azurite::shared() else { return };
    let _alone = QUEUE.lock().await;
    let client = azurite.client().unwrap();
    let webhook = FakeTeams::start([Says::status(202)]).await.unwrap();
    let (host, _folder) = host_for(&webhook).await;
    let settings = QueueSettings::read(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
    // host.json's deliveries take a day.
    let settings = QueueSettings { max_dequeue_count: 2, ..settings };
    let queue = QueueListener::new(&host, client.clone(), NOTIFY, settings).unwrap();
    client.create_queue("certificate-teams").await.unwrap();
    let wrong = ["hello of this test", "[\"hello of this test\"]"];
    for message in wrong {
        client.put_message("certificate-teams", message.as_bytes()).await.unwrap();
    }

    let poisoned = async || {
        let messages = client.peek_messages("certificate-teams-poison").await.unwrap_or_default();
        let texts = messages.iter().filter_map(|message| String::from_utf8(message.bytes.clone()?).ok());
        texts.filter(|text| wrong.contains(&text.as_str())).count()
    };
    let begun = Instant::now();
    while poisoned().await < wrong.len() && begun.elapsed() < Duration::from_secs(30) {
        queue.round(HIDDEN).await.unwrap();
        tokio::time::sleep(HIDDEN).await;
    }

    assert_eq!(poisoned().await, wrong.len());
}
