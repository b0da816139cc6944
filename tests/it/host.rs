//! The real binary under a stand-in for the Functions host, with a real Azurite behind its outputs.

use std::path::Path;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use crate::given::{READ, REFUSED, WRITE, assert_schema, read_of};
use support::azurite::Azurite;
use support::functions_host::app::SetupFailure;
use support::functions_host::app_folder::assemble;
use support::functions_host::delivery::Patience;
use support::functions_host::encoding::{Encoding, request_body};
use support::functions_host::event_hub::Batch;
use support::functions_host::host::FunctionsHost;
use support::functions_host::invocation::Framing;
use support::functions_host::sink::Sink;

pub(crate) const FUNCTION: &str = "CertificateAccessed";

/// The app as it is deployed: host.json, the functions' folders, and the binary where host.json says.
pub(crate) fn app_folder() -> TempDir {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    assemble(repository, Path::new(env!("CARGO_BIN_EXE_certificate-accessed"))).unwrap()
}

/// A running host; the folder has to outlive it.
pub(crate) async fn host_with(settings: &[(&str, &str)]) -> (FunctionsHost, TempDir) {
    let folder = app_folder();
    let settings: Vec<_> = settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let host = FunctionsHost::start(folder.path(), &settings).await.unwrap();
    (host, folder)
}

/// The memory that the handler has now.
#[cfg(target_os = "linux")]
pub(crate) async fn resident_kib(host: &FunctionsHost) -> usize {
    status_kib(host, "VmRSS:").await
}

/// The most memory that the handler ever had.
#[cfg(target_os = "linux")]
pub(crate) async fn peak_kib(host: &FunctionsHost) -> usize {
    status_kib(host, "VmHWM:").await
}

#[cfg(target_os = "linux")]
async fn status_kib(host: &FunctionsHost, field: &str) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{}/status", host.process_id().await.unwrap())).unwrap();
    let value = status.lines().find_map(|line| line.strip_prefix(field)?.trim().strip_suffix(" kB")).unwrap();
    value.parse().unwrap()
}

pub(crate) fn batch(events: &[&str]) -> Batch {
    Batch::new("3", 90_210, events.iter().map(|event| event.as_bytes().to_vec()))
}

#[tokio::test]
async fn an_alert_reaches_a_consumer_of_the_queue_byte_for_byte() {
    let Some(azurite) = Azurite::shared() else { return };
    let client = azurite.client().unwrap();
    let (host, _folder) = host_with(&[]).await;
    let host = host.with_sink(Sink::Azurite(client.clone()));

    let delivery = host.deliver(FUNCTION, &batch(&[WRITE, READ, REFUSED]), Patience::default()).await.unwrap();

    assert!(delivery.succeeded());
    let messages = client.get_messages("certificate-alerts", Duration::from_secs(60)).await.unwrap();
    let of_this_test: Vec<Value> =
        messages.iter().filter_map(|message| serde_json::from_slice(message.bytes.as_deref()?).ok()).collect();
    let alert = of_this_test.iter().find(|alert| alert["alertContext"]["keyvault_name"] == "kv-web").unwrap();
    assert_schema(alert);
    assert_eq!(alert["records"][0]["record"], serde_json::from_str::<Value>(READ).unwrap());
    assert_eq!(alert["records"][0]["source"]["partitionId"], "3");
    assert_eq!(alert["records"][0]["source"]["sequenceNumber"], 90_211);
}

#[tokio::test]
async fn the_offset_of_a_geo_replicated_namespace_reaches_the_queue_as_the_service_wrote_it() {
    let (host, _folder) = host_with(&[("DEDUP_MINUTES", "0")]).await;

    for has_offset_strings in [false, true] {
        let mut batch = batch(&[WRITE, READ]).offset_as_text();
        batch.has_offset_strings = has_offset_strings;
        host.deliver(FUNCTION, &batch, Patience::default()).await.unwrap();

        let message = host.sink().messages("certificate-alerts").pop().unwrap();
        let alert: Value = serde_json::from_slice(&message).unwrap();
        assert_eq!(alert["records"][0]["source"]["offset"], batch.events[1].offset);
    }
}

#[tokio::test]
async fn a_rejected_event_reaches_its_blob_whole() {
    let Some(azurite) = Azurite::shared() else { return };
    let client = azurite.client().unwrap();
    let (host, _folder) = host_with(&[]).await;
    let host = host.with_sink(Sink::Azurite(client.clone()));
    let broken = READ.replace("\"resultType\"", "'resultType'");

    let delivery = host.deliver(FUNCTION, &batch(&[&broken]), Patience::default()).await.unwrap();

    assert!(delivery.succeeded());
    let blobs = client.list_blobs("rejected").await.unwrap();
    let mut payloads = Vec::new();
    for blob in &blobs {
        let line: Value = serde_json::from_slice(&client.get_blob("rejected", blob).await.unwrap()).unwrap();
        payloads.push(line["payload"].as_str().unwrap().to_owned());
    }
    use base64::Engine as _;
    assert!(payloads.contains(&base64::prelude::BASE64_STANDARD.encode(&broken)), "{blobs:?}");
}

#[tokio::test]
async fn chunked_and_measured_bodies_give_the_same_answer() {
    let (host, _folder) = host_with(&[]).await;
    let function = host.function(FUNCTION).unwrap();
    let body = request_body(Encoding::of(&function.trigger), function, &batch(&[READ]), None).unwrap();

    for framing in [Framing::Chunked, Framing::ContentLength] {
        let invocation = host.invoke_as(FUNCTION, body.clone(), "id", framing).await.unwrap();

        assert_eq!(invocation.writes.len(), 1);
    }
}

#[tokio::test]
async fn it_listens_on_the_loopback_and_is_ready_within_milliseconds() {
    let (host, _folder) = host_with(&[("RULES", "AuditedCertificateRead")]).await;

    assert!(host.started_in().await < Duration::from_secs(2), "{:?}", host.started_in().await);
    // The line is written by a thread of its own, so it may come behind the first answer.
    while host.stdout().is_empty() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let started: Value = serde_json::from_str(&host.stdout()[0]).unwrap();
    assert_eq!(started["message"], "started");
    assert!(host.stderr().is_empty(), "{:?}", host.stderr());
}

#[tokio::test]
async fn bad_settings_are_all_named_at_once_and_end_the_process_with_1() {
    let folder = app_folder();
    let settings =
        [("RULES", "canary-one"), ("LOG_LEVEL", "canary-two")].map(|(name, value)| (name.to_owned(), value.to_owned()));

    let refused = FunctionsHost::start(folder.path(), &settings).await.err().unwrap();

    let SetupFailure::Exited { status, stderr } = refused else { panic!("{refused}") };
    assert_eq!(status.code(), Some(1));
    assert!(stderr.contains("RULES") && stderr.contains("LOG_LEVEL"), "{stderr}");
    assert!(!stderr.contains("canary"), "{stderr}");
}

#[cfg(unix)]
#[tokio::test]
async fn a_signal_to_the_handler_alone_costs_a_restart_and_no_crash() {
    let (host, _folder) = host_with(&[]).await;

    for signal in ["INT", "TERM", "HUP", "QUIT"] {
        let status = host.signal(signal, Duration::from_secs(5)).await.unwrap();
        let delivery = host.deliver(FUNCTION, &batch(&[READ]), Patience::default()).await.unwrap();

        assert_eq!(status.and_then(|status| status.code()), Some(200), "{signal}");
        assert!(delivery.succeeded(), "{signal}");
    }
    assert_eq!(host.crashes(), 0);
}

#[tokio::test]
async fn an_invocation_that_is_tried_again_logs_its_summary_each_time_under_one_id() {
    let (host, _folder) = host_with(&[]).await;
    host.fail_writes(|attempt, write| attempt < 3 && write.target() == "certificate-alerts");

    let delivery = host.deliver(FUNCTION, &batch(&[READ]), Patience::default()).await.unwrap();

    let lines: Vec<Value> = host.function_log().iter().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let id = &delivery.invocations().next().unwrap().id;
    assert!(delivery.attempts.len() > 1);
    assert_eq!(lines.len(), delivery.attempts.len());
    assert!(lines.iter().all(|line| line["invocationId"] == id.as_str() && line["alerts"] == 1), "{lines:?}");
}

#[tokio::test]
async fn a_failed_queue_write_is_tried_again_until_it_succeeds_with_the_same_ids() {
    let (host, _folder) = host_with(&[]).await;
    host.fail_writes(|attempt, _write| attempt < 3);

    let second = read_of("kv-b", "192.0.2.8");
    let delivery = host.deliver(FUNCTION, &batch(&[READ, &second]), Patience::default()).await.unwrap();

    assert!(delivery.succeeded());
    let mut ids: Vec<String> = host
        .sink()
        .messages("certificate-alerts")
        .iter()
        .map(|message| serde_json::from_slice::<Value>(message).unwrap()["alertId"].as_str().unwrap().to_owned())
        .collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 2);
}
