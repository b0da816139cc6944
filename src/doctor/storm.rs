//! Limits for bad days: the largest batch against the largest body, and a day of retries for Teams.

use super::functions::Encoding;
use super::host_json::{HostJson, MAX_BATCH};
use super::report::Report;
use crate::http::MAX_BODY_BYTES;

/// What the host takes where host.json says nothing; older extensions took fewer.
const DEFAULT_BATCH: u64 = 100;
/// The longest event of the hub's standard tier.
const MAX_EVENT_BYTES: u64 = 1 << 20;
/// Seconds of a day.
const DAY: u64 = 24 * 60 * 60;

/// Checks both.
pub(super) fn check(host: &HostJson, encoding: Encoding, report: &mut Report) {
    check_body(host, encoding, report);
    check_queues(host, report);
}

fn check_body(host: &HostJson, encoding: Encoding, report: &mut Report) {
    let batch = host.text(MAX_BATCH).map_or(Ok(DEFAULT_BATCH), |text| text.parse::<u64>());
    let Ok(batch @ 1..) = batch else {
        report.fault("maxEventBatchSize in host.json is no number of events", r#"set "maxEventBatchSize": 100"#);
        return;
    };
    // Four letters for three bytes in base64; a control character becomes seven letters when it is escaped twice. A
    // quarter more is for what the host says of each event.
    let event = match encoding {
        Encoding::Binary => MAX_EVENT_BYTES / 3 * 4,
        Encoding::Text => MAX_EVENT_BYTES * 7,
    } / 4
        * 5;
    let most = MAX_BODY_BYTES as u64 / event;
    if batch > most {
        report.fault(
            format!(
                "{batch} events of 1 MiB make a body over the handler's limit of {} MiB, and a batch that is refused \
                 blocks its partition",
                MAX_BODY_BYTES >> 20
            ),
            format!("set maxEventBatchSize to {most} at the most{}", binary_hint(encoding)),
        );
    } else {
        report.ok(format!("{batch} events of 1 MiB fit into the largest body that the handler takes"));
    }
}

fn binary_hint(encoding: Encoding) -> &'static str {
    if encoding == Encoding::Text { ", or bind events with dataType binary" } else { "" }
}

/// A queue message is given up after `maxDequeueCount` deliveries, `visibilityTimeout` apart.
fn check_queues(host: &HostJson, report: &mut Report) {
    let text = |name| host.text(&["extensions", "queues", name]);
    let pause = text("visibilityTimeout").map_or(Some(0), |pause| seconds(&pause));
    let count = text("maxDequeueCount").map_or(Some(5), |count| count.parse::<u64>().ok());
    let (Some(pause), Some(count)) = (pause, count) else {
        report.fault(
            "extensions.queues in host.json has a visibilityTimeout or maxDequeueCount that is none",
            r#"set "visibilityTimeout": "00:05:00" and "maxDequeueCount": 288"#,
        );
        return;
    };
    if pause.saturating_mul(count) >= DAY {
        report.ok("alerts for Teams are tried again for a day");
    } else {
        report.fault(
            format!("alerts for Teams are given up after {count} deliveries, {pause} seconds apart"),
            r#"set "visibilityTimeout": "00:05:00" and "maxDequeueCount": 288 in host.json"#,
        );
    }
    if text("messageEncoding").is_some_and(|encoding| !encoding.eq_ignore_ascii_case("base64")) {
        report.note("queue messages are not in base64, which readers of the queue expect");
    }
    let at_once = text("batchSize").and_then(|size| size.parse::<u64>().ok()).unwrap_or(16);
    if at_once > 1 {
        report.note(format!("up to {at_once} cards are posted at once; a channel takes about four a second"));
    }
}

/// Reads `[d.]hh:mm:ss`.
fn seconds(text: &str) -> Option<u64> {
    let (days, clock) = match text.split_once('.') {
        Some((days, clock)) if days.parse::<u64>().is_ok() && clock.contains(':') => (days.parse().ok()?, clock),
        _ => (0, text),
    };
    let parts: Vec<u64> = clock.split(':').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let [hours, minutes, seconds] = parts.as_slice() else { return None };
    Some(days * DAY + hours * 3600 + minutes * 60 + seconds)
}
