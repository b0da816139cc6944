//! Whether the handler's lines reach Application Insights, where queries and alarms read them.

use super::HostJson;
use crate::doctor::report::Report;

/// The categories of the detection's lines, the nearest first: the host takes the first that there is.
const CATEGORIES: &[&str] =
    &["Function.CertificateAccessed.User", "Function.CertificateAccessed", "Function", "default"];

/// Checks levels and sampling.
pub(super) fn check(host: &HostJson<'_>, report: &mut Report) {
    let faults = report.faults();
    check_level(host, report);
    check_sampling(host, report);
    if report.faults() == faults {
        report.ok("host.json lets every line of the detection through to Application Insights");
    }
}

/// The host writes every line of the handler as Information.
fn check_level(host: &HostJson<'_>, report: &mut Report) {
    // A level for one destination stands above the levels for all.
    let places = [["logging", "applicationInsights", "logLevel"].as_slice(), &["logging", "logLevel"]];
    let level = places
        .iter()
        .find_map(|place| CATEGORIES.iter().find_map(|category| host.text(&[place, [*category].as_slice()].concat())));
    match level.unwrap_or_default().to_ascii_lowercase().as_str() {
        "" | "trace" | "debug" | "information" => {}
        "warning" | "error" | "critical" | "none" => report.fault(
            "host.json drops what the detection logs as Information, so the queries and alarms are blind",
            r#"set "logLevel": { "default": "Information" } in its logging"#,
        ),
        _ => report.fault(
            "a logLevel in host.json is no level that the host knows",
            r#"set "logLevel": { "default": "Information" } in its logging"#,
        ),
    }
}

/// Sampling is on where host.json says nothing.
fn check_sampling(host: &HostJson<'_>, report: &mut Report) {
    let text = |name| host.text(&["logging", "applicationInsights", "samplingSettings", name]).unwrap_or_default();
    let has_traces = |types: &str| types.split(';').any(|kind| kind.trim().eq_ignore_ascii_case("Trace"));
    let (included, excluded) = (text("includedTypes"), text("excludedTypes"));
    let is_on = !text("isEnabled").eq_ignore_ascii_case("false");
    if is_on && !has_traces(&excluded) && (included.is_empty() || has_traces(&included)) {
        report.fault(
            "Application Insights samples the lines of the detection, so queries and alarms miss some",
            r#"set "samplingSettings": { "isEnabled": true, "excludedTypes": "Trace;Exception;Request" } in host.json"#,
        );
    }
}
