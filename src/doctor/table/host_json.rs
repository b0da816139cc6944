//! `host.json`: what is started, what is logged, how queues are read, and batches of a size that fits into the memory of an
//! instance, as docs/performance.md explains.

use crate::doctor::examined::Examined;
use crate::doctor::form::{DAY, allows, number, seconds};
use crate::doctor::table::{Subject, fault, note};
use crate::http::MAX_BODY_BYTES;

fn names(list: &str, name: &str) -> bool {
    ["", "{}"].contains(&list) || list.split(' ').any(|one| one.eq_ignore_ascii_case(name))
}

/// Whether a section is missing, by one of its members, too: a setting may add that alone.
fn is_absent(section: &str, app: &Examined<'_>, member: &str) -> bool {
    section.is_empty() && app.text_or(member, "").is_empty()
}

#[rustfmt::skip]
pub(in crate::doctor) const START: Subject = Subject("host.json starts the handler with the argument serve, and both functions", &[
    fault("host.json/version", "", |at, _| at == "2.0",
        "host.json does not say version 2.0, so the host does not start: set version to 2.0"),
    fault("host.json/customHandler/description/arguments", "", |at, _| at == "serve",
        "host.json does not start the handler with serve: set arguments to [\"serve\"]"),
    fault("host.json/functions", "", |at, _| names(at, "CertificateAccessed"),
        "the list of functions in host.json leaves out CertificateAccessed, so it never runs: remove the list"),
    fault("host.json/functions", "", |at, _| names(at, "NotifyTeams"),
        "the list of functions in host.json leaves out NotifyTeams, so it never runs: remove the list; \
         AzureWebJobs.NotifyTeams.Disabled=true turns Teams off"),
    fault("host.json/httpWorker", "", |at, app| is_absent(at, app, "host.json/httpWorker/description/defaultExecutablePath"),
        "host.json has a section httpWorker, an old form of customHandler: remove it"),
    fault("host.json/retry", "", |at, app| is_absent(at, app, "host.json/retry/strategy"),
        "host.json has a retry policy for all functions, and a queue retries by itself: remove it; the detection has its own in \
         CertificateAccessed/function.json"),
    fault("host.json/functionTimeout", "00:05:00", |at, _| !["-1", "-00:00:01"].contains(&at),
        "functionTimeout in host.json is unlimited, so an invocation that hangs blocks its partition: set it to 00:05:00"),
    fault("host.json/functionTimeout", "00:05:00", |at, _| at.starts_with('-') || seconds(at).is_some_and(|timeout| timeout > 0),
        "functionTimeout in host.json is no time as hh:mm:ss, so the host does not start: set it to 00:05:00"),
    fault("host.json/customHandler/initializationTimeout", "00:00:30", |at, _| seconds(at).is_some_and(|timeout| timeout >= 10),
        "initializationTimeout in host.json is no time, or under ten seconds: a start that takes longer counts as a crash, and \
         the third crash ends the host: remove it; the host then gives the handler 30 seconds"),
    fault("host.json/extensionBundle/id", "", |at, _| at.eq_ignore_ascii_case("Microsoft.Azure.Functions.ExtensionBundle"),
        "host.json names no extensionBundle Microsoft.Azure.Functions.ExtensionBundle, so the host knows neither event hubs nor \
         queues, and switches both functions off: copy the extensionBundle of the repository's host.json"),
    fault("host.json/extensionBundle/version", "", |at, app| app.text_or("host.json/extensionBundle/id", "").is_empty() || allows(at, 4) == Some(true),
        "the extensionBundle in host.json allows no version 4, which this app is made for: copy that of the repository's host.json"),
    note("host.json/customHandler/description/workingDirectory", "", |at, _| at.is_empty(),
        "host.json sets a workingDirectory: EXPECTED_ACCESS is relative to it"),
]);

#[rustfmt::skip]
pub(in crate::doctor) const LOGS: Subject = Subject("host.json lets every line of the detection through to Application Insights", &[
    fault("host.json/logging/logLevel/default", "", |_, app| !["warning", "error", "critical", "none"].contains(&level(app).as_str()),
        "host.json drops what the detection logs as Information, so the queries and alarms are blind: set \
         logging.logLevel.default to Information"),
    fault("host.json/logging/logLevel/default", "", |_, app| {
            ["", "trace", "debug", "information", "warning", "error", "critical", "none"].contains(&level(app).as_str())
        },
        "a logLevel in host.json is no level that the host knows: set logging.logLevel.default to Information"),
    fault("host.json/logging/applicationInsights/samplingSettings/excludedTypes", "", |at, app| {
            let sampling = |name| app.text_or(&format!("host.json/logging/applicationInsights/samplingSettings/{name}"), "");
            let has_traces = |types: &str| types.split(';').any(|kind| kind.trim().eq_ignore_ascii_case("Trace"));
            let included = sampling("includedTypes");
            sampling("isEnabled").eq_ignore_ascii_case("false") || has_traces(at) || !(included.is_empty() || has_traces(&included))
        },
        "Application Insights samples the lines of the detection, so queries and alarms miss some: set excludedTypes of \
         samplingSettings in host.json to Trace;Exception;Request"),
]);

/// The level of the detection's lines, which the host logs as Information. The most specific category counts, and the levels
/// of one destination override those of all.
fn level(app: &Examined<'_>) -> String {
    let categories = ["Function.CertificateAccessed.User", "Function.CertificateAccessed", "Function", "default"];
    let places = ["host.json/logging/applicationInsights/logLevel", "host.json/logging/logLevel"];
    let mut paths = places.iter().flat_map(|place| categories.map(|category| format!("{place}/{category}")));
    let level = paths.find_map(|path| app.text(&path));
    level.unwrap_or_default().to_ascii_lowercase()
}

#[rustfmt::skip]
pub(in crate::doctor) const QUEUES: Subject = Subject("alerts for Teams are tried again for a day", &[
    fault("host.json/extensions/queues/visibilityTimeout", "00:00:00", |at, _| seconds(at).is_some(),
        "visibilityTimeout in host.json is no time, so the host does not start: set it to 00:05:00"),
    fault("host.json/extensions/queues/maxDequeueCount", "5", |at, _| number(at).is_some(),
        "maxDequeueCount in host.json is no number, so the host does not start: set it to 288"),
    fault("host.json/extensions/queues/maxDequeueCount", "5", |at, app| {
            let pause = seconds(&app.text_or("host.json/extensions/queues/visibilityTimeout", "00:00:00"));
            number(at).zip(pause).is_none_or(|(count, pause)| count.saturating_mul(pause) >= DAY)
        },
        "alerts for Teams are given up after {value} deliveries, before a day is over, and go to the poison queue: set \
         visibilityTimeout to 00:05:00 and maxDequeueCount to 288 in host.json"),
    fault("host.json/extensions/queues/messageEncoding", "base64", |at, _| ["base64", "none"].contains(&at.to_ascii_lowercase().as_str()),
        "messageEncoding in host.json is one that does not exist, so the host does not start: set it to base64"),
    note("host.json/extensions/queues/messageEncoding", "base64", |at, _| !at.eq_ignore_ascii_case("none"),
        "queue messages are not in base64, which readers of the queue expect: a host that expects it puts each into the poison \
         queue at once, with a warning only"),
    fault("host.json/extensions/queues/batchSize", "16", |at, _| number(at).is_some_and(|size| (1..=32).contains(&size)),
        "the batchSize of queues in host.json is no number from 1 to 32, so the host does not start: set it to 1"),
    note("host.json/extensions/queues/batchSize", "16", |at, _| number(at).is_none_or(|size| size <= 1),
        "up to {value} cards are posted at once; a channel takes about four a second"),
]);

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
