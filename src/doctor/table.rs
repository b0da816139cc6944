//! The table: file and path, what the host takes by default, what is right, what is wrong, how to fix it.
//!
//! A row without a fix is a note.

mod event_hubs;
mod functions;
mod host_json;
mod retry;
mod settings;

pub(super) use event_hubs::BATCHES;
pub(super) use functions::{CARDS, COPY, DETECTION, NAME};
pub(super) use host_json::{LOGS, QUEUES, START};
pub(super) use retry::RETRY;
pub(super) use settings::SETTINGS;
