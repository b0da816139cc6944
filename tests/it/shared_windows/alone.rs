//! An instance that the storage refuses.

use std::sync::Arc;
use std::time::Duration;

use certificate_accessed::config::storage_account;
use certificate_accessed::shared_windows::SharedWindows;
use certificate_accessed::state_log::Limits;
use certificate_accessed::storage::Container;
use certificate_accessed::windows::{Entry, Period, RecordId, Role, Verdict, WindowKey};

use super::*;

/// Short for a test; in operation it is a quarter of an hour.
const REFUSED_PATIENCE: Duration = Duration::from_millis(500);

fn windows(proxy: &StorageProxy) -> SharedWindows {
    let connection_string = proxy.connection_string();
    let account = storage_account(&|name| (name == "AzureWebJobsStorage").then(|| connection_string.clone())).unwrap();
    let container = Container::of(&account, "certificate-state").unwrap();
    SharedWindows::start_with(container, Limits::default(), REFUSED_PATIENCE)
}

fn read(number: usize) -> (Role, Entry) {
    let (time, period) = ("2026-03-02T08:00:00Z".parse().unwrap(), Period { minutes: 60, threshold: 3 });
    let (key, record) = (WindowKey::new("rule", "thief"), RecordId::named(&number.to_string()));
    let entry = Entry::plain("rule".into(), key, "thief".into(), record, time, period);
    (Role::Match, Entry { value: number.to_string().into(), ..entry })
}

fn is_alert(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Alert { .. })
}

#[tokio::test]
async fn an_instance_that_is_refused_counts_alone_after_a_while_and_writes_it_down_later() {
    let Some(azurite) = Azurite::own() else { return };
    let proxy = StorageProxy::start(azurite.blob_endpoint()).await.unwrap();
    let (one, other) = (Arc::new(windows(&proxy)), windows(&proxy));
    one.decide_entries(&[read(0)]).await.unwrap();

    proxy.set(|_: &str, _: &str| Weather::Wrong(403));
    let at_first = one.decide_entries(&[read(1)]).await.unwrap_err();
    tokio::time::sleep(REFUSED_PATIENCE).await;
    let below = one.decide_entries(&[read(1)]).await.unwrap();
    let crossed = one.decide_entries(&[read(2)]).await.unwrap();
    let crossed_again = one.decide_entries(&[read(2)]).await.unwrap();
    proxy.set(|_: &str, _: &str| Weather::Fair);
    let back = one.decide_entries(&[read(3)]).await.unwrap();
    let elsewhere = other.decide_entries(&[read(4), read(2)]).await.unwrap();

    assert!(at_first.to_string().contains("refuses access (status 403)"), "{at_first}");
    assert_eq!(below.verdicts, [Verdict::Pending]);
    assert!(below.fault.is_some() && below.errors().any(|line| line.contains("counts alone")));
    assert_eq!((is_alert(&crossed.verdicts[0]), &crossed.verdicts), (true, &crossed_again.verdicts));
    assert_eq!(back.fault, None);
    assert!(matches!(back.verdicts[0], Verdict::Suppressed { .. }));
    assert!(matches!(elsewhere.verdicts[0], Verdict::Suppressed { .. }), "the alert is known to all now");
    assert_eq!(elsewhere.verdicts[1], crossed.verdicts[0], "and its record sends the same one");
}

#[tokio::test]
async fn what_was_counted_alone_counts_for_all_when_the_storage_is_back() {
    let Some(azurite) = Azurite::own() else { return };
    let proxy = StorageProxy::start(azurite.blob_endpoint()).await.unwrap();
    let (one, other) = (windows(&proxy), windows(&proxy));
    other.decide_entries(&[read(0)]).await.unwrap();
    proxy.set(|_: &str, _: &str| Weather::Wrong(403));
    one.decide_entries(&[read(1)]).await.unwrap_err();
    tokio::time::sleep(REFUSED_PATIENCE).await;
    one.decide_entries(&[read(1)]).await.unwrap();
    proxy.set(|_: &str, _: &str| Weather::Fair);

    one.decide_entries(&[]).await.unwrap();
    let crossed = other.decide_entries(&[read(2)]).await.unwrap();

    assert!(is_alert(&crossed.verdicts[0]), "{crossed:?}");
}

#[tokio::test]
async fn a_log_that_cannot_be_read_is_a_reason_to_wait_and_then_to_go_on_alone() {
    let Some(azurite) = Azurite::own() else { return };
    let client = azurite.client().unwrap();
    client.create_container("certificate-state").await.unwrap();
    client.put_blob("certificate-state", "snapshots/0000000007.json", b"{").await.unwrap();
    let proxy = StorageProxy::start(azurite.blob_endpoint()).await.unwrap();
    let windows = windows(&proxy);

    let at_first = windows.decide_entries(&[read(0)]).await.unwrap_err();
    tokio::time::sleep(REFUSED_PATIENCE).await;
    let alone = windows.decide_entries(&[read(0), read(1), read(2)]).await.unwrap();

    assert!(at_first.to_string().contains("snapshots/0000000007.json cannot be read"), "{at_first}");
    assert!(is_alert(&alone.verdicts[2]));
}

#[tokio::test]
async fn a_container_that_is_deleted_is_made_again_and_begins_with_what_this_instance_knows() {
    let Some(azurite) = Azurite::own() else { return };
    let proxy = StorageProxy::start(azurite.blob_endpoint()).await.unwrap();
    let windows = windows(&proxy);
    windows.decide_entries(&[read(0), read(1)]).await.unwrap();

    azurite.client().unwrap().delete_container("certificate-state").await.unwrap();
    let crossed = windows.decide_entries(&[read(2)]).await.unwrap();

    assert!(is_alert(&crossed.verdicts[0]));
}

#[tokio::test]
async fn what_a_batch_decides_alone_while_another_one_reaches_the_storage_again_is_kept() {
    let Some(azurite) = Azurite::own() else { return };
    let proxy = StorageProxy::start(azurite.blob_endpoint()).await.unwrap();
    let one = Arc::new(windows(&proxy));
    one.open(None).await.unwrap();
    proxy.set(|_: &str, _: &str| Weather::Wrong(403));
    one.decide_entries(&[read(100)]).await.unwrap_err();
    tokio::time::sleep(REFUSED_PATIENCE).await;
    let mut refusals = 1;
    proxy.set(move |_: &str, _: &str| {
        refusals -= 1;
        if refusals >= 0 { Weather::Wrong(403) } else { Weather::Fair }
    });
    proxy.take_requests();

    let alone = tokio::spawn({
        let one = one.clone();
        async move { one.decide_entries(&[read(1), read(2), read(3)]).await.unwrap() }
    });
    while proxy.take_requests().is_empty() {
        tokio::task::yield_now().await;
    }
    let somebody = Entry { key: WindowKey::new("rule", "somebody"), ..read(50).1 };
    one.decide_entries(&[(Role::Match, somebody)]).await.unwrap();
    let alone = alone.await.unwrap();
    let later = one.decide_entries(&[read(4), read(5), read(6)]).await.unwrap();

    assert!(alone.verdicts.iter().any(is_alert), "{alone:?}");
    assert!(!later.verdicts.iter().any(is_alert), "a second id for one dump: {later:?}");
}
