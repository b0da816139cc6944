//! Saved log files as the bodies of events.

use std::io;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::value::RawValue;

use super::report::Report;

/// The most that Event Hubs takes as one event in the usual tiers.
const LARGEST_EVENT: usize = 1_000_000;

/// Reads saved logs.
pub(super) struct SavedLogs;

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    records: Vec<&'a RawValue>,
}

impl SavedLogs {
    /// The log files among paths, folders searched through, in order of their names.
    pub(super) fn under(paths: &[PathBuf], report: &mut Report) -> Vec<PathBuf> {
        let mut files = Vec::new();
        for path in paths {
            collect(path, &mut files, report);
        }
        files
    }

    /// The events of a file: a document is one event, an array gives its elements, anything else
    /// its lines. An envelope too large for one event is cut between its records.
    pub(super) fn read(file: &Path) -> io::Result<Vec<Vec<u8>>> {
        let bytes = std::fs::read(file)?;
        let document: Result<&RawValue, _> = serde_json::from_slice(&bytes);
        let Ok(document) = document else {
            return Ok(lines(&bytes));
        };
        if let Ok(elements) = serde_json::from_str::<Vec<&RawValue>>(document.get()) {
            return Ok(elements.into_iter().map(body).collect());
        }
        if document.get().len() <= LARGEST_EVENT {
            return Ok(vec![body(document)]);
        }
        match serde_json::from_str::<Envelope<'_>>(document.get()) {
            Ok(envelope) => Ok(envelopes(&envelope.records)),
            Err(_) => Ok(vec![body(document)]),
        }
    }
}

fn collect(path: &Path, files: &mut Vec<PathBuf>, report: &mut Report) {
    if !path.is_dir() {
        let extension = path.extension().unwrap_or_default().to_string_lossy();
        match extension.to_ascii_lowercase().as_str() {
            "json" | "ndjson" | "jsonl" => files.push(path.to_owned()),
            "gz" => report.left_out(path, "compressed; unpack it first"),
            _ => report.left_out(path, "neither .json, .ndjson nor .jsonl"),
        }
        return;
    }
    let entries = path.read_dir().and_then(|entries| entries.collect::<io::Result<Vec<_>>>());
    match entries {
        Ok(entries) => {
            let mut paths: Vec<PathBuf> = entries.iter().map(|entry| entry.path()).collect();
            paths.sort();
            for path in paths {
                collect(&path, files, report);
            }
        }
        Err(failure) => report.unreadable(path, &failure.to_string()),
    }
}

fn body(value: &RawValue) -> Vec<u8> {
    value.get().as_bytes().to_vec()
}

fn lines(bytes: &[u8]) -> Vec<Vec<u8>> {
    bytes
        .split(|&byte| byte == b'\n')
        .map(|line| line.strip_suffix(b"\r").unwrap_or(line))
        .filter(|line| !line.trim_ascii().is_empty())
        .map(<[u8]>::to_vec)
        .collect()
}

fn envelopes(records: &[&RawValue]) -> Vec<Vec<u8>> {
    let mut events = Vec::new();
    let mut records = records.iter().map(|record| record.get()).peekable();
    while let Some(first) = records.next() {
        let mut event = format!("{{\"records\":[{first}");
        while let Some(next) = records.next_if(|next| event.len() + next.len() + ",]}".len() <= LARGEST_EVENT) {
            event.push(',');
            event.push_str(next);
        }
        event.push_str("]}");
        events.push(event.into_bytes());
    }
    events
}
