//! A stand-in for the Azure Functions host, for tests and the local loop.
//!
//! It reads an app folder ([`app_folder`], [`app`], [`function`]), starts the handler ([`process`], [`host`]) and takes
//! events ([`event_hub`]) and queue messages ([`queue_trigger`], [`queue_listener`]). It encodes them ([`encoding`],
//! [`metadata`]), posts them ([`invocation`]), checks the answer ([`answer`], [`output`]), writes the outputs
//! ([`mod@write`], [`sink`]) and tries again ([`delivery`]); it can also die (`mortal_host`). It writes JSON as
//! Newtonsoft.Json does ([`json`], [`newtonsoft`], [`iso_date`]).
//!
//! Facts are quoted as "functions-host: …" with the host's source file that shows them.

pub mod answer;
pub mod app;
pub mod app_folder;
pub mod blob_path;
pub mod delivery;
pub mod encoding;
pub mod event_hub;
pub mod failure;
pub mod function;
pub mod host;
pub mod invocation;
pub mod iso_date;
pub mod json;
pub mod lines;
pub mod metadata;
#[cfg(unix)]
pub mod mortal_host;
pub mod newtonsoft;
pub mod output;
pub mod process;
pub mod queue_listener;
pub mod queue_trigger;
pub mod sink;
pub mod write;
