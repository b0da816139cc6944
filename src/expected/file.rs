//! The expected-access file: YAML, read strictly, every fault with its line and column.

use jiff::civil::Date;
use serde::Deserialize;
use serde_saphyr::Spanned;

use super::entry::Entry;
use super::network::Network;
use crate::name_pattern::NamePattern;
use crate::rules;

/// Why a file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ExpectedAccessError {
    /// It is not YAML of the form that the documents show.
    #[error("{0}")]
    Yaml(String),
    /// A value that cannot be meant.
    #[error("line {line} column {column}: {message}")]
    Value {
        /// The line, from 1.
        line: u64,
        /// The column, from 1.
        column: u64,
        /// What is wrong and how to mend it.
        message: String,
    },
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RawFile {
    expected: Vec<Spanned<RawEntry>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RawEntry {
    rules: Vec<Spanned<String>>,
    #[serde(default)]
    object_ids: Vec<String>,
    #[serde(default)]
    app_ids: Vec<String>,
    #[serde(default)]
    upns: Vec<String>,
    #[serde(default)]
    networks: Vec<Spanned<String>>,
    #[serde(default)]
    vaults: Vec<String>,
    #[serde(default)]
    certificates: Vec<String>,
    reason: Spanned<String>,
    until: Option<Spanned<String>>,
}

/// Reads all entries, or names the first fault.
pub(super) fn parse(text: &str) -> Result<Vec<Entry>, ExpectedAccessError> {
    let file: RawFile =
        serde_saphyr::from_str(text).map_err(|error| ExpectedAccessError::Yaml(one_line(&error.to_string())))?;
    file.expected.into_iter().map(entry).collect()
}

/// The parser's message shows the place in a drawing below its first line.
fn one_line(message: &str) -> String {
    let lines: Vec<_> = message.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines.first().map_or_else(String::new, |line| (*line).to_owned())
}

fn entry(raw: Spanned<RawEntry>) -> Result<Entry, ExpectedAccessError> {
    let location = raw.referenced;
    let fault = |message: &str| ExpectedAccessError::Value {
        line: location.line(),
        column: location.column(),
        message: message.to_owned(),
    };
    let raw = raw.value;
    if raw.reason.value.trim().is_empty() {
        return Err(fault("an entry needs a reason"));
    }
    if raw.rules.is_empty() {
        return Err(fault("an entry needs the names of its rules"));
    }
    let entry = Entry {
        rules: raw.rules.iter().map(rule).collect::<Result<_, _>>()?,
        object_ids: raw.object_ids,
        app_ids: raw.app_ids,
        upns: raw.upns,
        networks: raw.networks.iter().map(network).collect::<Result<_, _>>()?,
        vaults: raw.vaults.iter().map(|name| NamePattern::new(name)).collect(),
        certificates: raw.certificates.iter().map(|name| NamePattern::new(name)).collect(),
        reason: raw.reason.value,
        until: raw.until.as_ref().map(last_day).transpose()?,
    };
    let names_somebody = !(entry.object_ids.is_empty()
        && entry.app_ids.is_empty()
        && entry.upns.is_empty()
        && entry.networks.is_empty());
    if !names_somebody {
        return Err(fault("an entry needs somebody: objectIds, appIds, upns or networks"));
    }
    if entry.is_everyone_and_everything() {
        return Err(fault("an entry for everyone and everything would end the detection; narrow it down"));
    }
    Ok(entry)
}

fn at(value: &Spanned<String>, message: String) -> ExpectedAccessError {
    ExpectedAccessError::Value { line: value.referenced.line(), column: value.referenced.column(), message }
}

fn rule(name: &Spanned<String>) -> Result<&'static str, ExpectedAccessError> {
    let found = rules::by_name(name.value.trim()).map(|logic| logic.name);
    found.ok_or_else(|| {
        let names: Vec<_> = rules::ALL.iter().map(|logic| logic.name).collect();
        at(name, format!("no rule of this name; there are {}", names.join(", ")))
    })
}

fn network(text: &Spanned<String>) -> Result<Network, ExpectedAccessError> {
    text.value.parse().map_err(|()| at(text, "not a network; write it as 192.0.2.0/24 or 2001:db8::/32".to_owned()))
}

fn last_day(text: &Spanned<String>) -> Result<Date, ExpectedAccessError> {
    text.value.trim().parse().map_err(|_| at(text, "not a day; write it as 2026-12-31".to_owned()))
}
