//! What kind of log a record is from, and how many there are of each kind.

use std::fmt;

use serde::Serialize;

use super::Record;
use crate::json::Value;
use crate::source::Form;

/// The categories of the Activity Log, today's and the older ones.
const ACTIVITY_CATEGORIES: &[&str] = &[
    "Administrative",
    "Security",
    "ServiceHealth",
    "Alert",
    "Recommendation",
    "Policy",
    "Autoscale",
    "ResourceHealth",
    "Write",
    "Delete",
    "Action",
];

/// What the resource id of a vault holds, in any case.
const KEY_VAULT_PROVIDER: &[u8] = b"/Microsoft.KeyVault/";

/// A kind of log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RecordKind {
    /// The Azure Activity Log.
    ActivityLog,
    /// Key Vault's audit log, category AuditEvent.
    KeyVaultAudit,
    /// Everything else.
    Other,
}

impl RecordKind {
    /// Reads the kind off a record's category and resource.
    #[must_use]
    pub fn of(record: &Record<'_>) -> Self {
        let category = record.category();
        let is_activity = || ACTIVITY_CATEGORIES.iter().any(|known| category.eq_ignore_ascii_case(known));
        if category.eq_ignore_ascii_case("AuditEvent") {
            let resource_id = record.get("resourceId").and_then(Value::as_str).unwrap_or_default();
            let is_of_vault = resource_id.is_empty() || has_provider(resource_id.as_bytes());
            if is_of_vault {
                return Self::KeyVaultAudit;
            }
        }
        if is_activity() || record.marks().form.is_some_and(is_activity_form) { Self::ActivityLog } else { Self::Other }
    }
}

fn has_provider(resource_id: &[u8]) -> bool {
    let is_provider = |at| {
        resource_id
            .get(at..at + KEY_VAULT_PROVIDER.len())
            .is_some_and(|part| part.eq_ignore_ascii_case(KEY_VAULT_PROVIDER))
    };
    memchr::memchr_iter(b'/', resource_id).any(is_provider)
}

/// Whether a form is one of the Activity Log alone.
fn is_activity_form(form: Form) -> bool {
    matches!(form, Form::Rest | Form::PythonSdk | Form::PowerShell | Form::AzureActivity)
}

impl fmt::Display for RecordKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::ActivityLog => "Activity Log",
            Self::KeyVaultAudit => "Key Vault audit",
            Self::Other => "other",
        })
    }
}

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

    /// Counts what others have counted.
    pub fn add_all(&mut self, other: &Self) {
        self.activity_log += other.activity_log;
        self.key_vault_audit += other.key_vault_audit;
        self.other += other.other;
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
