//! Records in other forms than the hub's own, written again in that one: rules, facts and alerts then know a single form.
//!
//! The record itself stays as it came, and is what an alert shows; this text is what is read of it.

mod activity;
mod activity_table;
mod audit_table;
mod columns;
mod diagnostics_table;
mod nested;

use crate::json::{Kind, Object, Value, embedded_object};
use crate::source::Form;
use columns::Columns;

/// A record's form, and its text in the form in which Azure Monitor writes to a hub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NormalForm {
    /// The form in which the record came.
    pub form: Form,
    /// What is known of it, as one JSON object in the hub's form.
    pub text: String,
}

impl NormalForm {
    /// Writes a record again that is not in the hub's form; `None` if it is, or if its form is not known.
    #[must_use]
    pub fn of(object: &Object<'_>) -> Option<Self> {
        if is_of_hub(object) {
            return None;
        }
        let columns = Columns::of(object);
        let form = form_of(&columns)?;
        let text = match form {
            Form::Rest | Form::PythonSdk | Form::PowerShell => activity::normal(&columns),
            Form::AzureActivity => activity_table::normal(&columns),
            Form::AzkvAuditLogs => audit_table::normal(&columns),
            Form::AzureDiagnostics => diagnostics_table::normal(&columns),
            Form::Forwarded => forwarded(&columns),
            Form::Flattened => nested::normal(&columns),
        };
        Some(Self { form, text })
    }
}

/// The tables of Log Analytics by their names.
const TABLES: &[(&str, Form)] = &[
    ("AzureDiagnostics", Form::AzureDiagnostics),
    ("AzureActivity", Form::AzureActivity),
    ("AZKVAuditLogs", Form::AzkvAuditLogs),
];

/// Whether the fields by which the hub's form is known are there, as nearly every record has them: in one pass, because this
/// is asked of each record.
pub(super) fn is_of_hub(object: &Object<'_>) -> bool {
    let [mut has_operation, mut has_resource, mut has_time, mut has_details] = [false; 4];
    for (name, value) in object.fields() {
        match name {
            "operationName" => has_operation = value.kind() == Kind::String,
            "resourceId" => has_resource = true,
            "time" | "resultType" => has_time = true,
            "properties" | "identity" => has_details = true,
            _ => {}
        }
    }
    has_operation && has_resource && has_time && has_details
}

/// Recognizes a form by several of its columns, since any one of them may be missing, and some are in other logs, too.
fn form_of(columns: &Columns<'_, '_>) -> Option<Form> {
    let table = columns.text("Type").unwrap_or_default();
    // A custom table's name, such as `AZKVAuditLogs_CL`, begins with it.
    let is_table = |name: &str| table.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
    if let Some((_, form)) = TABLES.iter().find(|(name, _)| is_table(name)) {
        Some(*form)
    } else if diagnostics_table::has_columns(columns) {
        Some(Form::AzureDiagnostics)
    } else if activity_table::has_columns(columns) {
        Some(Form::AzureActivity)
    } else if audit_table::has_columns(columns) {
        Some(Form::AzkvAuditLogs)
    } else if let Some(form) = activity::form_of(columns) {
        Some(form)
    } else if columns.get(&["_ResourceId"]).is_some() && columns.get(&["resourceId"]).is_none() {
        Some(Form::Forwarded)
    } else if nested::has_columns(columns) {
        Some(Form::Flattened)
    } else {
        None
    }
}

/// The record as it is, with its resource id under the hub's name.
fn forwarded(columns: &Columns<'_, '_>) -> String {
    let mut fields = columns::Fields::default();
    fields.add("resourceId", columns.get(&["_ResourceId"]));
    columns.object().fields().for_each(|(name, value)| fields.add(name, Some(value)));
    fields.into_text()
}

/// The JSON text of an object's `value`, or of the value itself where it is no object: `{"value":"Administrative"}`.
fn value_of(value: Value<'_>) -> Option<String> {
    match embedded_object(value) {
        Some(object) => Some(Object::parse(&object).ok()?.get("value")?.raw().to_owned()),
        None => Some(value.raw().to_owned()),
    }
}

/// Whether the text of a value may be the name of an operation of the Activity Log, and not what a portal shows for it in some
/// language.
fn is_operation_name(json: &str) -> bool {
    !json.starts_with('"') || json.contains('/')
}

/// What the Activity Log writes as a status; anything else is what a portal shows for it in some language.
const STATUSES: &[&str] = &[
    "Success",
    "Succeeded",
    "Failure",
    "Failed",
    "Start",
    "Started",
    "Accept",
    "Accepted",
    "Active",
    "Resolved",
    "Updated",
    "InProgress",
    "In Progress",
];

/// Whether the text of a value may be a status of the Activity Log; one that is no word is left for others to judge.
fn is_status(json: &str) -> bool {
    let word = json.trim_matches('"');
    !word.starts_with(char::is_alphabetic) || STATUSES.iter().any(|status| status.eq_ignore_ascii_case(word))
}
