//! A host that dies, by SIGKILL or out of memory: its handler ends, and its batch comes again.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::net::{Ipv4Addr, TcpStream};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use crate::given::{READ, read_of};
use crate::host::{FUNCTION, app_folder, batch, host_with};
use support::functions_host::delivery::Patience;
use support::functions_host::host::FunctionsHost;
use support::functions_host::mortal_host::Orphan;

/// How long a handler may live on without its host.
const SOON: Duration = Duration::from_secs(10);

async fn mortal_host() -> (FunctionsHost, TempDir) {
    let folder = app_folder();
    let host = FunctionsHost::start_mortal(folder.path(), &[]).await.unwrap();
    (host, folder)
}

async fn ends_soon(orphan: &Orphan) -> bool {
    let begun = Instant::now();
    while orphan.is_running() && begun.elapsed() < SOON {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    !orphan.is_running()
}

fn alert_ids(host: &FunctionsHost) -> BTreeSet<String> {
    let id = |message: Vec<u8>| {
        let alert: Value = serde_json::from_slice(&message).unwrap();
        alert["alertId"].as_str().unwrap().to_owned()
    };
    host.sink().messages("certificate-alerts").into_iter().map(id).collect()
}

#[tokio::test]
async fn a_handler_whose_host_is_gone_ends() {
    let (host, _folder) = mortal_host().await;
    host.deliver(FUNCTION, &batch(&[READ]), Patience::default()).await.unwrap();

    let orphan = host.die().await.unwrap();

    assert!(orphan.is_running(), "nothing but itself ends it");
    assert!(ends_soon(&orphan).await);
}

#[tokio::test]
async fn a_handler_whose_host_is_gone_first_ends_the_request_in_flight() {
    let (host, _folder) = mortal_host().await;
    let orphan = host.die().await.unwrap();
    let mut caller = TcpStream::connect((Ipv4Addr::LOCALHOST, orphan.port)).unwrap();
    let head = "POST /CertificateAccessed HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{";
    caller.write_all(head.as_bytes()).unwrap();

    tokio::time::sleep(Duration::from_secs(5)).await;
    assert!(
        TcpStream::connect((Ipv4Addr::LOCALHOST, orphan.port)).is_ok(),
        "a body is on its way, so the port is open"
    );

    drop(caller);
    assert!(ends_soon(&orphan).await);
}

#[tokio::test]
async fn a_handler_whose_host_lives_does_not_end() {
    let (host, _folder) = mortal_host().await;

    tokio::time::sleep(Duration::from_secs(5)).await;

    assert!(host.exit_status().await.is_none());
    assert!(host.deliver(FUNCTION, &batch(&[READ]), Patience::default()).await.unwrap().succeeded());
}

#[tokio::test]
async fn the_batch_of_a_host_that_ran_out_of_memory_comes_again_under_the_same_ids() {
    let events = [read_of("kv-a", "192.0.2.7"), read_of("kv-b", "192.0.2.7")];
    let batch = batch(&[&events[0], &events[1]]);
    let (first, _folder) = mortal_host().await;
    let (next, _other_folder) = host_with(&[]).await;

    let before = first.deliver(FUNCTION, &batch, Patience::default()).await.unwrap();
    let ids = alert_ids(&first);
    let orphan = first.die().await.unwrap();
    let again = next.deliver(FUNCTION, &batch, Patience::default()).await.unwrap();

    let invocation_ids = [&before, &again].map(|delivery| delivery.invocations().next().unwrap().id.clone());
    assert_ne!(invocation_ids[0], invocation_ids[1], "the next owner invokes anew");
    assert_eq!(alert_ids(&next), ids);
    assert_eq!(ids.len(), 2);
    assert!(ends_soon(&orphan).await);
}
