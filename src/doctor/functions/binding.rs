//! One binding that the binary knows: that it is there, what it is, and where it leads.

use super::ALONE;
use crate::doctor::examined::Examined;
use crate::doctor::form::is_name;
use crate::doctor::report::Report;
use crate::doctor::settings::{EVENT_HUB, STORAGE};

/// Members of a binding that may name settings.
const TARGETS: [&str; 4] = ["eventHubName", "consumerGroup", "queueName", "path"];

/// A binding as it should be: its name, type and direction; the member that names what it is bound to, and whether Azure
/// accepts such a name; and what happens without the binding.
pub(super) struct Binding(
    pub(super) &'static str,
    pub(super) &'static str,
    pub(super) &'static str,
    pub(super) &'static str,
    pub(super) fn(&str) -> bool,
    pub(super) &'static str,
);

impl Binding {
    /// Checks the binding, and the settings that it names.
    pub(super) fn check(&self, function: &str, app: &Examined<'_>, report: &mut Report) {
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
