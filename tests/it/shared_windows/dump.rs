//! A theft whose reads come over many partitions at once raises one alert, in the batch that crossed the line.

use super::*;
use futures_util::future::join_all;

/// Delivers each read of a theft as a batch of its own, all at once; gives the ids of its alerts.
async fn steal(hosts: &[(FunctionsHost, tempfile::TempDir)], partitions: usize, reads: usize) -> Vec<String> {
    let object_id = Uuid::new_v4().to_string();
    let delivered = (0..partitions).map(|partition| {
        let (host, _) = &hosts[partition % hosts.len()];
        let object_id = &object_id;
        async move {
            for read in (partition..reads).step_by(partitions) {
                let event = secret_read(object_id, &format!("name-{read}")).into_bytes();
                let batch = Batch::new(&format!("{partition}-{object_id}"), i64::try_from(read).unwrap(), [event]);
                assert!(host.deliver(FUNCTION, &batch, Patience::default()).await.unwrap().succeeded());
            }
        }
    });
    join_all(delivered).await;
    let of_theft = hosts.iter().flat_map(|(host, _)| alerts(host));
    let of_theft = of_theft.filter(|alert| alert["dedup"].as_str().unwrap().contains(&object_id));
    of_theft.map(|alert| alert["alertId"].as_str().unwrap().to_owned()).collect()
}

async fn dumps_told_once(instances: usize, partitions: usize, reads: usize, thefts: usize) {
    told_once(instances, partitions, reads, thefts, &[("RULES", "CertificateDump")]).await;
}

async fn told_once(instances: usize, partitions: usize, reads: usize, thefts: usize, settings: &[(&str, &str)]) {
    let Some(azurite) = Azurite::own() else { return };
    let mut hosts = Vec::new();
    for _ in 0..instances {
        hosts.push(host(&azurite.connection_string(), settings).await);
    }
    for theft in 0..thefts {
        assert_eq!(steal(&hosts, partitions, reads).await.len(), 1, "theft {theft}");
    }
}

#[tokio::test]
async fn over_twenty_five_partitions_of_one_instance_where_every_read_has_to_count() {
    dumps_told_once(1, 25, 25, 4).await;
}

#[tokio::test]
async fn over_eight_partitions_of_two_instances() {
    dumps_told_once(2, 8, 30, 6).await;
}

#[tokio::test]
async fn a_correlation_over_eight_partitions_of_two_instances() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/sigma");
    told_once(2, 8, 30, 6, &[("RULES", "CertificateAccessed"), ("SIGMA_RULES", folder)]).await;
}

#[tokio::test]
async fn over_thirty_two_partitions_of_four_instances() {
    dumps_told_once(4, 32, 40, 4).await;
}

#[tokio::test]
async fn where_the_answer_of_the_write_that_crosses_the_line_is_lost_the_batch_alerts_all_the_same() {
    let Some(azurite) = Azurite::own() else { return };
    let proxy = StorageProxy::start(azurite.blob_endpoint()).await.unwrap();
    let (host, _folder) = host(&proxy.connection_string(), &[("RULES", "CertificateDump")]).await;
    let batch = |from: usize, to: usize| {
        let first = i64::try_from(from).unwrap();
        Batch::new("0", first, (from..to).map(|read| secret_read("thief", &read.to_string()).into_bytes()))
    };
    host.deliver(FUNCTION, &batch(0, 20), Patience::default()).await.unwrap();
    let mut losses = 1;
    proxy.set(move |_: &str, path: &str| {
        let is_lost = path.contains("comp=appendblock") && losses > 0;
        losses -= i32::from(is_lost);
        if is_lost { Weather::AnswerLost } else { Weather::Fair }
    });

    let delivery = host.deliver(FUNCTION, &batch(20, 30), Patience::default()).await.unwrap();

    assert!(delivery.succeeded() && delivery.failures().next().is_none(), "in the same attempt");
    assert_eq!(alerts(&host)[0]["alertContext"]["read_count"], 25);
}

#[tokio::test]
async fn five_thousand_identities_in_one_process_are_told_five_thousand_times() {
    let Some(azurite) = Azurite::own() else { return };
    let (host, _folder) =
        host(&azurite.connection_string(), &[("RULES", "CertificateDump"), ("DUMP_THRESHOLD", "3")]).await;
    for name in 0..3_i64 {
        for from in (0..5_000_i64).step_by(500) {
            let reads =
                (from..from + 500).map(|thief| secret_read(&format!("thief-{thief}"), &name.to_string()).into_bytes());
            let batch = Batch::new("0", name * 5_000 + from, reads);
            assert!(host.deliver(FUNCTION, &batch, Patience::default()).await.unwrap().succeeded());
        }
    }

    assert_eq!(alert_ids(&host).len(), 5_000);
}
