//! The function under the stand-in for the host.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::given::{READ, answer, binary_batch};
use crate::host::{FUNCTION, batch, host_with};
use crate::operations::explained_under;
use support::fake_teams::{FakeTeams, Says};
use support::functions_host::answer::Answer;
use support::functions_host::delivery::Patience;
use support::functions_host::host::FunctionsHost;
use support::functions_host::invocation::Framing;
use support::functions_host::lines::Level;
use support::functions_host::queue_trigger::QueueMessage;

pub(super) const NOTIFY: &str = "NotifyTeams";

/// The message of one alert, as it stands in the queue.
pub(super) fn message() -> String {
    let answer = answer(&binary_batch(&[READ]));
    answer["Outputs"]["alerts"][0].as_str().unwrap().to_owned()
}

/// A host whose app posts to this webhook.
pub(super) async fn host_for(webhook: &FakeTeams) -> (FunctionsHost, TempDir) {
    host_with(&[("TEAMS_WEBHOOK_URL", &webhook.url("canary-of-the-url")), ("TEAMS_ALLOW_LOOPBACK", "1")]).await
}

pub(super) async fn notify(host: &FunctionsHost, message: &str) -> Answer {
    let body = QueueMessage::new(message).request_body(host.function(NOTIFY).unwrap()).unwrap();
    host.post(NOTIFY, body, "id", Framing::Chunked).await.unwrap()
}

fn body_of(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.body).unwrap()
}

/// The errors of the host's log, once there is one.
async fn reasons(host: &FunctionsHost) -> String {
    let errors = || host.logged().into_iter().filter(|(level, _)| *level == Level::Error).map(|(_, line)| line);
    for _ in 0..100 {
        if errors().next().is_some() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    errors().collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn an_alert_in_the_queue_becomes_one_card() {
    let webhook = FakeTeams::start([Says::status(202)]).await.unwrap();
    let (host, _folder) = host_for(&webhook).await;
    let alert: Value = serde_json::from_str(&message()).unwrap();

    let answer = notify(&host, &message()).await;

    assert_eq!(answer.status, 200);
    let answer = body_of(&answer);
    assert_eq!((&answer["Outputs"], &answer["ReturnValue"]), (&json!({}), &Value::Null));
    let line: Value = serde_json::from_str(answer["Logs"][0].as_str().unwrap()).unwrap();
    assert_eq!((&line["result"], &line["status"], &line["attempts"]), (&json!("accepted"), &json!(202), &json!(1)));
    let fields: BTreeSet<_> = line.as_object().unwrap().keys().cloned().collect();
    assert_eq!(fields, explained_under("field of NotifyTeams' line"), "docs/operations.md");
    assert_eq!((&line["alertId"], &line["dequeueCount"]), (&alert["alertId"], &json!(1)));
    let received = webhook.received();
    assert_eq!(received.len(), 1);
    let posted: Value = serde_json::from_str(&received[0].body).unwrap();
    assert_eq!(posted["type"], "message");
    assert_eq!(posted["attachments"][0]["contentType"], "application/vnd.microsoft.card.adaptive");
    assert_eq!(posted["attachments"][0]["content"]["version"], "1.4");
    assert!(received[0].body.contains(alert["alertId"].as_str().unwrap()));
}

#[tokio::test]
async fn a_failure_is_never_reported_as_a_success_and_says_why() {
    let webhook = FakeTeams::start([Says::status(400)]).await.unwrap();
    let (host, _folder) = host_for(&webhook).await;

    let answer = notify(&host, &message()).await;

    assert_eq!(answer.status, 502);
    let reason = body_of(&answer)["error"].as_str().unwrap().to_owned();
    assert!(reason.contains("stays in the queue") && reason.contains("it answered 400"), "{reason}");
    assert!(reasons(&host).await.contains(&reason));
}

#[tokio::test]
async fn an_alert_for_an_unset_webhook_stays_in_the_queue() {
    let (host, _folder) = host_with(&[]).await;

    let answer = notify(&host, &message()).await;

    assert_eq!(answer.status, 503);
    assert!(reasons(&host).await.contains("AzureWebJobs.NotifyTeams.Disabled"));
}

#[tokio::test]
async fn a_message_that_is_no_alert_fails_aloud_and_is_not_repeated() {
    let webhook = FakeTeams::start([]).await.unwrap();
    let (host, _folder) = host_for(&webhook).await;
    let listed = format!("[{}]", message());

    for message in [
        "canary",
        "",
        " ",
        "{}",
        "[]",
        "[1]",
        "null",
        "true",
        "7",
        "\"canary\"",
        &listed,
        r#"{"schemaVersion":"1.0","alertId":"../x","title":"t"}"#,
    ] {
        let answer = notify(&host, message).await;

        assert_eq!(answer.status, 422, "{message}");
        let reason = body_of(&answer)["error"].as_str().unwrap().to_owned();
        assert!(reason.contains("certificate-teams-poison") && !reason.contains("canary"), "{message}: {reason}");
    }
    assert!(webhook.received().is_empty());
    let reasons = reasons(&host).await;
    assert!(reasons.contains("the message is not a JSON object") && !reasons.contains("canary"), "{reasons}");
}

#[tokio::test]
async fn an_alert_of_a_later_major_version_waits_for_the_version_that_knows_it() {
    let webhook = FakeTeams::start([]).await.unwrap();
    let (host, _folder) = host_for(&webhook).await;

    let major = notify(&host, &message().replace(r#""schemaVersion":"1.1""#, r#""schemaVersion":"2.0""#)).await;
    let minor = notify(&host, &message().replace(r#""schemaVersion":"1.1""#, r#""schemaVersion":"1.9","new":1"#)).await;

    assert_eq!((major.status, minor.status), (503, 200));
    assert_eq!(webhook.received().len(), 1);
}

#[tokio::test]
async fn a_webhook_that_hangs_delays_no_batch() {
    let webhook = FakeTeams::start([Says::Hang]).await.unwrap();
    let (host, _folder) = host_for(&webhook).await;
    let body = QueueMessage::new(message()).request_body(host.function(NOTIFY).unwrap()).unwrap();

    let hanging = host.post(NOTIFY, body, "id", Framing::Chunked);
    let batches = async {
        while webhook.received().is_empty() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let begun = Instant::now();
        let delivery = host.deliver(FUNCTION, &batch(&[READ]), Patience::default()).await.unwrap();
        assert!(delivery.succeeded());
        begun.elapsed()
    };

    tokio::select! {
        _ = hanging => panic!("the webhook hangs"),
        took = batches => assert!(took < Duration::from_secs(2), "{took:?}"),
    }
    assert_eq!(host.sink().messages("certificate-alerts"), host.sink().messages("certificate-teams"));
    assert_eq!(host.sink().messages("certificate-teams").len(), 1);
}

#[tokio::test]
async fn a_teams_queue_that_takes_nothing_loses_no_alert() {
    let webhook = FakeTeams::start([]).await.unwrap();
    let (host, _folder) = host_for(&webhook).await;
    host.fail_writes(|attempt, write| attempt < 6 && write.target().contains("certificate-teams"));

    let delivery = host.deliver(FUNCTION, &batch(&[READ]), Patience::default()).await.unwrap();

    assert!(delivery.succeeded());
    assert!(!host.sink().messages("certificate-alerts").is_empty());
    assert_eq!(host.sink().messages("certificate-teams").len(), 1);
}

#[tokio::test]
async fn the_url_appears_in_no_output_of_the_process() {
    let answers = [
        Says::text(400, "/workflows/canary-of-the-url"),
        Says::text(401, r#"{"error":{"code":"TokencanaryExpired"}}"#),
        Says::with_header(307, "Location", "/canary-of-the-url"),
        Says::Reset,
        Says::text(200, "HTTP error 413 canary-of-the-url"),
        Says::status(202),
    ];
    let webhook = FakeTeams::start([]).await.unwrap();
    let settings = [
        ("TEAMS_WEBHOOK_URL", webhook.url("canary-of-the-url")),
        ("TEAMS_ALLOW_LOOPBACK", "1".to_owned()),
        ("LOG_LEVEL", "trace".to_owned()),
    ];
    let settings = settings.each_ref().map(|(name, value)| (*name, value.as_str()));
    let (host, _folder) = host_with(&settings).await;
    let mut said = String::new();

    for says in answers {
        webhook.always(says);
        said.push_str(&String::from_utf8_lossy(&notify(&host, &message()).await.body));
    }
    let delivery = host.deliver(FUNCTION, &batch(&[READ]), Patience::default()).await.unwrap();
    said.push_str(&format!("{delivery:?}"));
    host.signal("INT", Duration::from_secs(5)).await.unwrap();
    said.push_str(&host.stdout().join("\n"));
    said.push_str(&host.stderr().join("\n"));

    assert!(said.contains("\"started\"") && said.contains("it answered 400"), "{said}");
    assert!(!said.contains("canary"), "{said}");
}
