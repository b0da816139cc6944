//! How many records there are of each kind.

use serde::Serialize;

use super::RecordKind;

/// Records by kind; serialized with every kind, so that a query finds a number for each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KindCounts {
    activity_log: u64,
    key_vault_audit: u64,
    other: u64,
}

impl KindCounts {
    /// Counts a record.
    pub fn add(&mut self, kind: RecordKind) {
        match kind {
            RecordKind::ActivityLog => self.activity_log += 1,
            RecordKind::KeyVaultAudit => self.key_vault_audit += 1,
            RecordKind::Other => self.other += 1,
        }
    }

    /// The kinds that have records, each with its count.
    pub fn each(&self) -> impl Iterator<Item = (RecordKind, u64)> {
        let all = [
            (RecordKind::ActivityLog, self.activity_log),
            (RecordKind::KeyVaultAudit, self.key_vault_audit),
            (RecordKind::Other, self.other),
        ];
        all.into_iter().filter(|(_, count)| *count > 0)
    }
}
