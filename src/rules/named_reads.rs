//! What the rules that read either log say of the names that were read: which, how many, and whether private keys may have
//! left.

use std::sync::Arc;

use jiff::Timestamp;

use crate::counted::{Counted, NamedRead, vault_of};
use crate::facts::Facts;
use crate::json::{Value, quoted};
use crate::private_key::{PrivateKey, Reads};

use super::panther::ContextEntry;
use super::{Description, Parameters};

/// How many bytes the names in an alert may take, and the vaults.
const MAX_NAME_BYTES: usize = 30_000;
const MAX_VAULT_BYTES: usize = 4_000;

/// The name in its vault, in lower case and without its kind; reads without a name count as one name of their vault.
pub(super) fn named_read(facts: &Facts<'_>, parameters: &Parameters) -> NamedRead {
    let access = facts.access();
    let operation = facts.get("operationName").and_then(Value::as_str).unwrap_or_default();
    NamedRead {
        name: Arc::clone(&access.name_in_vault),
        reads: Reads::of(&operation, parameters.is_certificate(access)),
    }
}

/// What an alert of a rule that counts says of its incident: the names as [`describe`] does, how many were refused, and whether
/// it is over.
pub(super) fn describe_incident(counted: &Counted, delay_seconds: Option<i64>) -> Description {
    let mut description = describe(counted, delay_seconds);
    description.entries.push(("refused_count", counted.refused.to_string().into()));
    description.entries.push(("stopped", counted.has_stopped.to_string().into()));
    description
}

/// How many names were read, which, in which vaults, and what of them; when it was, and how much later the hub took the record
/// that the alert belongs to.
pub(super) fn describe(counted: &Counted, delay_seconds: Option<i64>) -> Description {
    let mut vaults: Vec<_> = counted.names.iter().map(|name| vault_of(name)).collect();
    vaults.sort_unstable();
    vaults.dedup();
    let (objects, object_count) = list(counted.names.iter().map(AsRef::as_ref), MAX_NAME_BYTES);
    let (vaults, listed_vaults) = list(vaults.into_iter(), MAX_VAULT_BYTES);
    let keys = PrivateKey::ALL.iter().zip(counted.private_keys);
    let keys: Vec<_> = keys.map(|(key, count)| format!("{}:{count}", quoted(key.as_str()))).collect();
    let time = |time: Option<Timestamp>| time.map_or_else(|| "null".to_owned(), |time| quoted(&time.to_string()));
    let mut entries: Vec<ContextEntry<'static>> = vec![
        ("read_count", counted.count.to_string().into()),
        ("read_objects", objects.into()),
        ("vault_count", counted.vaults.to_string().into()),
        ("vaults", vaults.into()),
        ("private_key", format!("{{{}}}", keys.join(",")).into()),
        ("first_read_time", time(counted.first).into()),
        ("last_read_time", time(counted.last).into()),
    ];
    entries.extend(delay_seconds.map(|seconds| ("log_delay_seconds", seconds.to_string().into())));
    let cut = [("read_objects", object_count < counted.count), ("vaults", listed_vaults < counted.vaults)];
    Description { entries, cut: cut.into_iter().filter(|(_, is_cut)| *is_cut).map(|(key, _)| key).collect() }
}

/// A list of as many texts as have room, and how many those are.
pub(super) fn list<'t>(texts: impl Iterator<Item = &'t str>, max_bytes: usize) -> (String, usize) {
    let mut room = max_bytes;
    let fits = |text: &String| {
        let left = room.checked_sub(text.len() + ",".len());
        room = left.unwrap_or_default();
        left.is_some()
    };
    let texts: Vec<_> = texts.map(quoted).take_while(fits).collect();
    (format!("[{}]", texts.join(",")), texts.len())
}
