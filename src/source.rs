//! Where a record came from, and what was done to its bytes.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// The place of one event: in a hub's partition, or in a file; null where it is not known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    /// The hub's partition.
    pub partition_id: Option<String>,
    /// The event's number in its partition.
    pub sequence_number: Option<i64>,
    /// The event's offset in its partition.
    pub offset: Option<String>,
    /// When the hub took the event, RFC 3339 UTC.
    pub enqueued_time: Option<String>,
    /// The file, in `replay` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<Arc<str>>,
    /// The line in the file, from 1, in `replay` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
}

impl Place {
    /// A line of a file, from 1.
    #[must_use]
    pub fn in_file(name: impl Into<Arc<str>>, line: usize) -> Self {
        Self { file: Some(name.into()), line: Some(line), ..Self::default() }
    }
}

/// The place of one record: its event's place, and its number in the event.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Source {
    /// The event's place.
    #[serde(flatten)]
    pub place: Place,
    /// The record's number in the event, from 0; null where the whole event is meant.
    pub record_index: Option<usize>,
    /// What was done to the record's bytes before it could be read.
    #[serde(flatten)]
    pub marks: Marks,
    /// Where the same record stands as well, byte for byte but for white space; in `replay` only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also_at: Vec<Place>,
}

/// What was done to a record's bytes before it could be read; empty for nearly every record.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Marks {
    /// Bytes that are not UTF-8 were replaced by U+FFFD.
    #[serde(skip_serializing_if = "is_false")]
    pub invalid_utf8: bool,
    /// Surrogate escapes without a partner were replaced by `\ufffd`.
    #[serde(skip_serializing_if = "is_false")]
    pub lone_surrogates: bool,
    /// The record was cut out of an event that is not valid JSON as a whole.
    #[serde(skip_serializing_if = "is_false")]
    pub salvaged: bool,
    /// The form of the record, where it is not the one in which Azure Monitor writes to a hub.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub form: Option<Form>,
}

/// A form in which people hold records that Azure Monitor did not write into their hub itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Form {
    /// The Activity Log as its REST API lists it, and `az monitor activity-log list` and the portal's JSON after it.
    #[serde(rename = "REST")]
    Rest,
    /// The same, as the Python SDK names its fields.
    #[serde(rename = "Python SDK")]
    PythonSdk,
    /// The same, as `Get-AzActivityLog | ConvertTo-Json` writes it.
    PowerShell,
    /// A row of Key Vault's table in Log Analytics.
    #[serde(rename = "AZKVAuditLogs")]
    AzkvAuditLogs,
    /// A row of the older table, whose columns are flattened.
    AzureDiagnostics,
    /// A row of the Activity Log's table.
    AzureActivity,
    /// A hub's record whose resource id was renamed to a table's `_ResourceId`.
    #[serde(rename = "forwarded")]
    Forwarded,
    /// A hub's record whose members were flattened into dotted names.
    #[serde(rename = "flattened")]
    Flattened,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_false(mark: &bool) -> bool {
    !*mark
}
