//! One binding that the binary knows: that it is there, what it is, and where it leads.

use super::ALONE;
use crate::doctor::examined::Examined;
use crate::doctor::form::is_name;
use crate::doctor::report::Report;
use crate::doctor::settings::{EVENT_HUB, STORAGE};
use crate::doctor::table::{COPY, NAME};

/// Members of a binding that may name settings.
const TARGETS: [&str; 4] = ["eventHubName", "consumerGroup", "queueName", "path"];

/// A binding as it should be.
pub(super) struct Binding {
    pub(super) name: &'static str,
    kind: &'static str,
    direction: &'static str,
    /// The member that names what it is bound to.
    target: &'static str,
    is_target: fn(&str) -> bool,
    /// What happens without the binding.
    without: &'static str,
}

/// A binding, with its members in the order of the struct.
pub(super) const fn binding(
    name: &'static str,
    kind: &'static str,
    direction: &'static str,
    target: &'static str,
    is_target: fn(&str) -> bool,
    without: &'static str,
) -> Binding {
    Binding { name, kind, direction, target, is_target, without }
}

impl Binding {
    /// Checks the binding, and the settings that it names.
    pub(super) fn check(&self, function: &str, app: &Examined<'_>, report: &mut Report) {
        let Self { name, kind, direction, target, is_target, without } = self;
        let place = format!("{function}/bindings/{name}");
        if app.text(&place).is_none() {
            return report.fault(format!("{function} has no binding {name} in this case, so {without}"), COPY);
        }
        let text = |key: &str| app.text_or(&format!("{place}/{key}"), "");
        let at = format!("binding {name} of {function}");
        if !text("type").eq_ignore_ascii_case(kind) {
            let what = format!("{at} has another type than {kind}; for one that the host does not know, {ALONE}");
            report.fault(what, format!("set \"type\": \"{kind}\""));
        }
        if !text("direction").eq_ignore_ascii_case(direction) {
            let fix = format!("set \"direction\": \"{direction}\"");
            report.fault(format!("{at} has another direction than {direction}"), fix);
        }
        for key in [target, "connection"].into_iter().filter(|key| text(key).is_empty()) {
            report.fault(format!("{at} has no {key}"), COPY);
        }
        if !app.leads(&text(target), is_target) {
            report.fault(format!("the {target} of {at} is not a name that Azure accepts"), NAME);
        }
        for key in TARGETS {
            check_setting_names(&text(key), &format!("the {key} of {at}"), app, report);
        }
        let connection = text("connection");
        if is_name(&connection) {
            let service = if *kind == "eventHubTrigger" { EVENT_HUB } else { STORAGE };
            app.settings.require_connection(&connection, &service, report);
        } else if !connection.is_empty() {
            let fix = "write the name of the setting that holds the connection, never the connection itself";
            report.fault(format!("the connection of {at} is no name of a setting"), fix);
        }
    }
}

/// Checks the settings `%NAME%` in a text.
fn check_setting_names(text: &str, what: &str, app: &Examined<'_>, report: &mut Report) {
    let pieces: Vec<_> = text.split('%').collect();
    if pieces.len().is_multiple_of(2) {
        let fix = "write %NAME% with the name of a setting, or remove the %";
        return report.fault(format!("{what} has a single %"), fix);
    }
    for piece in pieces.iter().skip(1).step_by(2) {
        if is_name(piece) {
            app.settings.require(piece, report);
        } else {
            let fix = "write the name of a setting there, never its value";
            report.fault(format!("{what} has no name of a setting between its % signs"), fix);
        }
    }
}
