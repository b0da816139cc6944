//! What has to be rotated: each name that was handed out.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Serialize, Serializer};

use super::event::{Event, KEY_VAULT_AUDIT};
use crate::counted::Span;
use crate::key_vault::ObjectKind;
use crate::private_key::{PrivateKey, Reads};

/// One name of a vault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Rotate {
    /// The vault.
    pub vault: String,
    /// `certificate` where the name is known as one, else what was read.
    pub kind: &'static str,
    /// The name as the log has it.
    pub name: String,
    /// The versions that were asked for; none where the latest one was.
    pub versions: BTreeSet<String>,
    /// When it was read, first and last; nothing where no record says when.
    #[serde(flatten)]
    pub span: Option<Span>,
    /// How many reads there were.
    pub times: u64,
    /// From which addresses.
    pub addresses: BTreeSet<String>,
    /// Whether the private key may have left.
    #[serde(serialize_with = "word")]
    pub private_key: PrivateKey,
    /// Who read it.
    pub identities: BTreeSet<String>,
}

/// The names that were handed out, those first whose private key may have left, then by vault and name.
pub(super) fn rotation(events: &[Event], name_of: impl Fn(&Event) -> String) -> Vec<Rotate> {
    let mut rows: BTreeMap<&str, (Rotate, Reads)> = BTreeMap::new();
    for event in events {
        let Some(read) = &event.read else { continue };
        let (vault, name) = read.name.split_once('/').unwrap_or((&read.name, ""));
        let (row, reads) = rows.entry(&read.name).or_insert_with(|| (Rotate::of(vault, name), Reads::default()));
        *reads = reads.and(read.reads);
        row.add(event, name_of(event));
        row.private_key = reads.private_key();
    }
    let mut rows: Vec<_> = rows.into_values().map(|(row, _)| row).collect();
    rows.sort_by(|one, other| {
        (one.private_key, &one.vault, &one.name).cmp(&(other.private_key, &other.vault, &other.name))
    });
    rows
}

impl Rotate {
    fn of(vault: &str, name: &str) -> Self {
        Self {
            vault: vault.to_owned(),
            kind: "unknown",
            name: name.to_owned(),
            versions: BTreeSet::new(),
            span: None,
            times: 0,
            addresses: BTreeSet::new(),
            private_key: PrivateKey::Unknown,
            identities: BTreeSet::new(),
        }
    }

    fn add(&mut self, event: &Event, identity: String) {
        if let Some(object) = &event.object {
            if object.kind == ObjectKind::Certificate || self.kind == "unknown" {
                self.kind = object.kind.as_str();
            }
            self.versions.extend(object.version.clone());
            // The Activity Log may write a name in capitals.
            if self.times == 0 || event.log == KEY_VAULT_AUDIT {
                self.name.clone_from(&object.name);
            }
        }
        self.times += 1;
        self.addresses.extend(event.address.clone());
        self.identities.insert(identity);
        if let Some(time) = event.time {
            self.span = Some(self.span.map_or(Span::at(time), |span| span.with(time)));
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn word<S: Serializer>(key: &PrivateKey, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(key.as_str())
}
