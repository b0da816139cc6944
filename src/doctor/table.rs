//! The table: file and path, what the host takes by default, what is right, what is wrong and how to fix it.

mod event_hubs;
mod functions;
mod host_json;
mod settings;

pub(super) use event_hubs::BATCHES;
pub(super) use functions::{CARDS, DETECTION, RETRY};
pub(super) use host_json::{LOGS, QUEUES, START};
pub(super) use settings::SETTINGS;
