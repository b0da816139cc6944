//! The app folder that the host starts: `host.json` and the functions beside it.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::function::Function;

/// Why the stand-in could not start an app.
#[derive(Debug, thiserror::Error)]
pub enum SetupFailure {
    /// A file or folder could not be read.
    #[error("cannot read {path}: {source}")]
    Read {
        /// Which one.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A temporary app folder could not be put together.
    #[error("cannot put {path} into an app folder: {source}")]
    Assemble {
        /// What was to be put there.
        path: PathBuf,
        /// Why it was not.
        source: io::Error,
    },
    /// A file is not the JSON that the host expects.
    #[error("{path} is not what the host expects: {source}")]
    Json {
        /// Which one.
        path: PathBuf,
        /// Why.
        source: serde_json::Error,
    },
    /// A function without a trigger.
    #[error("{0} has no trigger binding")]
    NoTrigger(PathBuf),
    /// `defaultExecutablePath` is empty.
    #[error("host.json names no customHandler.description.defaultExecutablePath")]
    NoHandler,
    /// The process could not be started.
    #[error("cannot start {executable}: {source}")]
    Spawn {
        /// What was to be started.
        executable: PathBuf,
        /// Why it was not.
        source: io::Error,
    },
    /// The process ended before it answered.
    #[error("the handler ended ({status}) before it answered; its stderr:\n{stderr}")]
    Exited {
        /// How it ended.
        status: ExitStatus,
        /// What it wrote to stderr.
        stderr: String,
    },
    /// The process runs and does not answer.
    #[error("the handler did not answer GET / in {seconds} s; its stderr:\n{stderr}")]
    Silent {
        /// How long the host waited.
        seconds: u64,
        /// What it wrote to stderr.
        stderr: String,
    },
    /// The HTTP client could not be built.
    #[error("no HTTP client: {0}")]
    Client(#[from] reqwest::Error),
}

/// Application settings.
#[derive(Debug, Clone, Default)]
pub struct Settings(pub BTreeMap<String, String>);

impl Settings {
    /// Settings from pairs; the last of a name counts.
    pub fn new(pairs: &[(String, String)]) -> Self {
        Self(pairs.iter().cloned().collect())
    }

    /// Replaces each `%NAME%`; one that is not set becomes empty
    /// (functions-host §6, `HttpWorkerOptionsSetup`).
    pub fn expand(&self, text: &str) -> String {
        let mut expanded = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('%') {
            expanded.push_str(before);
            let Some((name, remaining)) = after.split_once('%') else {
                expanded.push('%');
                rest = after;
                break;
            };
            if let Some(value) = self.0.get(name) {
                expanded.push_str(value);
            }
            rest = remaining;
        }
        expanded.push_str(rest);
        expanded
    }
}

/// The content of an app folder.
#[derive(Debug, Clone)]
pub struct App {
    /// The folder.
    pub root: PathBuf,
    /// The handler, found under the root or left to PATH.
    pub executable: PathBuf,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// Where it is started.
    pub working_directory: PathBuf,
    /// The functions by name.
    pub functions: BTreeMap<String, Function>,
    /// `extensions.eventHubs.maxEventBatchSize`, 100 unless set (functions-host §6).
    pub max_event_batch_size: usize,
    /// The settings that it was read with.
    pub settings: Settings,
}

impl App {
    /// Reads `host.json` and every `*/function.json`.
    pub fn read(root: &Path, settings: Settings) -> Result<Self, SetupFailure> {
        let root = root.canonicalize().map_err(|source| SetupFailure::Read { path: root.to_owned(), source })?;
        let host: HostJson = read_json(&root.join("host.json"))?;
        let description = host.custom_handler.description;
        let executable = settings.expand(&description.default_executable_path);
        if executable.is_empty() {
            return Err(SetupFailure::NoHandler);
        }
        let under_root = root.join(&executable);
        // The host joins the arguments with spaces, so one with a space in it becomes two.
        let arguments = description
            .arguments
            .iter()
            .flat_map(|argument| {
                let expanded = settings.expand(argument);
                expanded.split_whitespace().map(str::to_owned).collect::<Vec<_>>()
            })
            .collect();
        Ok(Self {
            executable: if under_root.is_file() { under_root } else { executable.into() },
            arguments,
            working_directory: root.join(settings.expand(&description.working_directory)),
            functions: functions_under(&root, &settings)?,
            max_event_batch_size: host.extensions.event_hubs.max_event_batch_size.unwrap_or(100),
            root,
            settings,
        })
    }
}

fn functions_under(root: &Path, settings: &Settings) -> Result<BTreeMap<String, Function>, SetupFailure> {
    let unreadable = |source| SetupFailure::Read { path: root.to_owned(), source };
    let mut functions = BTreeMap::new();
    for entry in root.read_dir().map_err(unreadable)? {
        let folder = entry.map_err(unreadable)?.path();
        if folder.join("function.json").is_file() {
            let function = Function::read(&folder, settings)?;
            functions.insert(function.name.clone(), function);
        }
    }
    Ok(functions)
}

/// Reads a JSON file, and says which one was wrong.
pub fn read_json<T: DeserializeOwned>(path: &Path) -> Result<T, SetupFailure> {
    let text = std::fs::read(path).map_err(|source| SetupFailure::Read { path: path.to_owned(), source })?;
    serde_json::from_slice(&text).map_err(|source| SetupFailure::Json { path: path.to_owned(), source })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct HostJson {
    pub(super) custom_handler: CustomHandlerJson,
    #[serde(default)]
    extensions: ExtensionsJson,
}

#[derive(Deserialize)]
pub(super) struct CustomHandlerJson {
    pub(super) description: DescriptionJson,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DescriptionJson {
    #[serde(default)]
    pub(super) default_executable_path: String,
    #[serde(default)]
    working_directory: String,
    #[serde(default)]
    arguments: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct ExtensionsJson {
    event_hubs: EventHubsJson,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct EventHubsJson {
    max_event_batch_size: Option<usize>,
}
