//! Where what is usual is kept: the log that instances share, a baseline, or nowhere.

use jiff::SignedDuration;
use serde_json::Value;
use support::azurite::Azurite;
use support::functions_host::delivery::Patience;
use support::functions_host::event_hub::Batch;
use support::functions_host::host::FunctionsHost;

use super::{JOB, Reader, STRANGE, on, read};
use crate::host::{FUNCTION, host_with};

pub(super) async fn host(settings: &[(&str, &str)]) -> (FunctionsHost, tempfile::TempDir) {
    host_with(&[&[("RULES", "UnfamiliarReader"), ("LEARN_DAYS", "3")], settings].concat()).await
}

fn alerts(host: &FunctionsHost) -> Vec<Value> {
    host.sink().messages("certificate-alerts").iter().map(|message| serde_json::from_slice(message).unwrap()).collect()
}

/// Delivers a read as the event of a number, which the hub took at once.
async fn deliver(host: &FunctionsHost, number: i64, event: String) {
    let record: Value = serde_json::from_str(&event).unwrap();
    let taken = record["time"].as_str().unwrap().parse().unwrap();
    let batch = Batch::new("0", number, [event.into_bytes()]).enqueued_from(taken, SignedDuration::ZERO);
    assert!(host.deliver(FUNCTION, &batch, Patience::default()).await.unwrap().succeeded());
}

fn strange() -> String {
    read(Reader { address: STRANGE, client: "curl/8", ..JOB }, "kv-job", on(6, 0))
}

#[tokio::test]
async fn what_one_instance_has_learnt_another_judges_by_and_a_restart_forgets_nothing() {
    let Some(azurite) = Azurite::own() else { return };
    let connection = azurite.connection_string();
    let shared = [("STATE_STORE", "blob"), ("AzureWebJobsStorage", connection.as_str())];
    let (one, _folder) = host(&shared).await;
    for day in 1..=4 {
        deliver(&one, day, read(JOB, "kv-job", on(day, 0))).await;
    }

    let (other, _other_folder) = host(&shared).await;
    deliver(&other, 50, strange()).await;
    other.restart().await.unwrap();
    deliver(&other, 50, strange()).await;
    deliver(&one, 51, strange()).await;

    assert!(alerts(&one).is_empty());
    let told = alerts(&other);
    assert_eq!(told.len(), 2, "{told:?}");
    assert_eq!(told[0], told[1], "the record that was new alerts again");
    assert_eq!(told[0]["severity"], "HIGH");
}

#[tokio::test]
async fn a_memory_that_is_gone_is_an_error_and_a_high_alert() {
    let Some(azurite) = Azurite::own() else { return };
    let connection = azurite.connection_string();
    let shared = [("STATE_STORE", "blob"), ("AzureWebJobsStorage", connection.as_str())];
    let (first, _folder) = host(&shared).await;
    for day in 1..=4 {
        deliver(&first, day, read(JOB, "kv-job", on(day, 0))).await;
    }
    azurite.client().unwrap().delete_container("certificate-state").await.unwrap();

    let (next, _next_folder) = host(&shared).await;
    for (number, day) in (10..).zip(5..=8) {
        deliver(&next, number, read(JOB, "kv-job", on(day, 0))).await;
    }

    let told = alerts(&next);
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0]["severity"], "HIGH");
    assert_eq!(told[0]["alertContext"]["unfamiliar"], "what was usual is forgotten");
    let stderr = next.stderr();
    assert!(stderr.iter().any(|line| line.contains("what UnfamiliarReader had learnt is gone")), "{stderr:?}");
}

#[tokio::test]
async fn without_a_memory_the_rule_is_off_with_a_line_and_with_a_baseline_it_is_on() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("baseline.json");
    let logs: String = (1..=4).map(|day| read(JOB, "kv-job", on(day, 0)) + "\n").collect();
    let written = crate::replay::replay(&["baseline", "-", "--out", file.to_str().unwrap()], logs.as_bytes());
    assert!(written.status.success());

    let (off, _off_folder) = host(&[]).await;
    deliver(&off, 1, strange()).await;
    let (on, _on_folder) = host(&[("BASELINE", file.to_str().unwrap())]).await;
    deliver(&on, 1, strange()).await;

    assert!(alerts(&off).is_empty());
    assert!(off.logged().iter().any(|(_, line)| line.contains("UnfamiliarReader is off")), "{:?}", off.logged());
    assert_eq!(alerts(&on)[0]["severity"], "HIGH");
}

#[tokio::test]
async fn a_baseline_and_what_the_log_has_learnt_count_together() {
    let Some(azurite) = Azurite::own() else { return };
    let connection = azurite.connection_string();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("baseline.json");
    let logs: String = (1..=4).map(|day| read(JOB, "kv-job", on(day, 0)) + "\n").collect();
    crate::replay::replay(&["baseline", "-", "--out", file.to_str().unwrap()], logs.as_bytes());
    let shared = [("STATE_STORE", "blob"), ("AzureWebJobsStorage", connection.as_str())];
    let (with, _with_folder) = host(&[&shared[..], &[("BASELINE", file.to_str().unwrap())]].concat()).await;
    // It reads the baseline into the log before its first batch, or soon after.
    for number in 1..40 {
        deliver(&with, number, read(JOB, "kv-job", on(5, number))).await;
    }

    let (without, _without_folder) = host(&shared).await;
    deliver(&without, 100, strange()).await;

    assert_eq!(alerts(&without)[0]["severity"], "HIGH");
}
