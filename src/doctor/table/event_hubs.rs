//! `extensions.eventHubs` of `host.json`: sizes that fit into the memory of an instance, as docs/performance.md explains.

use crate::doctor::examined::Examined;
use crate::doctor::form::{number, seconds};
use crate::doctor::table::{Subject, fault, note};
use crate::http::MAX_BODY_BYTES;

/// The most events in a batch, and again prefetched, with which four partitions fit into an instance of 2,048 MB.
const MOST: u64 = 25;

#[rustfmt::skip]
pub(in crate::doctor) const BATCHES: Subject = Subject(
    "four partitions of the largest events fit into an instance of 2,048 MB, and a batch of them into the largest body", &[
    fault("host.json/extensions/eventHubs/maxEventBatchSize", "100", |at, _| number(at).is_some_and(|batch| batch > 0),
        "maxEventBatchSize in host.json is no number of events, so the host does not start: set it to 25"),
    fault("host.json/extensions/eventHubs/maxEventBatchSize", "100", |at, app| number(at).is_none_or(|batch| fits_body(batch, app)),
        "{value} events of 1 MiB make a body over the handler's limit of 256 MiB, and a batch that is refused blocks its \
         partition: set maxEventBatchSize to 25"),
    fault("host.json/extensions/eventHubs/maxEventBatchSize", "100", |at, app| {
            number(at).is_none_or(|batch| batch <= MOST || !fits_body(batch, app))
        },
        "{value} large events in a batch are more than the host can hold with 2,048 MB: it ends, and the same batch comes \
         again: set maxEventBatchSize to 25"),
    fault("host.json/extensions/eventHubs/prefetchCount", "300", |at, _| number(at).is_some_and(|count| count <= MOST),
        "prefetchCount in host.json lets more large events wait than the host can hold with 2,048 MB: it ends, and they come \
         again: set it to 25"),
    fault("host.json/extensions/eventHubs/minEventBatchSize", "1", |at, app| {
            let most = number(&app.text_or("host.json/extensions/eventHubs/maxEventBatchSize", "100")).filter(|most| *most > 0);
            number(at).is_some_and(|least| least == 1 || least > 1 && most.is_none_or(|most| least < most))
        },
        "minEventBatchSize in host.json is not below maxEventBatchSize, and above it the host does not start: set it to 20"),
    note("host.json/extensions/eventHubs/minEventBatchSize", "1", |at, _| number(at) != Some(1),
        "host.json does not wait until a batch is fuller: each event of a trickle is an invocation, which is billed as a second \
         at least; minEventBatchSize 20 waits"),
    fault("host.json/extensions/eventHubs/initialOffsetOptions/type", "fromStart", |at, _| {
            ["fromstart", "fromend", "fromenqueuedtime"].contains(&at.to_ascii_lowercase().as_str())
        },
        "the type of initialOffsetOptions in host.json is one that does not exist, so the host does not start: set it to fromStart"),
    note("host.json/extensions/eventHubs/initialOffsetOptions/type", "fromStart", |at, _| !at.eq_ignore_ascii_case("fromEnd"),
        "a new consumer group begins at the end of the hub: what waited there before is never read"),
    fault("host.json/extensions/eventHubs/maxWaitTime", "00:01:00", |at, _| seconds(at).is_some_and(|wait| (1..=600).contains(&wait)),
        "maxWaitTime in host.json is no time up to ten minutes: set it to 00:01:00"),
    fault("host.json/extensions/eventHubs/targetUnprocessedEventThreshold", "1", |at, _| number(at).is_some_and(|events| events > 0),
        "targetUnprocessedEventThreshold in host.json is no number of events: set it to 1000"),
    note("host.json/extensions/eventHubs/targetUnprocessedEventThreshold", "", |at, _| !at.is_empty(),
        "host.json has no targetUnprocessedEventThreshold: Azure starts an instance for each maxEventBatchSize events that wait"),
    fault("host.json/extensions/eventHubs/partitionOwnershipExpirationInterval", "00:02:00", |at, app| {
            let renewed = seconds(&app.text_or("host.json/extensions/eventHubs/loadBalancingUpdateInterval", "00:00:30"));
            seconds(at).zip(renewed).is_some_and(|(expires, renewed)| expires > renewed)
        },
        "the ownership of a partition expires before it is renewed, so hosts take partitions from each other: remove \
         partitionOwnershipExpirationInterval and loadBalancingUpdateInterval from host.json"),
]);

/// Whether so many events of 1 MiB, the longest of the standard tier, fit into a body. Base64 takes four letters for three
/// bytes; a control character that is escaped twice takes seven. The host's own metadata may take a quarter more.
fn fits_body(batch: u64, app: &Examined<'_>) -> bool {
    let is_binary = app.text_or("CertificateAccessed/bindings/events/dataType", "").eq_ignore_ascii_case("binary");
    let event = if is_binary { (1 << 20) / 3 * 4 } else { 7 << 20 } / 4 * 5;
    batch.saturating_mul(event) <= MAX_BODY_BYTES as u64
}

const _: () = assert!(MAX_BODY_BYTES == 256 << 20, "the table says 256 MiB");
