//! One card per alert: what is posted, when it is posted again, and what the host is told.

/// The sender alone, against every way in which a webhook answers.
mod sender;

/// The function under the stand-in for the host.
mod function;

/// One card, however often the queue holds the alert.
#[cfg(unix)]
mod once;

/// The settings, and what may never be said of them.
mod settings;

/// `notify` on the command line.
mod by_hand;

/// From an Event Hub batch through two queues to the webhook.
mod whole_way;
