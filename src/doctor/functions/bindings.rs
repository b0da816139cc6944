//! The bindings of one function.

use serde_json::Value;

use super::super::host_json::get;
use super::super::report::Report;
use super::super::settings::AppSettings;
use super::binding;

/// What a function has to be bound to.
pub(in crate::doctor) struct FunctionShape {
    /// Its name: the folder's, and the path that the host posts to.
    pub(super) name: &'static str,
    bindings: &'static [BindingShape],
}

struct BindingShape {
    name: &'static str,
    kind: &'static str,
    direction: &'static str,
    /// Keys without which the host finds nothing to bind to.
    keys: &'static [&'static str],
    /// What is lost without it.
    purpose: &'static str,
}

/// The detection.
pub(super) const DETECTOR: FunctionShape = FunctionShape {
    name: "CertificateAccessed",
    bindings: &[
        BindingShape {
            name: "events",
            kind: "eventHubTrigger",
            direction: "in",
            keys: &["eventHubName", "connection"],
            purpose: "no events would come",
        },
        BindingShape {
            name: "alerts",
            kind: "queue",
            direction: "out",
            keys: &["queueName", "connection"],
            purpose: "every alert would be lost",
        },
        BindingShape {
            name: "teams",
            kind: "queue",
            direction: "out",
            keys: &["queueName", "connection"],
            purpose: "no alert would go to Teams",
        },
        BindingShape {
            name: "rejected",
            kind: "blob",
            direction: "out",
            keys: &["path", "connection"],
            purpose: "events that cannot be read would be lost",
        },
    ],
};

/// The cards.
pub(super) const NOTIFIER: FunctionShape = FunctionShape {
    name: "NotifyTeams",
    bindings: &[BindingShape {
        name: "alert",
        kind: "queueTrigger",
        direction: "in",
        keys: &["queueName", "connection"],
        purpose: "no alert would come out of the queue",
    }],
};

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
    let bindings = get(function, "bindings").and_then(Value::as_array);
    for found in bindings.into_iter().flatten() {
        let name = get(found, "name").and_then(Value::as_str).unwrap_or_default();
        if shape.bindings.iter().any(|expected| expected.name == name) {
            continue;
        }
        let has_trigger = shape
            .bindings
            .iter()
            .any(|expected| expected.direction == "in" && binding(function, expected.name).is_some_and(is_trigger));
        if is_trigger(found) && has_trigger {
            report.fault(
                format!("{} has another trigger {name}, and a function has one", shape.name),
                "take that binding away",
            );
        } else if !is_trigger(found) {
            report.note(format!("{} has a binding {name}, which the binary never writes", shape.name));
        }
    }
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
    for key in expected.keys {
        if text(key).is_none() {
            report.fault(format!("{at} has no {key}"), format!("take the {key} of the repository's function.json"));
        }
    }
    if expected.kind == "eventHubTrigger" {
        check_form(found, &at, report);
    }
    for key in ["eventHubName", "consumerGroup", "queueName", "path"] {
        if let Some(name) = text(key).and_then(|value| value.strip_prefix('%')?.strip_suffix('%')) {
            settings.require(name, report);
        }
    }
    if let Some(connection) = text("connection") {
        settings.require_connection(connection, report);
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
