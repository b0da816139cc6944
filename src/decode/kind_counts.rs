//! How many records there are of each kind.

use serde::Serialize;

use super::{Piece, RecordKind, read_body};

/// Records by kind; serialized with every kind, so that a query finds a number for each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KindCounts {
    activity_log: u64,
    key_vault_audit: u64,
    other: u64,
}

impl KindCounts {
    /// Counts the records of an event by decoding it.
    #[must_use]
    pub fn of(event: &[u8]) -> Self {
        let mut counts = Self::default();
        read_body(event, &mut |piece| {
            if let Piece::Record { record, .. } = piece {
                counts.add(RecordKind::of(&record), 1);
            }
        });
        counts
    }

    /// Counts more records of a kind.
    pub fn add(&mut self, kind: RecordKind, count: u64) {
        match kind {
            RecordKind::ActivityLog => self.activity_log += count,
            RecordKind::KeyVaultAudit => self.key_vault_audit += count,
            RecordKind::Other => self.other += count,
        }
    }

    /// Counts what others have counted.
    pub fn merge(&mut self, others: &Self) {
        for (kind, count) in others.each() {
            self.add(kind, count);
        }
    }

    /// The kinds of which there are records, each with its count.
    pub fn each(&self) -> impl Iterator<Item = (RecordKind, u64)> {
        let all = [
            (RecordKind::ActivityLog, self.activity_log),
            (RecordKind::KeyVaultAudit, self.key_vault_audit),
            (RecordKind::Other, self.other),
        ];
        all.into_iter().filter(|(_, count)| *count > 0)
    }
}
