//! certificate-accessed: who read the certificates of our Key Vaults?
//!
//! Azure Event Hubs hands batches of Azure logs to an Azure Functions host, the host posts them to this program, a
//! custom handler; it runs detection rules as Panther would and answers with alerts for a queue. The same path runs
//! over saved logs on the command line.
//!
//! Data flows one way: [`http`] → [`wire`] → [`decode`] → [`rules`] → [`alert`] → [`render`] → [`wire`]; and out of
//! the queue again, [`wire`] → [`render`] → [`teams`]. `ARCHITECTURE.md` has the map, and says which rooms are pure.
//!
//! The library is public for this repository alone: its binary, tests, benches, examples and fuzz targets. It promises no
//! stable API to anyone else; what is stable is listed in `CONTRIBUTING.md`.

pub mod alert;
pub mod baseline_file;
pub mod card_receipts;
pub mod cli;
pub mod config;
pub mod counted;
pub mod csv;
pub mod decode;
pub mod detector;
pub mod digest;
pub mod doctor;
pub mod dossier;
pub mod expected;
pub mod expected_blob;
pub mod explain;
pub mod facts;
pub mod hidden;
pub mod http;
pub mod incident;
pub mod interrupt;
pub mod investigate;
pub mod json;
pub mod key_vault;
pub mod name_pattern;
pub mod network;
pub mod notify;
pub mod outcome;
pub mod pipeline;
pub mod private_key;
pub mod process_log;
pub mod queries;
pub mod render;
pub mod replay;
pub mod resource_id;
pub mod rule_tests;
pub mod rules;
pub mod saved_logs;
pub mod serve;
pub mod severity;
pub mod shared_windows;
pub mod show_windows;
pub mod sigma;
pub mod sigma_files;
pub mod small_file;
pub mod source;
pub mod state_log;
pub mod storage;
pub mod teams;
pub mod terminal;
pub mod time_bound;
mod tls;
pub mod usual;
pub mod webhook;
pub mod windows;
pub mod wire;
