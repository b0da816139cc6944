//! A stand-in for the Azure Functions host, for tests and the local loop.
//!
//! What goes in: an app folder ([`app_folder`], [`app`], [`function`]) and events ([`event_hub`], [`queue_trigger`],
//! [`secret_read`]).
//! What the host does: start the handler ([`process`], [`host`]), encode ([`encoding`]), post
//! ([`invocation`]), judge the reply ([`answer`], [`output`]), write it out ([`sink`]), try again ([`delivery`]), die
//! (`mortal_host`).
//! What it is built on: Newtonsoft's habits ([`json`], [`newtonsoft`], [`iso_date`]) and a storage
//! emulator ([`azurite`]). What else stands around the app: a Teams webhook ([`fake_teams`]), the host's queue listener
//! ([`queue_listener`]), a way to the storage on which requests get lost ([`storage_proxy`]).
//!
//! Facts are quoted as "functions-host: …" with the host's source file that shows them.

#![allow(dead_code, unreachable_pub, reason = "every test binary includes this tree and uses a part of it")]

pub mod answer;
pub mod app;
pub mod app_folder;
pub mod azurite;
pub mod blob_path;
pub mod delivery;
pub mod encoding;
pub mod event_hub;
pub mod failure;
pub mod fake_teams;
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
pub mod secret_read;
pub mod sink;
pub mod storage_proxy;
pub mod tls;
pub mod write;
