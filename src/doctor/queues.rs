//! How the host hands out queue messages: Teams has a day to come back.

use super::host_json::HostJson;
use super::report::Report;
use super::timespan::{DAY, seconds};

/// Checks `extensions.queues`: a message is given up after `maxDequeueCount` deliveries, `visibilityTimeout` apart.
pub(super) fn check(host: &HostJson<'_>, report: &mut Report) {
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
