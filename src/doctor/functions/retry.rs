//! The retry policy: without it a failed batch is gone, because the host moves its checkpoint all the same.

use serde_json::Value;

use crate::doctor::json_file::{get, text};
use crate::doctor::report::Report;
use crate::doctor::timespan::seconds;

/// What is right for every fault of an interval.
const MEND: &str = "set it as hh:mm:ss, as in the repository's function.json";

/// Checks the policy of the detection.
pub(super) fn check(detector: &Value, report: &mut Report) {
    let Some(retry) = get(detector, "retry").filter(|retry| retry.is_object()) else {
        report.fault(
            "CertificateAccessed has no retry policy, so a batch that fails once is lost",
            "take \"retry\" of the repository's function.json",
        );
        return;
    };
    let value = |key| get(retry, key).and_then(text);
    if value("maxRetryCount").as_deref() != Some("-1") {
        report.fault(
            "CertificateAccessed gives a batch up after some retries, and its events are lost",
            r#"set "maxRetryCount": -1 in its retry policy"#,
        );
    }
    match value("strategy").unwrap_or_default().to_ascii_lowercase().as_str() {
        "exponentialbackoff" => {
            let least = interval(retry, "minimumInterval", report);
            let most = interval(retry, "maximumInterval", report);
            if least.zip(most).is_some_and(|(least, most)| least > most) {
                report.fault(
                    "the retry policy of CertificateAccessed has a minimumInterval above its maximumInterval",
                    r#"set "minimumInterval": "00:00:05" and "maximumInterval": "00:05:00""#,
                );
            }
        }
        "fixeddelay" => {
            if interval(retry, "delayInterval", report).is_some() {
                report.note("CertificateAccessed is tried again at a fixed pace; exponentialBackoff spares");
            }
        }
        _ => report.fault(
            "the retry policy of CertificateAccessed has no strategy that the host knows",
            r#"set "strategy": "exponentialBackoff""#,
        ),
    }
}

/// Without one of its intervals the host does not start.
fn interval(retry: &Value, key: &str, report: &mut Report) -> Option<u64> {
    let Some(found) = get(retry, key).and_then(text) else {
        report.fault(format!("the retry policy of CertificateAccessed has no {key}"), MEND);
        return None;
    };
    let seconds = seconds(&found);
    if seconds.is_none() {
        report.fault(format!("the {key} of the retry policy of CertificateAccessed is no time"), MEND);
    }
    seconds
}
