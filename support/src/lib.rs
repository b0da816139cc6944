//! What the tests, benches and examples share. Nothing of it is in the product.
//!
//! **A stand-in for the Azure Functions host.** It reads an app folder ([`app_folder`], [`app`], [`function`]) and takes
//! events ([`event_hub`], [`queue_trigger`]). It starts the handler ([`process`], [`host`]), encodes ([`encoding`],
//! [`metadata`]), posts ([`invocation`]), judges the answer ([`answer`], [`output`]), writes it out ([`write`](mod@write),
//! [`sink`]), retries ([`delivery`]), listens to a queue ([`queue_listener`]) and can die (`mortal_host`). It encodes JSON
//! as Newtonsoft.Json does ([`json`], [`newtonsoft`], [`iso_date`]).
//! Facts are quoted as "functions-host: …" with the host's source file that shows them.
//!
//! **What surrounds an app.** A real storage emulator ([`azurite`]), a proxy that loses requests on their way to it
//! ([`storage_proxy`]), a Teams webhook ([`fake_teams`]).
//!
//! **The rest.** Logs to work on ([`invented_logs`]), what is measured ([`bench`](mod@bench)), alerts of `replay` beside
//! those of the queue ([`compare_alerts`]), what a rule must have ([`complete_rule`]).

pub mod answer;
pub mod app;
pub mod app_folder;
pub mod azurite;
pub mod bench;
pub mod blob_path;
pub mod compare_alerts;
pub mod complete_rule;
pub mod delivery;
pub mod encoding;
pub mod event_hub;
pub mod failure;
pub mod fake_teams;
pub mod function;
pub mod host;
pub mod invented_logs;
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
pub mod storage_proxy;
pub mod tls;
pub mod write;
