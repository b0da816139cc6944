//! `local.settings.json`, where Core Tools reads settings from.

use serde_json::Value;

use crate::doctor::app::App;
use crate::doctor::json_file::{get, is_name, read_json, text};
use crate::doctor::report::Report;

/// Its name in a folder.
pub(super) const NAME: &str = "local.settings.json";

/// The values that Core Tools hands to the host; `None` where they cannot be known.
pub(super) fn read(app: &mut App, report: &mut Report) -> Option<Vec<(String, String)>> {
    let json = read_json(app, NAME, "copy it from the repository", report)?;
    if get(&json, "IsEncrypted").and_then(Value::as_bool) == Some(true) {
        report.note(
            "local.settings.json is encrypted, so its settings were not examined; func settings decrypt opens it",
        );
        return None;
    }
    let mut values = Vec::new();
    for (name, value) in get(&json, "Values").and_then(Value::as_object).into_iter().flatten() {
        match text(value) {
            Some(value) => values.push((name.clone(), value)),
            None if value.is_null() => {}
            None => {
                let name = if is_name(name) { name } else { "of which the name is none" };
                report.fault(
                    format!("the setting {name} in local.settings.json is neither text nor number"),
                    "write its value in quotes",
                );
            }
        }
    }
    Some(values)
}
