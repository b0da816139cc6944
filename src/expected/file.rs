//! The expected-access file: YAML, read strictly, every fault with its line and column.

use jiff::civil::Date;
use serde::Deserialize;
use serde_saphyr::Spanned;

use super::breadth::is_everyone;
use super::entry::Entry;
use super::network::Network;
use crate::name_pattern::NamePattern;
use crate::rules;

/// The longest file that is read.
pub const MAX_FILE_BYTES: usize = 1 << 20;

/// Why a file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ExpectedAccessError {
    /// It is longer than any list that somebody could keep in mind.
    #[error("the file is over {} MiB; look whether it is the right one", MAX_FILE_BYTES >> 20)]
    TooLong,
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

/// Reads all entries, or names the first fault. Nothing of the text is repeated: it may be a wrong file.
pub(super) fn parse(text: &str) -> Result<Vec<Entry>, ExpectedAccessError> {
    if text.len() > MAX_FILE_BYTES {
        return Err(ExpectedAccessError::TooLong);
    }
    let file: RawFile = serde_saphyr::from_str(text).map_err(|error| ExpectedAccessError::Yaml(told(&error)))?;
    let places: Vec<_> = file.expected.iter().map(|entry| entry.referenced).collect();
    let entries: Vec<_> = file.expected.into_iter().map(entry).collect::<Result<_, _>>()?;
    // The first entries of a file can only cover less than all of them, so the one that is too much is found by halves.
    let counts: Vec<_> = (1..=entries.len()).collect();
    let before = counts.partition_point(|count| !entries.get(..*count).is_some_and(cover_everyone_and_everything));
    match places.get(before) {
        None => Ok(entries),
        Some(place) => Err(ExpectedAccessError::Value {
            line: place.line(),
            column: place.column(),
            message:
                "this entry, with those before it, is for everyone and everything, which would end the detection: \
                      their networks hold more than a sixteenth of the Internet; name objectIds, appIds or upns, or \
                      whole names of vaults or certificates, without *"
                    .to_owned(),
        }),
    }
}

/// Whether there is a rule that the entries silence for so many, on what nobody can count, that it is as good as off.
fn cover_everyone_and_everything(entries: &[Entry]) -> bool {
    rules::ALL.iter().any(|rule| {
        let open = entries.iter().filter(|entry| entry.rules.contains(&rule.name) && entry.is_open());
        is_everyone(open.flat_map(|entry| &entry.networks))
    })
}

/// Where and what, in words of our own: the parser's quote the text.
fn told(error: &serde_saphyr::Error) -> String {
    use serde_saphyr::Error;
    let what = match error.without_snippet() {
        Error::SerdeUnknownField { expected, .. } => format!("a key that is none of {}", expected.join(", ")),
        Error::SerdeMissingField { field, .. } => format!("{field} is missing"),
        _ => "not of the form that docs/expected-access.yml shows".to_owned(),
    };
    error
        .location()
        .map_or_else(|| what.clone(), |place| format!("line {} column {}: {what}", place.line(), place.column()))
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
