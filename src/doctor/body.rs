//! The largest batch against the largest body.

use super::functions::Encoding;
use super::host_json::HostJson;
use super::report::Report;
use crate::http::MAX_BODY_BYTES;

/// What the host takes where host.json says nothing; older extensions took fewer.
const DEFAULT_BATCH: u64 = 100;
/// The longest event of the hub's standard tier.
const MAX_EVENT_BYTES: u64 = 1 << 20;

/// Checks that the handler takes every batch: one that is refused blocks its partition.
pub(super) fn check(host: &HostJson<'_>, encoding: Encoding, report: &mut Report) {
    let batch = host.text(&["extensions", "eventHubs", "maxEventBatchSize"]);
    let Ok(batch @ 1..) = batch.map_or(Ok(DEFAULT_BATCH), |text| text.parse::<u64>()) else {
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
