//! What kind of log a record is from.

use std::fmt;

use super::Record;
use crate::json::Value;

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
        let is_of_vault = || {
            let resource_id = record.get("resourceId").and_then(Value::as_str).unwrap_or_default();
            resource_id.is_empty() || resource_id.to_ascii_uppercase().contains("/MICROSOFT.KEYVAULT/")
        };
        match Self::of_category(&record.category(), is_of_vault) {
            Self::Other if record.marks().rest_form => Self::ActivityLog,
            kind => kind,
        }
    }

    /// The kind of a category; `is_of_vault` says whether the resource is a vault, or nothing at all.
    pub(super) fn of_category(category: &str, is_of_vault: impl FnOnce() -> bool) -> Self {
        if category.eq_ignore_ascii_case("AuditEvent") {
            if is_of_vault() { Self::KeyVaultAudit } else { Self::Other }
        } else if ACTIVITY_CATEGORIES.iter().any(|known| category.eq_ignore_ascii_case(known)) {
            Self::ActivityLog
        } else {
            Self::Other
        }
    }
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
