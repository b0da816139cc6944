//! `CertificateAccessed/function.json` and `NotifyTeams/function.json`: more than is said of every binding.

use crate::config::is_container;
use crate::doctor::examined::Examined;
use crate::doctor::form::{is_hub, seconds};
use crate::doctor::table::{Subject, fault, note};

#[rustfmt::skip]
pub(in crate::doctor) const DETECTION: Subject = Subject("CertificateAccessed/function.json fits what the binary answers", &[
    fault("CertificateAccessed/disabled", "", |at, _| at != "true",
        "CertificateAccessed/function.json says disabled: remove that"),
    // Without a group of its own it would share $Default, and the partitions, with every other reader.
    fault("CertificateAccessed/bindings/events/consumerGroup", "", |at, _| !at.is_empty(),
        "{at} has no consumerGroup: copy it from the repository's function.json"),
    fault("CertificateAccessed/bindings/events/consumerGroup", "", |at, app| app.leads(at, is_hub),
        "the consumerGroup of {at} is not a name that Azure accepts: copy it from the repository's function.json, and check the \
         setting that it names"),
    note("CertificateAccessed/bindings/events/cardinality", "one", |at, _| !is(at, "one"),
        "{at} does not have the cardinality many: each event is an invocation of its own"),
    fault("CertificateAccessed/bindings/events/cardinality", "one", |at, _| is(at, "one") || is(at, "many"),
        "{at} has a cardinality that does not exist, so the host switches off that function alone, and says Running: set it to many"),
    note("CertificateAccessed/bindings/events/dataType", "string", |at, _| !is(at, "string"),
        "{at} does not have the dataType binary: what is not UTF-8 arrives damaged, and bodies are longer"),
    fault("CertificateAccessed/bindings/events/dataType", "string", |at, _| is(at, "string") || is(at, "binary"),
        "{at} has a dataType that the binary cannot read; for one that does not exist the host switches off that function \
         alone, and says Running: set it to binary"),
    note("CertificateAccessed/bindings/alerts/queueName", "", |at, app| app.leads(at, |name| is(name, "certificate-alerts")),
        "the queueName of {at} is not certificate-alerts, which the documents, alarms and forwarder expect"),
    fault("CertificateAccessed/bindings/alerts/queueName", "", |at, app| !is(at, &app.text_or("CertificateAccessed/bindings/teams/queueName", "-")),
        "the outputs alerts and teams go to one queue, so NotifyTeams takes every alert out of it: set their queueName to \
         certificate-alerts and certificate-teams"),
    note("CertificateAccessed/bindings/teams/queueName", "", |at, app| app.leads(at, |name| is(name, "certificate-teams")),
        "the queueName of {at} is not certificate-teams, which the documents, alarms and forwarder expect"),
    fault("CertificateAccessed/bindings/rejected/path", "", |at, app| app.leads(at, |path| parts(path).is_some()),
        "the path of {at} names no container: copy it from the repository's function.json"),
    fault("CertificateAccessed/bindings/rejected/path", "", |at, app| app.leads(at, |path| {
            parts(path).is_none_or(|(container, _)| is_container(container) || container.contains('{'))
        }), "the path of {at} does not begin with the name of a container: copy it from the repository's function.json"),
    fault("CertificateAccessed/bindings/rejected/path", "", |at, app| app.leads(at, |path| {
            parts(path).is_none_or(|(_, blob)| blob.contains("{rand-guid") || blob.to_ascii_lowercase().contains("{sys.randguid"))
        }), "the path of {at} has no {rand-guid}, so each batch overwrites the previous one: copy it from the repository's function.json"),
    note("CertificateAccessed/bindings/rejected/path", "", |at, app| {
            app.leads(at, |path| path == "rejected/{DateTime:yyyy}/{DateTime:MM}/{DateTime:dd}/{rand-guid}.ndjson")
        },
        "the path of {at} is not rejected/{DateTime:yyyy}/{DateTime:MM}/{DateTime:dd}/{rand-guid}.ndjson, which the documents, \
         alarms and forwarder expect"),
]);

/// Without a retry policy a batch that fails is lost, because the host moves its checkpoint anyway.
#[rustfmt::skip]
pub(in crate::doctor) const RETRY: Subject = Subject("a batch that fails is tried again until it is processed", &[
    fault("CertificateAccessed/retry", "", |at, _| at == "{}",
        "CertificateAccessed has no retry policy, so a batch that fails once is lost: copy retry from the repository's function.json"),
    fault("CertificateAccessed/retry/maxRetryCount", "", |at, _| at == "-1",
        "CertificateAccessed gives a batch up after some retries, and its events are lost: set maxRetryCount to -1 in its retry policy"),
    fault("CertificateAccessed/retry/strategy", "", |at, _| is(at, EXPONENTIAL) || is(at, FIXED),
        "the retry policy of CertificateAccessed has no strategy that the host knows, so the host switches off that function \
         alone, and says Running: set strategy to exponentialBackoff"),
    fault("CertificateAccessed/retry/minimumInterval", "", |at, app| !retries(app, EXPONENTIAL) || seconds(at).is_some(),
        "the retry policy of CertificateAccessed has no minimumInterval that is a time, so the host switches off that function \
         alone, and says Running: set it as hh:mm:ss"),
    fault("CertificateAccessed/retry/maximumInterval", "", |at, app| !retries(app, EXPONENTIAL) || seconds(at).is_some(),
        "the retry policy of CertificateAccessed has no maximumInterval that is a time, so the host switches off that function \
         alone, and says Running: set it as hh:mm:ss"),
    fault("CertificateAccessed/retry/minimumInterval", "", |at, app| {
            let most = seconds(&app.text_or("CertificateAccessed/retry/maximumInterval", ""));
            !retries(app, EXPONENTIAL) || seconds(at).zip(most).is_none_or(|(least, most)| least <= most)
        },
        "the retry policy of CertificateAccessed has a minimumInterval above its maximumInterval, so the host switches off that \
         function alone, and says Running: set them to 00:00:05 and 00:05:00"),
    fault("CertificateAccessed/retry/delayInterval", "", |at, app| !retries(app, FIXED) || seconds(at).is_some(),
        "the retry policy of CertificateAccessed has no delayInterval that is a time, so the host switches off that function \
         alone, and says Running: set it as hh:mm:ss"),
    note("CertificateAccessed/retry/strategy", "", |at, _| !is(at, FIXED),
        "CertificateAccessed retries at a fixed interval; exponentialBackoff waits longer each time"),
]);

const EXPONENTIAL: &str = "exponentialBackoff";
const FIXED: &str = "fixedDelay";

fn retries(app: &Examined<'_>, strategy: &str) -> bool {
    is(&app.text_or("CertificateAccessed/retry/strategy", ""), strategy)
}

#[rustfmt::skip]
pub(in crate::doctor) const CARDS: Subject = Subject("NotifyTeams/function.json fits what the binary answers", &[
    fault("NotifyTeams/disabled", "", |at, _| at != "true", "NotifyTeams/function.json says disabled: remove that"),
    fault("NotifyTeams/bindings/alert/queueName", "", |at, app| is(at, &app.text_or("CertificateAccessed/bindings/teams/queueName", at)),
        "the queueName of output teams and of trigger alert differ, so no alert would reach Teams: write the same in both \
         function.json"),
    fault("NotifyTeams/bindings/alert/connection", "", |at, app| is(at, &app.text_or("CertificateAccessed/bindings/teams/connection", at)),
        "the connection of output teams and of trigger alert differ, so no alert would reach Teams: write the same in both \
         function.json"),
]);

/// The host compares types, queues and names of settings without case.
fn is(text: &str, wanted: &str) -> bool {
    text.eq_ignore_ascii_case(wanted)
}

/// The container and the blob of a path.
fn parts(path: &str) -> Option<(&str, &str)> {
    path.split_once('/').filter(|(container, blob)| !container.is_empty() && !blob.is_empty())
}
