//! The table: file and path, what the host takes without it, what is right, what is wrong, how to mend it.
//!
//! A row without a mend is a note.

mod event_hubs;
mod functions;
mod host_json;
mod retry;
mod settings;

use functions::{ALERT, ALERTS, EVENTS, REJECTED, TEAMS};

use super::check::{Check, Subject};

const fn subject(ok: &'static str, rows: &'static [&'static [Check]]) -> Subject {
    Subject { ok, rows }
}

pub(super) const START: Subject =
    subject("host.json starts the handler with the argument serve, and both functions", &[host_json::START]);
pub(super) const LOGS: Subject =
    subject("host.json lets every line of the detection through to Application Insights", &[host_json::LOGS]);
pub(super) const DETECTION: Subject = subject(
    "CertificateAccessed/function.json fits what the binary answers",
    &[EVENTS, ALERTS, TEAMS, REJECTED, functions::DETECTION, retry::RETRY],
);
pub(super) const CARDS: Subject =
    subject("NotifyTeams/function.json fits what the binary answers", &[ALERT, functions::CARDS]);
pub(super) const BATCHES: Subject = subject(
    "four partitions of the largest events fit into an instance of 2,048 MB, and a batch of them into the largest body",
    &[event_hubs::BATCHES],
);
pub(super) const QUEUES: Subject = subject("alerts for Teams are tried again for a day", &[host_json::QUEUES]);
pub(super) const SETTINGS: Subject =
    subject("the settings of the handler are usable and fit together", &[settings::SETTINGS]);
