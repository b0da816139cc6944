//! The expected-access file: YAML, read strictly, every fault with its line and column.

use jiff::civil::Date;
use serde::Deserialize;
use serde_saphyr::Spanned;

use super::Entry;
use crate::name_pattern::NamePattern;
use crate::network::{Network, is_everyone};
use crate::rules;

/// The longest file that is read.
pub const MAX_FILE_BYTES: usize = 1 << 20;

/// Why a file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ExpectedAccessError {
    /// It is longer than any real list.
    #[error("the list is over {} MiB; check that it is the right one", MAX_FILE_BYTES >> 20)]
    TooLong,
    /// It is not UTF-8.
    #[error("the list is not UTF-8; save it as UTF-8")]
    NotUtf8,
    /// It is not YAML of the documented form.
    #[error("{0}")]
    Yaml(String),
    /// A value is wrong: the line and the column, from 1, and how to fix it.
    #[error("line {0} column {1}: {2}")]
    Value(u64, u64, String),
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

/// Reads all entries, or names the first fault. Nothing of the text is repeated: it may be the wrong file.
pub(super) fn parse(bytes: &[u8]) -> Result<Vec<Entry>, ExpectedAccessError> {
    if bytes.len() > MAX_FILE_BYTES {
        return Err(ExpectedAccessError::TooLong);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| ExpectedAccessError::NotUtf8)?;
    let file: RawFile = serde_saphyr::from_str(text).map_err(|error| ExpectedAccessError::Yaml(place_of(&error)))?;
    let entries: Vec<_> = file.expected.iter().map(entry).collect::<Result<_, _>>()?;
    // The first entries of a file cover no more than all of them, so the one that is too much is found by bisection.
    let counts: Vec<_> = (1..=entries.len()).collect();
    let before = counts.partition_point(|count| !entries.get(..*count).is_some_and(cover_everyone_and_everything));
    match file.expected.get(before) {
        None => Ok(entries),
        Some(entry) => Err(fault(
            entry,
            "this entry, with those before it, is for everyone and everything, which would end the detection: their networks \
             hold more than a sixteenth of the Internet; name objectIds, appIds or upns, or whole names of vaults or \
             certificates, without *",
        )),
    }
}

/// Whether the entries silence some rule for so many callers, and for objects that they do not name, that it is as good as
/// off.
fn cover_everyone_and_everything(entries: &[Entry]) -> bool {
    let mut names = entries.iter().flat_map(|entry| &entry.rules);
    names.any(|name| {
        let is_of_rule = |entry: &&Entry| entry.rules.iter().any(|other| other.eq_ignore_ascii_case(name));
        let open = entries.iter().filter(|entry| is_of_rule(entry) && entry.is_open());
        is_everyone(open.flat_map(|entry| &entry.networks))
    })
}

/// The place and the kind of a fault, in words of our own: the parser's quote the text.
fn place_of(error: &serde_saphyr::Error) -> String {
    use serde_saphyr::Error;
    let what = match error.without_snippet() {
        Error::SerdeUnknownField { expected, .. } => format!("a key that is none of {}", expected.join(", ")),
        Error::SerdeMissingField { field, .. } => format!("{field} is missing"),
        _ => "not of the form that docs/expected-access.yml shows".to_owned(),
    };
    let place = error.location().map(|place| format!("line {} column {}: ", place.line(), place.column()));
    place.unwrap_or_default() + &what
}

fn entry(raw: &Spanned<RawEntry>) -> Result<Entry, ExpectedAccessError> {
    let RawEntry { rules, object_ids, app_ids, upns, networks, vaults, certificates, reason, until } = &raw.value;
    if reason.value.trim().is_empty() {
        return Err(fault(raw, "an entry needs a reason"));
    }
    if rules.is_empty() {
        return Err(fault(raw, "an entry needs the names of its rules"));
    }
    let entry = Entry {
        line: raw.referenced.line(),
        rules: rules.iter().map(rule).collect::<Result<_, _>>()?,
        object_ids: object_ids.clone(),
        app_ids: app_ids.clone(),
        upns: upns.clone(),
        networks: networks.iter().map(network).collect::<Result<_, _>>()?,
        vaults: vaults.iter().map(|name| NamePattern::new(name)).collect(),
        certificates: certificates.iter().map(|name| NamePattern::new(name)).collect(),
        reason: reason.value.clone(),
        until: until.as_ref().map(last_day).transpose()?,
    };
    if object_ids.is_empty() && app_ids.is_empty() && upns.is_empty() && networks.is_empty() {
        return Err(fault(raw, "an entry needs somebody: objectIds, appIds, upns or networks"));
    }
    Ok(entry)
}

fn fault<T>(value: &Spanned<T>, message: impl Into<String>) -> ExpectedAccessError {
    ExpectedAccessError::Value(value.referenced.line(), value.referenced.column(), message.into())
}

/// A rule of this program by its name, or a Sigma rule by its id or title, of which neither is one word of letters.
fn rule(name: &Spanned<String>) -> Result<String, ExpectedAccessError> {
    let text = name.value.trim();
    let own = rules::by_name(text).map(|logic| logic.name.to_owned());
    let of_sigma = || Some(text.to_owned()).filter(|text| text.contains(char::is_whitespace) || is_uuid(text));
    own.or_else(of_sigma).ok_or_else(|| {
        let names: Vec<_> = rules::ALL.iter().map(|logic| logic.name).collect();
        let names = names.join(", ");
        fault(name, format!("no rule of this name; there are {names}, and Sigma rules by their id or whole title"))
    })
}

fn is_uuid(text: &str) -> bool {
    let lengths = text.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12]) && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

fn network(text: &Spanned<String>) -> Result<Network, ExpectedAccessError> {
    text.value.parse().map_err(|()| fault(text, "not a network; write it as 192.0.2.0/24 or 2001:db8::/32"))
}

fn last_day(text: &Spanned<String>) -> Result<Date, ExpectedAccessError> {
    text.value.trim().parse().map_err(|_| fault(text, "not a day; write it as 2026-12-31"))
}
