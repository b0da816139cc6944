//! The bindings of one function.

use serde_json::Value;

use super::binding;
use super::shape::{BindingShape, FunctionShape};
use super::{placeholders, targets};
use crate::doctor::json_file::{get, is_name};
use crate::doctor::report::Report;
use crate::doctor::settings::{AppSettings, Service};

/// Checks a function's bindings, and the settings that they name.
pub(super) fn check(function: &Value, shape: &FunctionShape, settings: &AppSettings<'_>, report: &mut Report) {
    for expected in shape.bindings {
        match binding(function, expected.name) {
            Some(found) => check_one(found, expected, shape.name, settings, report),
            None => report.fault(
                format!("{} has no binding {}, so {}", shape.name, expected.name, expected.purpose),
                "take the bindings of the repository's function.json; their names count in this case",
            ),
        }
    }
    let bindings = get(function, "bindings").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let has_trigger = shape
        .bindings
        .iter()
        .any(|expected| expected.direction == "in" && binding(function, expected.name).is_some_and(is_trigger));
    let name = |found| get(found, "name").and_then(Value::as_str).unwrap_or_default();
    for (index, found) in bindings.iter().enumerate() {
        let is_known = shape.bindings.iter().any(|expected| expected.name == name(found));
        let shown = shown(name(found));
        if bindings.iter().take(index).any(|before| name(before).eq_ignore_ascii_case(name(found))) {
            report.fault(
                format!("{} has two bindings {shown}, so the host does not start it", shape.name),
                "take one of them away",
            );
        } else if !is_known && is_trigger(found) && has_trigger {
            report.fault(
                format!("{} has another trigger {shown}, and a function has one", shape.name),
                "take that binding away",
            );
        } else if !is_known && !is_trigger(found) {
            report.note(format!("{} has a binding {shown}, which the binary never writes", shape.name));
        }
    }
}

/// A name as it may be printed.
fn shown(name: &str) -> &str {
    if is_name(name.trim_start_matches('$')) { name } else { "that has no usable name" }
}

/// Whether a binding is a trigger, by its type.
pub(super) fn is_trigger(binding: &Value) -> bool {
    let kind = get(binding, "type").and_then(Value::as_str).unwrap_or_default();
    kind.to_ascii_lowercase().ends_with("trigger")
}

fn check_one(found: &Value, expected: &BindingShape, function: &str, settings: &AppSettings<'_>, report: &mut Report) {
    let at = format!("binding {} of {function}", expected.name);
    let text = |key| get(found, key).and_then(Value::as_str).filter(|text| !text.is_empty());
    for (key, wanted) in [("type", expected.kind), ("direction", expected.direction)] {
        if !text(key).is_some_and(|value| value.eq_ignore_ascii_case(wanted)) {
            report.fault(format!("{at} has another {key} than {wanted}"), format!("set \"{key}\": \"{wanted}\""));
        }
    }
    let is_hub = expected.kind == "eventHubTrigger";
    if is_hub {
        check_form(found, &at, report);
    }
    for key in expected.keys {
        match text(key) {
            None => {
                report.fault(format!("{at} has no {key}"), format!("take the {key} of the repository's function.json"))
            }
            Some(name) if *key == "connection" && !is_name(name) => report.fault(
                format!("the connection of {at} is no name of a setting"),
                "write the name of the setting that holds the connection, never the connection itself",
            ),
            Some(name) if *key == "connection" => {
                settings.require_connection(name, if is_hub { Service::EventHub } else { Service::Storage }, report);
            }
            Some(text) => {
                if let Some(target) = placeholders::resolve(text, &format!("the {key} of {at}"), settings, report) {
                    targets::check(key, &target, expected, &at, report);
                }
            }
        }
    }
}

/// The decoder takes every form; some lose bytes or time on the way.
fn check_form(trigger: &Value, at: &str, report: &mut Report) {
    let lower = |key| get(trigger, key).and_then(Value::as_str).map(str::to_ascii_lowercase);
    match lower("cardinality").as_deref() {
        Some("many") => {}
        None | Some("one") => {
            report.note(format!("{at} has not the cardinality many: each event is an invocation of its own"));
        }
        Some(_) => report.fault(format!("{at} has a cardinality that does not exist"), r#"set "cardinality": "many""#),
    }
    match lower("dataType").as_deref() {
        Some("binary") => {}
        None | Some("string") => {
            report.note(format!(
                "{at} has not the dataType binary: what is not UTF-8 arrives mangled, and bodies are longer"
            ));
        }
        Some(_) => {
            report.fault(format!("{at} has a dataType that the binary cannot read"), r#"set "dataType": "binary""#)
        }
    }
}
