//! `CertificateAccessed/function.json` and `NotifyTeams/function.json`: what they are bound to, and where that leads.

use crate::doctor::check::{Check, row};
use crate::doctor::examined::Examined;
use crate::doctor::form::{is_hub, is_name, is_queue};

/// The rows of one binding: that it is there, of which type and direction, and with what members.
#[rustfmt::skip]
macro_rules! binding {
    ($function:literal, $name:literal, $type:literal, $direction:literal, $target:literal, $is_target:expr, $lost:literal) => { &[
        row(concat!($function, "/bindings/", $name), "", |at, _| !at.is_empty(),
            concat!($function, " has no binding ", $name, " in this case, which counts, so ", $lost), COPY),
        row(concat!($function, "/bindings/", $name, "/type"), "", |at, _| is(at, $type),
            concat!("{at} has another type than ", $type, "; for one that the host does not know it switches off that function alone, \
            and says Running"), concat!("set \"type\": \"", $type, "\"")),
        row(concat!($function, "/bindings/", $name, "/direction"), "", |at, _| is(at, $direction),
            concat!("{at} has another direction than ", $direction), concat!("set \"direction\": \"", $direction, "\"")),
        row(concat!($function, "/bindings/", $name, "/", $target), "", |at, _| !at.is_empty(), concat!("{at} has no ", $target), COPY),
        row(concat!($function, "/bindings/", $name, "/", $target), "", |at, app| leads(app, at, $is_target),
            concat!("the ", $target, " of {at} is none that Azure takes"), NAME),
        row(concat!($function, "/bindings/", $name, "/connection"), "", |at, _| !at.is_empty(), "{at} has no connection", COPY),
        row(concat!($function, "/bindings/", $name, "/connection"), "", |at, _| at.is_empty() || is_name(at),
            "the connection of {at} is no name of a setting",
            "write the name of the setting that holds the connection, never the connection itself"),
    ] };
}

const COPY: &str = "take it of the repository's function.json";
const NAME: &str = "take the name of the repository's function.json, and check the setting that it names; a queue's has 3 to 63 \
                    lower-case letters, digits and single hyphens between them";

pub(super) const EVENTS: &[Check] =
    binding!("CertificateAccessed", "events", "eventHubTrigger", "in", "eventHubName", is_hub, "no events would come");
pub(super) const ALERTS: &[Check] =
    binding!("CertificateAccessed", "alerts", "queue", "out", "queueName", is_any_queue, "every alert would be lost");
pub(super) const TEAMS: &[Check] =
    binding!("CertificateAccessed", "teams", "queue", "out", "queueName", is_any_queue, "no alert would go to Teams");
pub(super) const REJECTED: &[Check] = binding!(
    "CertificateAccessed",
    "rejected",
    "blob",
    "out",
    "path",
    |_| true,
    "events that cannot be read would be lost"
);
pub(super) const ALERT: &[Check] = binding!(
    "NotifyTeams",
    "alert",
    "queueTrigger",
    "in",
    "queueName",
    is_any_queue,
    "no alert would come out of the queue"
);

const USUAL: &str = "rejected/{DateTime:yyyy}/{DateTime:MM}/{DateTime:dd}/{rand-guid}.ndjson";
const PATH: &str = "set \"path\": \"rejected/{DateTime:yyyy}/{DateTime:MM}/{DateTime:dd}/{rand-guid}.ndjson\"";

#[rustfmt::skip]
pub(super) const DETECTION: &[Check] = &[
    row("CertificateAccessed/disabled", "", |at, _| at != "true",
        "CertificateAccessed/function.json says disabled", r#"take "disabled" out"#),
    // Without a group of its own it would share $Default, and the partitions, with every other reader.
    row("CertificateAccessed/bindings/events/consumerGroup", "", |at, _| !at.is_empty(), "{at} has no consumerGroup", COPY),
    row("CertificateAccessed/bindings/events/consumerGroup", "", |at, app| leads(app, at, is_hub),
        "the consumerGroup of {at} is none that Azure takes", NAME),
    row("CertificateAccessed/bindings/events/cardinality", "one", |at, _| !is(at, "one"),
        "{at} has not the cardinality many: each event is an invocation of its own", ""),
    row("CertificateAccessed/bindings/events/cardinality", "one", |at, _| is(at, "one") || is(at, "many"),
        "{at} has a cardinality that does not exist, so the host switches off that function alone, and says Running",
        r#"set "cardinality": "many""#),
    row("CertificateAccessed/bindings/events/dataType", "string", |at, _| !is(at, "string"),
        "{at} has not the dataType binary: what is not UTF-8 arrives mangled, and bodies are longer", ""),
    row("CertificateAccessed/bindings/events/dataType", "string", |at, _| is(at, "string") || is(at, "binary"),
        "{at} has a dataType that the binary cannot read; for one that does not exist the host switches off that function \
         alone, and says Running", r#"set "dataType": "binary""#),
    row("CertificateAccessed/bindings/alerts/queueName", "", |at, app| leads(app, at, |name| is(name, "certificate-alerts")),
        "the queueName of {at} is not certificate-alerts, which documents, alarms and forwarder look for", ""),
    row("CertificateAccessed/bindings/alerts/queueName", "", |at, app| !is(at, &app.text_or("CertificateAccessed/bindings/teams/queueName", "-")),
        "the outputs alerts and teams go to one queue, so NotifyTeams takes every alert out of it",
        r#"set "queueName" to certificate-alerts and certificate-teams"#),
    row("CertificateAccessed/bindings/teams/queueName", "", |at, app| leads(app, at, |name| is(name, "certificate-teams")),
        "the queueName of {at} is not certificate-teams, which documents, alarms and forwarder look for", ""),
    row("CertificateAccessed/bindings/rejected/path", "", |at, app| leads(app, at, |path| parts(path).is_some()),
        "the path of {at} names no container", PATH),
    row("CertificateAccessed/bindings/rejected/path", "", |at, app| leads(app, at, |path| {
            parts(path).is_none_or(|(container, _)| is_queue(container) || container.contains('{'))
        }), "the path of {at} begins with what is no name of a container", PATH),
    row("CertificateAccessed/bindings/rejected/path", "", |at, app| leads(app, at, |path| {
            parts(path).is_none_or(|(_, blob)| blob.contains("{rand-guid") || blob.to_ascii_lowercase().contains("{sys.randguid"))
        }), "the path of {at} has no {rand-guid}, so each batch overwrites the one before", PATH),
    row("CertificateAccessed/bindings/rejected/path", "", |at, app| leads(app, at, |path| path == USUAL),
        "the path of {at} is not rejected/{DateTime:yyyy}/{DateTime:MM}/{DateTime:dd}/{rand-guid}.ndjson, which documents, alarms \
         and forwarder look for", ""),
];

#[rustfmt::skip]
pub(super) const CARDS: &[Check] = &[
    row("NotifyTeams/disabled", "", |at, _| at != "true", "NotifyTeams/function.json says disabled", r#"take "disabled" out"#),
    row("NotifyTeams/bindings/alert/queueName", "", |at, app| is(at, &app.text_or("CertificateAccessed/bindings/teams/queueName", at)),
        "the queueName of output teams and of trigger alert differ, so no alert would reach Teams",
        "write the same in CertificateAccessed/function.json and NotifyTeams/function.json"),
    row("NotifyTeams/bindings/alert/connection", "", |at, app| is(at, &app.text_or("CertificateAccessed/bindings/teams/connection", at)),
        "the connection of output teams and of trigger alert differ, so no alert would reach Teams",
        "write the same in CertificateAccessed/function.json and NotifyTeams/function.json"),
];

/// The host takes types, queues and names of settings in any case.
fn is(text: &str, wanted: &str) -> bool {
    text.eq_ignore_ascii_case(wanted)
}

/// Whether it holds for a text with its settings put in; what is missing or unknown was told by another row.
fn leads(app: &Examined<'_>, text: &str, is_right: impl Fn(&str) -> bool) -> bool {
    text.is_empty() || app.resolve(text).is_none_or(|target| is_right(&target))
}

/// The host writes names of queues in lower case.
fn is_any_queue(name: &str) -> bool {
    is_queue(&name.to_ascii_lowercase())
}

/// A path's container and blob.
fn parts(path: &str) -> Option<(&str, &str)> {
    path.split_once('/').filter(|(container, blob)| !container.is_empty() && !blob.is_empty())
}
