//! `CertificateAccessed/function.json` and `NotifyTeams/function.json`: the bindings, and where they lead.

use crate::doctor::check::{Subject, row};
use crate::doctor::form::{is_container, is_hub};

pub(in crate::doctor) const COPY: &str = "take it from the repository's function.json";
pub(in crate::doctor) const NAME: &str = "take the name from the repository's function.json, and check the setting that it names; the name of a queue has 3 to 63 \
     lower-case letters, digits and single hyphens between them";
const USUAL: &str = "rejected/{DateTime:yyyy}/{DateTime:MM}/{DateTime:dd}/{rand-guid}.ndjson";
const PATH: &str = "set \"path\": \"rejected/{DateTime:yyyy}/{DateTime:MM}/{DateTime:dd}/{rand-guid}.ndjson\"";

#[rustfmt::skip]
pub(in crate::doctor) const DETECTION: Subject = Subject {
    ok: "CertificateAccessed/function.json fits what the binary answers",
    rows: &[
    row("CertificateAccessed/disabled", "", |at, _| at != "true",
        "CertificateAccessed/function.json says disabled", r#"remove "disabled""#),
    // Without a group of its own it would share $Default, and the partitions, with every other reader.
    row("CertificateAccessed/bindings/events/consumerGroup", "", |at, _| !at.is_empty(), "{at} has no consumerGroup", COPY),
    row("CertificateAccessed/bindings/events/consumerGroup", "", |at, app| app.leads(at, is_hub),
        "the consumerGroup of {at} is not a name that Azure accepts", NAME),
    row("CertificateAccessed/bindings/events/cardinality", "one", |at, _| !is(at, "one"),
        "{at} does not have the cardinality many: each event is an invocation of its own", ""),
    row("CertificateAccessed/bindings/events/cardinality", "one", |at, _| is(at, "one") || is(at, "many"),
        "{at} has a cardinality that does not exist, so the host switches off that function alone, and says Running",
        r#"set "cardinality": "many""#),
    row("CertificateAccessed/bindings/events/dataType", "string", |at, _| !is(at, "string"),
        "{at} does not have the dataType binary: what is not UTF-8 arrives damaged, and bodies are longer", ""),
    row("CertificateAccessed/bindings/events/dataType", "string", |at, _| is(at, "string") || is(at, "binary"),
        "{at} has a dataType that the binary cannot read; for one that does not exist the host switches off that function \
         alone, and says Running", r#"set "dataType": "binary""#),
    row("CertificateAccessed/bindings/alerts/queueName", "", |at, app| app.leads(at, |name| is(name, "certificate-alerts")),
        "the queueName of {at} is not certificate-alerts, which the documents, alarms and forwarder expect", ""),
    row("CertificateAccessed/bindings/alerts/queueName", "", |at, app| !is(at, &app.text_or("CertificateAccessed/bindings/teams/queueName", "-")),
        "the outputs alerts and teams go to one queue, so NotifyTeams takes every alert out of it",
        r#"set "queueName" to certificate-alerts and certificate-teams"#),
    row("CertificateAccessed/bindings/teams/queueName", "", |at, app| app.leads(at, |name| is(name, "certificate-teams")),
        "the queueName of {at} is not certificate-teams, which the documents, alarms and forwarder expect", ""),
    row("CertificateAccessed/bindings/rejected/path", "", |at, app| app.leads(at, |path| parts(path).is_some()),
        "the path of {at} names no container", PATH),
    row("CertificateAccessed/bindings/rejected/path", "", |at, app| app.leads(at, |path| {
            parts(path).is_none_or(|(container, _)| is_container(container) || container.contains('{'))
        }), "the path of {at} does not begin with the name of a container", PATH),
    row("CertificateAccessed/bindings/rejected/path", "", |at, app| app.leads(at, |path| {
            parts(path).is_none_or(|(_, blob)| blob.contains("{rand-guid") || blob.to_ascii_lowercase().contains("{sys.randguid"))
        }), "the path of {at} has no {rand-guid}, so each batch overwrites the previous one", PATH),
    row("CertificateAccessed/bindings/rejected/path", "", |at, app| app.leads(at, |path| path == USUAL),
        "the path of {at} is not rejected/{DateTime:yyyy}/{DateTime:MM}/{DateTime:dd}/{rand-guid}.ndjson, which the documents, \
         alarms and forwarder expect", ""),
    ],
};

#[rustfmt::skip]
pub(in crate::doctor) const CARDS: Subject = Subject {
    ok: "NotifyTeams/function.json fits what the binary answers",
    rows: &[
    row("NotifyTeams/disabled", "", |at, _| at != "true", "NotifyTeams/function.json says disabled", r#"remove "disabled""#),
    row("NotifyTeams/bindings/alert/queueName", "", |at, app| is(at, &app.text_or("CertificateAccessed/bindings/teams/queueName", at)),
        "the queueName of output teams and of trigger alert differ, so no alert would reach Teams",
        "write the same in CertificateAccessed/function.json and NotifyTeams/function.json"),
    row("NotifyTeams/bindings/alert/connection", "", |at, app| is(at, &app.text_or("CertificateAccessed/bindings/teams/connection", at)),
        "the connection of output teams and of trigger alert differ, so no alert would reach Teams",
        "write the same in CertificateAccessed/function.json and NotifyTeams/function.json"),
    ],
};

/// The host compares types, queues and names of settings without case.
fn is(text: &str, wanted: &str) -> bool {
    text.eq_ignore_ascii_case(wanted)
}

/// The container and the blob of a path.
fn parts(path: &str) -> Option<(&str, &str)> {
    path.split_once('/').filter(|(container, blob)| !container.is_empty() && !blob.is_empty())
}
