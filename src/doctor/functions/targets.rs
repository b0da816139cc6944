//! Where the bindings write to and read from: names that Azure takes, and that others look for.

use serde_json::Value;

use super::binding;
use super::shape::BindingShape;
use crate::doctor::json_file::get;
use crate::doctor::report::Report;

/// Checks a hub, group, queue or path, with its settings put in. Its value is not printed: it may come of a setting.
pub(super) fn check(key: &str, target: &str, expected: &BindingShape, at: &str, report: &mut Report) {
    let faults = report.faults();
    match key {
        "queueName" if !is_queue(&target.to_ascii_lowercase()) => report.fault(
            format!("the queueName of {at} is no name of a queue"),
            format!(
                "use 3 to 63 lower-case letters, digits and single hyphens between them, as in {}",
                expected.usual.unwrap_or("certificate-teams")
            ),
        ),
        "path" => check_path(target, expected, at, report),
        "eventHubName" | "consumerGroup" if !is_hub(target) => report.fault(
            format!("the {key} of {at} is no name that Event Hubs takes"),
            format!("take the {key} of the repository's function.json, and check the setting that it names"),
        ),
        _ => {}
    }
    let Some(usual) = expected.usual.filter(|_| report.faults() == faults) else { return };
    let is_usual = if key == "path" { target == usual } else { target.eq_ignore_ascii_case(usual) };
    if !is_usual {
        report.note(format!("the {key} of {at} is not {usual}, which documents, alarms and forwarder look for"));
    }
}

fn check_path(path: &str, expected: &BindingShape, at: &str, report: &mut Report) {
    let mend = format!("set \"path\": \"{}\"", expected.usual.unwrap_or_default());
    let Some((container, blob)) =
        path.split_once('/').filter(|(container, blob)| !container.is_empty() && !blob.is_empty())
    else {
        report.fault(format!("the path of {at} names no container"), mend);
        return;
    };
    let blob = blob.to_ascii_lowercase();
    if !is_queue(container) && !container.contains('{') {
        report.fault(format!("the path of {at} begins with what is no name of a container"), mend);
    } else if !["{rand-guid", "{sys.randguid"].iter().any(|part| blob.contains(part)) {
        report.fault(format!("the path of {at} has no {{rand-guid}}, so each batch overwrites the one before"), mend);
    }
}

/// Queues and containers have the same rule.
fn is_queue(name: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (3..=63).contains(&name.len())
        && name.bytes().all(is_part)
        && !name.starts_with('-')
        && !name.ends_with('-')
        && !name.contains("--")
}

fn is_hub(name: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'$');
    (1..=256).contains(&name.len()) && name.bytes().all(is_part)
}

/// Alerts for people and alerts for Teams have a queue each.
pub(super) fn check_apart(detector: &Value, report: &mut Report) {
    let alerts = target(detector, "alerts", "queueName");
    if alerts.is_some() && alerts == target(detector, "teams", "queueName") {
        report.fault(
            "the outputs alerts and teams go to one queue, so NotifyTeams takes every alert out of it",
            "set \"queueName\" to certificate-alerts and certificate-teams",
        );
    }
}

/// The alerts for Teams have to come out of the queue that they go into.
pub(super) fn check_joint(detector: &Value, notifier: &Value, report: &mut Report) {
    for key in ["queueName", "connection"] {
        let (written, read) = (target(detector, "teams", key), target(notifier, "alert", key));
        if written.is_some() && read.is_some() && written != read {
            report.fault(
                format!("the {key} of output teams and of trigger alert differ, so no alert would reach Teams"),
                "write the same in CertificateAccessed/function.json and NotifyTeams/function.json",
            );
        }
    }
}

/// The host takes names of queues and settings in any case.
fn target(function: &Value, name: &str, key: &str) -> Option<String> {
    get(binding(function, name)?, key)?.as_str().map(str::to_ascii_lowercase)
}
