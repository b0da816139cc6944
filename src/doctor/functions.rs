//! Each `function.json` against what the binary answers.

mod bindings;
mod placeholders;
mod retry;
mod shape;
mod targets;

use serde_json::Value;

use super::app::App;
use super::json_file::{get, read_json};
use super::report::Report;
use super::settings::AppSettings;
use shape::FunctionShape;
pub(super) use shape::{DETECTOR, NOTIFIER};

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
    let names = app.functions();
    for name in &names {
        match [DETECTOR.name, NOTIFIER.name].into_iter().find(|known| known.eq_ignore_ascii_case(name)) {
            Some(known) if known == name => {}
            Some(known) => report.fault(
                format!("the folder {name} is named in another case than the binary's function, which answers 404"),
                format!("rename it to {known}"),
            ),
            None => report.fault(
                format!("the binary has no function {name}, so its invocations would fail with 404"),
                "take the folder away",
            ),
        }
    }
    let detector = read(app, &names, &DETECTOR, settings, report);
    let notifier = read(app, &names, &NOTIFIER, settings, report);
    if let Some(detector) = &detector {
        retry::check(detector, report);
        targets::check_apart(detector, report);
    }
    if let (Some(detector), Some(notifier)) = (&detector, &notifier) {
        targets::check_joint(detector, notifier, report);
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
    // A folder in another case is told once, and examined like the right one.
    let folder = names.iter().find(|name| name.eq_ignore_ascii_case(shape.name));
    if folder.is_none() && !is_needed {
        report.note(format!("there is no function {}; it is needed for Teams only", shape.name));
        return None;
    }
    let file = format!("{}/function.json", folder.map_or(shape.name, String::as_str));
    let function = read_json(app, &file, "copy the folder from the repository to the app's root", report)?;
    if get(&function, "bindings").and_then(Value::as_array).is_none() {
        report.fault(format!("{file} has no list of bindings"), "copy the file from the repository");
        return None;
    }
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

/// A binding by its name, as it is written: outputs are found by it.
fn binding<'f>(function: &'f Value, name: &str) -> Option<&'f Value> {
    let bindings = get(function, "bindings")?.as_array()?;
    bindings.iter().find(|binding| get(binding, "name").and_then(Value::as_str) == Some(name))
}
