//! The retry policy: without it a failed batch is gone, because the host moves its checkpoint all the same.

use serde_json::Value;

use super::super::host_json::get;
use super::super::report::Report;

/// Checks the policy of the detection.
pub(super) fn check(detector: &Value, report: &mut Report) {
    let Some(retry) = get(detector, "retry") else {
        report.fault(
            "CertificateAccessed has no retry policy, so a batch that fails once is lost",
            "take \"retry\" of the repository's function.json",
        );
        return;
    };
    if get(retry, "maxRetryCount").and_then(Value::as_i64) != Some(-1) {
        report.fault(
            "CertificateAccessed gives a batch up after some retries, and its events are lost",
            r#"set "maxRetryCount": -1 in its retry policy"#,
        );
    }
    let text = |key| get(retry, key).and_then(Value::as_str);
    match text("strategy") {
        Some("exponentialBackoff") => {
            for key in ["minimumInterval", "maximumInterval"] {
                if text(key).is_none() {
                    report.fault(
                        format!("the retry policy of CertificateAccessed has no {key}"),
                        "set it as in the repository's function.json",
                    );
                }
            }
        }
        Some("fixedDelay") => {
            report.note("CertificateAccessed is tried again at a fixed pace; exponentialBackoff spares")
        }
        _ => report.fault(
            "the retry policy of CertificateAccessed has no strategy that the host knows",
            r#"set "strategy": "exponentialBackoff""#,
        ),
    }
}
