//! One identity that reads many names, over all partitions at once, each read a batch of its own.

use std::collections::BTreeSet;
use std::error::Error;
use std::time::Duration;

use futures_util::future::try_join_all;

use support::functions_host::delivery::Patience;
use support::functions_host::event_hub::Batch;
use support::functions_host::host::FunctionsHost;
use support::secret_read::secret_read;

/// What a theft came to.
pub(super) struct Found {
    /// The ids of its alerts.
    pub(super) ids: BTreeSet<String>,
    /// How long the slowest of its batches took.
    pub(super) slowest: Duration,
}

/// What is looked at of an alert.
#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Alert {
    alert_id: String,
    dedup: String,
}

/// A read of a secret.
pub(super) fn read(object_id: &str, name: &str) -> String {
    secret_read(object_id, name, "2026-03-02T08:14:58Z")
}

/// Steals, and looks at what the hosts would have written to the queue.
pub(super) async fn steal(
    hosts: &[FunctionsHost],
    number: usize,
    partitions: usize,
    names: usize,
) -> Result<Found, Box<dyn Error>> {
    let thief = format!("thief-{number}-");
    let delivered = (0..partitions).map(|partition| {
        let (host, thief) = (hosts.get(partition % hosts.len()), &thief);
        async move {
            let host = host.ok_or("a host for each partition")?;
            let mut slowest = Duration::ZERO;
            for name in (partition..names).step_by(partitions) {
                let sequence = i64::try_from(number * names + name)?;
                let batch = Batch::new(&partition.to_string(), sequence, [read(thief, &name.to_string()).into_bytes()]);
                let delivery = host.deliver("CertificateAccessed", &batch, Patience::default()).await?;
                let times = delivery.invocations().map(|invocation| invocation.answered_in);
                slowest = slowest.max(times.max().unwrap_or_default());
            }
            Ok::<_, Box<dyn Error>>(slowest)
        }
    });
    let slowest = try_join_all(delivered).await?.into_iter().max().unwrap_or_default();
    let mut ids = BTreeSet::new();
    for message in hosts.iter().flat_map(|host| host.sink().messages("certificate-alerts")) {
        let alert: Alert = serde_json::from_slice(&message)?;
        if alert.dedup.contains(&thief) {
            ids.insert(alert.alert_id);
        }
    }
    Ok(Found { ids, slowest })
}
