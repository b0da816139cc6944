//! The functions of the app: their folders, and what the table cannot say of their bindings: that they are there, what they are, and where they
//! lead.

use serde_json::Value;

use super::Report;
use super::app::App;
use super::examined::Examined;
use super::form::{is_hub, is_name, is_queue};
use super::json::{get, read_object};
use super::settings::{EVENT_HUB, STORAGE};
use super::table::{CARDS, DETECTION, RETRY, Subject};

/// The types of outputs that the binary could write.
const OUTPUTS: [&str; 2] = ["queue", "blob"];
/// What the host does with a function.json that it does not accept.
const ALONE: &str = "the host switches off that function alone, and says Running";

/// Members of a binding that may name settings.
const TARGETS: [&str; 4] = ["eventHubName", "consumerGroup", "queueName", "path"];

/// A binding as it should be: its name, type and direction; the member that names what it is bound to, and whether Azure
/// accepts such a name; and what happens without the binding.
struct Binding(&'static str, &'static str, &'static str, &'static str, fn(&str) -> bool, &'static str);

/// A function of the app, with the bindings that the binary knows.
struct Function {
    name: &'static str,
    bindings: &'static [Binding],
    subjects: &'static [Subject],
}

#[rustfmt::skip]
const FUNCTIONS: [Function; 2] = [
    Function {
        name: "CertificateAccessed",
        bindings: &[
            Binding("events", "eventHubTrigger", "in", "eventHubName", is_hub, "no events would come"),
            Binding("alerts", "queue", "out", "queueName", is_queue, "every alert would be lost"),
            Binding("teams", "queue", "out", "queueName", is_queue, "no alert would go to Teams"),
            Binding("rejected", "blob", "out", "path", |_| true, "events that cannot be read would be lost"),
        ],
        subjects: &[DETECTION, RETRY],
    },
    Function {
        name: "NotifyTeams",
        bindings: &[Binding("alert", "queueTrigger", "in", "queueName", is_queue, "no alert would come out of the queue")],
        subjects: &[CARDS],
    },
];

/// Checks all functions, and adds their documents to `examined`.
pub(super) fn check(app: &mut App, examined: &mut Examined<'_>, report: &mut Report) {
    let folders = app.functions();
    for folder in &folders {
        match FUNCTIONS.iter().find(|function| function.name.eq_ignore_ascii_case(folder)) {
            Some(Function { name, .. }) if name == folder => {}
            Some(Function { name, .. }) => report.fault(format!(
                "the folder {folder} has another case than the binary's function, which answers 404: rename it to {name}"
            )),
            None => report.fault(format!(
                "the binary has no function {folder}, so its invocations would fail with 404: remove the folder"
            )),
        }
    }
    for function in FUNCTIONS {
        let name = function.name;
        // A folder in another case is reported above, and examined like the right one.
        let folder = folders.iter().find(|folder| folder.eq_ignore_ascii_case(name));
        if folder.is_none() && name == "NotifyTeams" && !examined.settings.has("TEAMS_WEBHOOK_URL") {
            report.note("there is no function NotifyTeams; it is needed for Teams only");
            continue;
        }
        let file = format!("{}/function.json", folder.map_or(name, String::as_str));
        let json = read_object(app, &file, "copy the folder from the repository to the app's root", report);
        let Some(json) = json else { continue };
        let Some(found) = get(&json, "bindings").and_then(Value::as_array) else {
            report.fault(format!("{file} has no list of bindings: copy the file from the repository"));
            continue;
        };
        let faults = report.faults;
        check_others(found, &function, report);
        examined.documents.push((name, json));
        function.bindings.iter().for_each(|binding| binding.check(name, examined, report));
        for subject in function.subjects {
            subject.run(examined, report.faults == faults, report);
        }
    }
}

/// Checks bindings that the binary does not know, and names that occur twice.
fn check_others(found: &[Value], function: &Function, report: &mut Report) {
    let text = |binding, key| get(binding, key).and_then(Value::as_str).unwrap_or_default();
    let is_trigger = |binding| text(binding, "type").to_ascii_lowercase().ends_with("trigger");
    let is_known = |binding| function.bindings.iter().any(|known| known.0 == text(binding, "name"));
    let has_trigger = found.iter().any(|binding| is_trigger(binding) && is_known(binding));
    for (index, binding) in found.iter().enumerate() {
        let name = text(binding, "name");
        let shown = if is_name(name.trim_start_matches('$')) { name } else { "with an unusable name" };
        let is_output = OUTPUTS.iter().any(|known| known.eq_ignore_ascii_case(text(binding, "type")));
        let wrong = if found.iter().take(index).any(|before| text(before, "name").eq_ignore_ascii_case(name)) {
            format!("two bindings {shown}")
        } else if is_known(binding) || is_trigger(binding) && !has_trigger {
            continue;
        } else if is_output {
            report.note(format!("{} has a binding {shown}, which the binary never writes", function.name));
            continue;
        } else {
            format!("a binding {shown}, which is a second trigger or of a type that the binary does not know")
        };
        report.fault(format!("{} has {wrong}; {ALONE}: remove that binding", function.name));
    }
}

impl Binding {
    /// Checks the binding, and the settings that it names.
    fn check(&self, function: &str, app: &Examined<'_>, report: &mut Report) {
        let Self(name, kind, direction, target, is_target, without) = self;
        let place = format!("{function}/bindings/{name}");
        let copy = "copy it from the repository's function.json";
        if app.text(&place).is_none() {
            return report.fault(format!("{function} has no binding {name} in this case, so {without}: {copy}"));
        }
        let text = |key: &str| app.text_or(&format!("{place}/{key}"), "");
        let at = format!("binding {name} of {function}");
        if !text("type").eq_ignore_ascii_case(kind) {
            let unknown = format!("for one that the host does not know, {ALONE}");
            report.fault(format!("{at} has another type than {kind}; {unknown}: set type to {kind}"));
        }
        if !text("direction").eq_ignore_ascii_case(direction) {
            report.fault(format!("{at} has another direction than {direction}: set direction to {direction}"));
        }
        for key in [target, "connection"].into_iter().filter(|key| text(key).is_empty()) {
            report.fault(format!("{at} has no {key}: {copy}"));
        }
        if !app.leads(&text(target), is_target) {
            report.fault(format!(
                "the {target} of {at} is not a name that Azure accepts: {copy}, and check the setting that it names; the name \
                 of a queue has 3 to 63 lower-case letters, digits and single hyphens between them"
            ));
        }
        for key in TARGETS {
            check_setting_names(&text(key), &format!("the {key} of {at}"), app, report);
        }
        let connection = text("connection");
        if is_name(&connection) {
            let service = if *kind == "eventHubTrigger" { EVENT_HUB } else { STORAGE };
            app.settings.require_connection(&connection, &service, report);
        } else if !connection.is_empty() {
            report.fault(format!(
                "the connection of {at} is no name of a setting: write the name of the setting that holds the connection, \
                 never the connection itself"
            ));
        }
    }
}

/// Checks the settings `%NAME%` in a text.
fn check_setting_names(text: &str, what: &str, app: &Examined<'_>, report: &mut Report) {
    let pieces: Vec<_> = text.split('%').collect();
    if pieces.len().is_multiple_of(2) {
        return report
            .fault(format!("{what} has a single %: write %NAME% with the name of a setting, or remove the %"));
    }
    for piece in pieces.iter().skip(1).step_by(2) {
        if is_name(piece) {
            app.settings.require(piece, report);
        } else {
            report.fault(format!(
                "{what} has no name of a setting between its % signs: write the name of a setting there, never its value"
            ));
        }
    }
}
