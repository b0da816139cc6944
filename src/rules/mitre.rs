//! The names of the MITRE ATT&CK tactics and techniques that the rules cover; Panther keeps them in comments only.

use serde::Serialize;

/// A tactic or technique.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(super) struct Entry {
    id: &'static str,
    name: &'static str,
}

const ENTRIES: &[Entry] = &[
    Entry { id: "TA0001", name: "Initial Access" },
    Entry { id: "TA0006", name: "Credential Access" },
    Entry { id: "TA0009", name: "Collection" },
    Entry { id: "TA0040", name: "Impact" },
    Entry { id: "T1078.004", name: "Cloud Accounts" },
    Entry { id: "T1485", name: "Data Destruction" },
    Entry { id: "T1530", name: "Data from Cloud Storage" },
    Entry { id: "T1555", name: "Credentials from Password Stores" },
    Entry { id: "T1555.006", name: "Cloud Secrets Management Stores" },
];

/// Finds an entry by its id.
pub(super) fn find(id: &str) -> Option<Entry> {
    ENTRIES.iter().copied().find(|entry| entry.id == id.trim())
}
