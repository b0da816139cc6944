//! The product from outside: what goes in, and what comes out.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    clippy::string_slice,
    reason = "in a test a panic is the message"
)]

/// The rules' YAML and their Rust files tell the same.
mod rule_contract;

/// Why a rule matches a record, or why not.
mod explain;

/// The map of the code, against the code.
mod architecture;

/// The two rules over Key Vault's audit log.
mod audit_rules;

/// A body in segments.
mod body;

/// The first rule's alerts, byte for byte.
mod first_rule;
mod forms;

/// JSON text as Python would hold it.
mod json;

/// Vaults and objects in Azure's addresses.
mod key_vault;

/// Names in resource ids, and patterns for names.
mod names;

/// Every form in which records come.
mod decode;

/// Who made a call, from where and when.
mod facts;

/// Broken logs give up every good record in them.
mod salvage;

/// No alert is too long or too deep.
mod size;

/// Callers that are slow, gone, foreign, or many.
mod door;

/// A bug of ours in one event.
mod panic;

/// What the process says of itself.
mod process_log;

/// The level that each line has in the host's log.
mod levels;

/// What the detection can do without never ends it.
mod goes_on;

/// Killed handlers and refused writes.
mod crash;

/// The fault table in docs/faults.md.
mod faults;

/// What the host posts, in each of its encodings, and the answer it gets.
mod incidents;
mod invocation;

/// What the summary line counts by kind and severity.
mod summary;

/// The command line over saved logs.
mod replay;

/// Every kind of file in which people hold these logs.
mod saved_logs;

/// Rules that others wrote, in Sigma.
mod sigma;

/// Dedup windows: one alert for an hour, and the same one again when its record comes again.
mod windows;

/// Windows against a model, with retries, crashes and restarts.
mod log_model;

/// The storage account that the settings name.
mod storage;

/// Windows that several processes share in one Azurite.
mod shared_windows;

/// Expected access: what raises no alert, and a file that is broken.
mod expected;

/// A drill is marked as one, and nothing else is.
mod drill;

/// The zip that is deployed, opened and started.
mod package;

/// Faults that were found in review, each as a test.
mod regression;

/// `doctor` over apps that are whole, and over apps that are broken in one way each.
mod doctor;

/// Messages, windows and rejected lines of the version before and of the next one.
mod compatibility;

/// The operations page and the saved queries against what the product really says.
mod operations;

/// What holds for any input.
mod properties;

/// The word "cannot" of the contract, over events mangled at random.
mod cannot;

/// The real binary under a stand-in for the Functions host, with a real Azurite behind its outputs.
mod host;
/// Events that hide names, and bodies that only look like the host's.
mod hostile_events;

/// What `replay` finds is what comes out of the queue.
mod compare_alerts;

/// A host that dies: its handler ends, and its batch comes again.
#[cfg(unix)]
mod dead_host;

/// The script that sends a drill.
#[cfg(unix)]
mod drill_script;

/// One card per alert: what is posted, when it is posted again, and what the host is told.
mod notify_teams;

/// What a card says, and what it can never do.
mod card;

/// The URL of a webhook: which ones are taken, and that none is shown.
mod undetermined;
mod usual;
mod webhook;

/// Text of others on a terminal, in a log and on a card.
mod hidden;

/// The tests of the tests: the stand-in does what the facts say a host does.
mod standin;

/// Records, batches and messages that the tests are made of.
mod given;

/// From saved logs to a list of what has to be rotated.
mod investigate;
