//! A card is posted once for an alert, however often the queue holds it.

use std::net::{Ipv4Addr, TcpListener};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;
use uuid::Uuid;

use super::function::{NOTIFY, notify};
use crate::given::{alerts, answer, binary_batch, read_of};
use crate::host::{FUNCTION, batch, host_with};
use support::azurite::Azurite;
use support::fake_teams::{FakeTeams, Says};
use support::functions_host::delivery::Patience;
use support::functions_host::host::FunctionsHost;
use support::functions_host::invocation::Framing;
use support::functions_host::lines::Level;
use support::functions_host::queue_trigger::QueueMessage;

/// A storage account at a port.
fn account_at(port: u16) -> String {
    format!("AccountName=stlogs;AccountKey=a2V5;BlobEndpoint=http://127.0.0.1:{port}/stlogs")
}

/// A host whose app posts to this webhook and keeps receipts in this account.
async fn host_with_receipts(webhook: &FakeTeams, account: &str) -> (FunctionsHost, TempDir) {
    let url = webhook.url("sig");
    host_with(&[("TEAMS_WEBHOOK_URL", &url), ("TEAMS_ALLOW_LOOPBACK", "1"), ("AzureWebJobsStorage", account)]).await
}

/// A read that no other test has.
fn new_read() -> String {
    read_of(&format!("kv-{}", Uuid::new_v4().simple()), "192.0.2.7")
}

/// The message of an alert that no other test has, and its id.
fn new_message() -> (String, String) {
    let answer = answer(&binary_batch(&[new_read()]));
    let id = alerts(&answer)[0]["alertId"].as_str().unwrap().to_owned();
    (answer["Outputs"]["alerts"][0].as_str().unwrap().to_owned(), id)
}

async fn result_of(host: &FunctionsHost, message: &str) -> String {
    let answer = notify(host, message).await;
    assert_eq!(answer.status, 200);
    let answer: Value = serde_json::from_slice(&answer.body).unwrap();
    let line: Value = serde_json::from_str(answer["Logs"][0].as_str().unwrap()).unwrap();
    line["result"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_alert_that_comes_again_to_any_instance_is_posted_once() {
    let Some(azurite) = Azurite::shared() else { return };
    let webhook = FakeTeams::start([]).await.unwrap();
    let (one, _folder) = host_with_receipts(&webhook, &azurite.connection_string()).await;
    let (other, _other_folder) = host_with_receipts(&webhook, &azurite.connection_string()).await;
    let (message, id) = new_message();

    let first = result_of(&one, &message).await;
    let again = [result_of(&one, &message).await, result_of(&other, &message).await];

    assert_eq!((first.as_str(), again), ("accepted", ["repeated", "repeated"].map(str::to_owned)));
    assert_eq!(webhook.received().len(), 1);
    let receipt = azurite.client().unwrap().get_blob("certificate-state", &format!("cards/{id}")).await.unwrap();
    assert_eq!(receipt, b"");
}

#[tokio::test]
async fn an_alert_that_is_sent_again_because_another_output_is_refused_is_posted_once() {
    let Some(azurite) = Azurite::shared() else { return };
    let webhook = FakeTeams::start([]).await.unwrap();
    let (host, _folder) = host_with_receipts(&webhook, &azurite.connection_string()).await;
    host.fail_writes(|attempt, write| attempt < 6 && write.target() == "certificate-alerts");

    let delivery = host.deliver(FUNCTION, &batch(&[&new_read()]), Patience::default()).await.unwrap();

    let attempts = delivery.attempts.len();
    let messages = host.sink().messages("certificate-teams");
    assert!(delivery.succeeded() && attempts > 1);
    assert_eq!(messages.len(), attempts, "each attempt writes the outputs that are not refused");
    for message in messages {
        result_of(&host, std::str::from_utf8(&message).unwrap()).await;
    }
    assert_eq!(webhook.received().len(), 1);
}

#[tokio::test]
async fn a_card_that_the_webhook_did_not_take_is_posted_again() {
    let Some(azurite) = Azurite::shared() else { return };
    let webhook = FakeTeams::start([Says::status(400), Says::status(202)]).await.unwrap();
    let (host, _folder) = host_with_receipts(&webhook, &azurite.connection_string()).await;
    let (message, _) = new_message();

    assert_eq!(notify(&host, &message).await.status, 502);
    assert_eq!(result_of(&host, &message).await, "accepted");

    assert_eq!(webhook.received().len(), 2);
}

#[tokio::test]
async fn a_crash_between_the_card_and_its_receipt_posts_it_twice_and_never_not_at_all() {
    let Some(azurite) = Azurite::shared() else { return };
    let webhook = FakeTeams::start([Says::Hang]).await.unwrap();
    let (host, _folder) = host_with_receipts(&webhook, &azurite.connection_string()).await;
    let (message, _) = new_message();
    let body = QueueMessage::new(message.clone()).request_body(host.function(NOTIFY).unwrap()).unwrap();

    let crash = async {
        while webhook.received().is_empty() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        host.kill().await.unwrap();
    };
    let (answer, ()) = tokio::join!(host.post(NOTIFY, body, "id", Framing::Chunked), crash);
    answer.unwrap_err();
    host.restart().await.unwrap();
    webhook.always(Says::status(202));
    let results = [result_of(&host, &message).await, result_of(&host, &message).await];

    assert_eq!(results, ["accepted", "repeated"]);
    assert_eq!(webhook.received().len(), 2);
}

#[tokio::test]
async fn a_storage_that_is_away_or_hangs_costs_no_card_and_little_time_and_is_reported() {
    let hanging = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    for account in [account_at(9), account_at(hanging.local_addr().unwrap().port())] {
        let webhook = FakeTeams::start([]).await.unwrap();
        let (host, _folder) = host_with_receipts(&webhook, &account).await;
        let (message, _) = new_message();
        let begun = Instant::now();

        let results = [result_of(&host, &message).await, result_of(&host, &message).await];

        assert!(begun.elapsed() < Duration::from_secs(8), "two cards took {:?}", begun.elapsed());
        assert_eq!(results, ["accepted", "accepted"]);
        assert_eq!(webhook.received().len(), 2);
        host.signal("TERM", Duration::from_secs(10)).await.unwrap();
        let reported = |words: &str| {
            let lines = host.logged();
            lines.into_iter().find(|(_, line)| line.contains(words)).unwrap_or_else(|| panic!("{:?}", host.logged())).0
        };
        assert_eq!(reported("cannot find out whether the card"), Level::Warning);
        assert_eq!(reported("may be posted again"), Level::Warning);
        assert!(!host.stderr().join("\n").contains("a2V5"), "{:?}", host.stderr());
    }
}

#[tokio::test]
async fn an_account_that_cannot_be_used_is_reported_once_and_costs_no_card() {
    let webhook = FakeTeams::start([]).await.unwrap();
    let (host, _folder) = host_with_receipts(&webhook, "AccountName=canary").await;
    let (message, _) = new_message();

    let results = [result_of(&host, &message).await, result_of(&host, &message).await];

    assert_eq!(results, ["accepted", "accepted"]);
    host.signal("TERM", Duration::from_secs(5)).await.unwrap();
    let told: Vec<_> = host.logged().into_iter().filter(|(_, line)| line.contains("more than once")).collect();
    assert_eq!(told.len(), 1, "{:?}", host.logged());
    assert!(told[0].0 == Level::Warning && !told[0].1.contains("canary"), "{told:?}");
}
