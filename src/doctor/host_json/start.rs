//! What the host starts, and what keeps it from doing so.

use super::HostJson;
use crate::doctor::functions::{DETECTOR, NOTIFIER};
use crate::doctor::report::Report;
use crate::doctor::timespan::seconds;

/// Checks the members of host.json that decide what runs.
pub(super) fn check(host: &HostJson<'_>, report: &mut Report) {
    if host.text(&["version"]).as_deref() != Some("2.0") {
        report.fault("host.json does not say version 2.0", r#"set "version": "2.0""#);
    }
    if host.list(&["customHandler", "description", "arguments"]) != ["serve"] {
        report.fault("host.json does not start the handler with serve", r#"set "arguments": ["serve"]"#);
    }
    let functions = host.list(&["functions"]);
    for name in [DETECTOR.name, NOTIFIER.name] {
        if !functions.is_empty() && !functions.iter().any(|function| function.eq_ignore_ascii_case(name)) {
            report.fault(
                format!("the list of functions in host.json leaves out {name}, so it never runs"),
                "take \"functions\" out; AzureWebJobs.NotifyTeams.Disabled=true turns Teams off",
            );
        }
    }
    if host.at(&["httpWorker"]).is_some()
        || host.text(&["httpWorker", "description", "defaultExecutablePath"]).is_some()
    {
        report.fault("host.json has a section httpWorker, an old form of customHandler", "take \"httpWorker\" out");
    }
    if host.at(&["retry"]).is_some() || host.text(&["retry", "strategy"]).is_some() {
        report.fault(
            "host.json has a retry policy for all functions, and a queue hands out again by itself what failed",
            "take \"retry\" out; the detection has its own in CertificateAccessed/function.json",
        );
    }
    check_timeout(host, report);
    if host.working_directory().is_some() {
        report.note("host.json sets a workingDirectory: EXPECTED_ACCESS is looked for below it");
    }
}

/// An invocation that hangs is ended by the timeout and by nothing else.
fn check_timeout(host: &HostJson<'_>, report: &mut Report) {
    let mend = r#"set "functionTimeout": "00:05:00""#;
    match host.text(&["functionTimeout"]).as_deref() {
        Some("-1" | "-00:00:01") => {
            report
                .fault("functionTimeout in host.json is none, so an invocation that hangs blocks its partition", mend);
        }
        Some(timeout) if seconds(timeout).is_none_or(|seconds| seconds == 0) => {
            report.fault("functionTimeout in host.json is no time as hh:mm:ss", mend);
        }
        _ => {}
    }
}
