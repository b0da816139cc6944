//! Each `function.json` against what the binary answers.

mod bindings;
mod retry;

use serde_json::Value;

use super::app::App;
use super::host_json::{get, read_json};
use super::report::Report;
use super::settings::AppSettings;
use bindings::{DETECTOR, FunctionShape, NOTIFIER};

/// How events travel in a body, for its length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    /// In base64.
    Binary,
    /// As strings, escaped.
    Text,
}

/// What other checks have to know of the functions.
pub(super) struct Functions {
    /// How the events of a batch travel.
    pub(super) encoding: Encoding,
}

/// Checks all functions of the app.
pub(super) fn check(app: &mut App, settings: &AppSettings<'_>, report: &mut Report) -> Functions {
    let names = app.functions().unwrap_or_default();
    for name in names.iter().filter(|name| ![DETECTOR.name, NOTIFIER.name].contains(&name.as_str())) {
        report.fault(
            format!("the binary has no function {name}, so its invocations would fail with 404"),
            "take the folder away; its name is the function's name, in this case",
        );
    }
    let detector = read(app, &names, &DETECTOR, settings, report);
    let notifier = read(app, &names, &NOTIFIER, settings, report);
    if let Some(detector) = &detector {
        retry::check(detector, report);
    }
    if let (Some(detector), Some(notifier)) = (&detector, &notifier) {
        check_queue(detector, notifier, report);
    }
    let bindings = detector.as_ref().and_then(|function| get(function, "bindings")?.as_array());
    let trigger = bindings.and_then(|bindings| bindings.iter().find(|binding| bindings::is_trigger(binding)));
    let data_type = trigger.and_then(|trigger| get(trigger, "dataType")).and_then(Value::as_str);
    let is_text = data_type.is_none_or(|data_type| data_type.eq_ignore_ascii_case("string"));
    Functions { encoding: if trigger.is_some() && is_text { Encoding::Text } else { Encoding::Binary } }
}

fn read(
    app: &mut App,
    names: &[String],
    shape: &FunctionShape,
    settings: &AppSettings<'_>,
    report: &mut Report,
) -> Option<Value> {
    let is_needed = shape.name == DETECTOR.name || settings.has("TEAMS_WEBHOOK_URL");
    if !names.iter().any(|name| name == shape.name) && !is_needed {
        report.note(format!("there is no function {}; it is needed for Teams only", shape.name));
        return None;
    }
    let file = format!("{}/function.json", shape.name);
    let function = read_json(app, &file, "copy the folder from the repository to the app's root", report)?;
    let faults = report.faults();
    bindings::check(&function, shape, settings, report);
    if get(&function, "disabled").and_then(Value::as_bool) == Some(true) {
        report.fault(format!("{file} says disabled"), "take \"disabled\" out");
    }
    if report.faults() == faults {
        report.ok(format!("{file} fits what the binary answers"));
    }
    Some(function)
}

/// The alerts for Teams have to come out of the queue that they go into.
fn check_queue(detector: &Value, notifier: &Value, report: &mut Report) {
    let queue = |function, name, key| binding(function, name).and_then(|binding| get(binding, key)).cloned();
    for key in ["queueName", "connection"] {
        let (written, read) = (queue(detector, "teams", key), queue(notifier, "alert", key));
        if written.is_some() && read.is_some() && written != read {
            report.fault(
                format!("the {key} of output teams and of trigger alert differ, so no alert would reach Teams"),
                "write the same in CertificateAccessed/function.json and NotifyTeams/function.json",
            );
        }
    }
}

/// A binding by its name, as it is written: outputs are found by it.
fn binding<'f>(function: &'f Value, name: &str) -> Option<&'f Value> {
    let bindings = get(function, "bindings")?.as_array()?;
    bindings.iter().find(|binding| get(binding, "name").and_then(Value::as_str) == Some(name))
}
