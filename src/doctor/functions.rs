//! The functions of the app: their folders, and what the table cannot say of their bindings.

use serde_json::Value;

use super::app::App;
use super::examined::Examined;
use super::form::is_name;
use super::json::{get, read_object};
use super::report::Report;
use super::settings::{EVENT_HUB, STORAGE};
use super::table::{CARDS, DETECTION};

/// The detection and the cards, each with the names of its bindings.
const FUNCTIONS: [(&str, &[&str]); 2] =
    [("CertificateAccessed", &["events", "alerts", "teams", "rejected"]), ("NotifyTeams", &["alert"])];
/// The types of their outputs.
const TYPES: [&str; 2] = ["queue", "blob"];
/// Members that may name settings.
const TARGETS: [&str; 4] = ["eventHubName", "consumerGroup", "queueName", "path"];

/// Checks all functions, and adds them to what the table looks at.
pub(super) fn check(app: &mut App, examined: &mut Examined<'_>, report: &mut Report) {
    let folders = app.functions();
    for folder in &folders {
        match FUNCTIONS.iter().find(|(name, _)| name.eq_ignore_ascii_case(folder)) {
            Some((name, _)) if name == folder => {}
            Some((name, _)) => report.fault(
                format!("the folder {folder} is named in another case than the binary's function, which answers 404"),
                format!("rename it to {name}"),
            ),
            None => report.fault(
                format!("the binary has no function {folder}, so its invocations would fail with 404"),
                "take the folder away",
            ),
        }
    }
    for ((name, bindings), subject) in FUNCTIONS.into_iter().zip([DETECTION, CARDS]) {
        // A folder in another case is told once, and examined like the right one.
        let folder = folders.iter().find(|folder| folder.eq_ignore_ascii_case(name));
        if folder.is_none() && name == "NotifyTeams" && !examined.settings.has("TEAMS_WEBHOOK_URL") {
            report.note("there is no function NotifyTeams; it is needed for Teams only");
            continue;
        }
        let file = format!("{}/function.json", folder.map_or(name, String::as_str));
        let json = read_object(app, &file, "copy the folder from the repository to the app's root", report);
        let faults = report.faults();
        if let Some(found) = get(&json, "bindings").and_then(Value::as_array) {
            examined.add(&name.to_ascii_lowercase(), &json);
            check_settings(examined, name, bindings, report);
            check_others(found, name, bindings, report);
            subject.run(examined, report.faults() == faults, report);
        } else if !json.is_null() {
            report.fault(format!("{file} has no list of bindings"), "copy the file from the repository");
        }
    }
}

/// Settings that bindings name, by themselves or within a longer text.
fn check_settings(examined: &Examined<'_>, function: &str, bindings: &[&str], report: &mut Report) {
    for binding in bindings {
        let text = |key| examined.text(&format!("{function}/bindings/{binding}/{key}")).unwrap_or_default();
        let connection = text("connection");
        if is_name(&connection) {
            let service = if *binding == "events" { EVENT_HUB } else { STORAGE };
            examined.settings.require_connection(&connection, &service, report);
        }
        for key in TARGETS {
            let text = text(key);
            let what = format!("the {key} of binding {binding} of {function}");
            let pieces: Vec<_> = text.split('%').collect();
            if pieces.len().is_multiple_of(2) {
                let mend = "write %NAME% with the name of a setting, or take the % out";
                report.fault(format!("{what} has a % without its like"), mend);
                continue;
            }
            for piece in pieces.iter().skip(1).step_by(2) {
                if is_name(piece) {
                    examined.settings.require(piece, report);
                } else {
                    let mend = "write the name of a setting there, never its value";
                    report.fault(format!("{what} has no name of a setting between its % signs"), mend);
                }
            }
        }
    }
}

/// Bindings that the binary knows nothing of, and names that stand twice.
fn check_others(found: &[Value], function: &str, bindings: &[&str], report: &mut Report) {
    let text = |binding, key| get(binding, key).and_then(Value::as_str).unwrap_or_default();
    let is_trigger = |binding| text(binding, "type").to_ascii_lowercase().ends_with("trigger");
    let is_known = |binding| bindings.contains(&text(binding, "name"));
    let has_trigger = found.iter().any(|binding| is_trigger(binding) && is_known(binding));
    for (index, binding) in found.iter().enumerate() {
        let name = text(binding, "name");
        let shown = if is_name(name.trim_start_matches('$')) { name } else { "that has no usable name" };
        let is_written = TYPES.iter().any(|known| known.eq_ignore_ascii_case(text(binding, "type")));
        let wrong = if found.iter().take(index).any(|before| text(before, "name").eq_ignore_ascii_case(name)) {
            format!("two bindings {shown}; the host")
        } else if is_known(binding) || is_trigger(binding) && !has_trigger {
            continue;
        } else if is_written {
            report.note(format!("{function} has a binding {shown}, which the binary never writes"));
            continue;
        } else {
            format!("a binding {shown}; for a second trigger, or a type that it does not know, the host")
        };
        let alone = "switches the function off alone, and says Running";
        report.fault(format!("{function} has {wrong} {alone}"), "take that binding away");
    }
}
