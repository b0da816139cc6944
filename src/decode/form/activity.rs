//! The Activity Log as its REST API lists it, and as the Python SDK and PowerShell spell the same.

use std::borrow::Cow;

use super::columns::{Columns, Fields};
use super::{is_operation_name, is_status, value_of};
use crate::json::{Object, embedded_object};
use crate::source::Form;

/// Recognizes the form by the name of the operation: an object with the name as `value`, or beside a `status` instead of a
/// `resultType`.
pub(super) fn form_of(columns: &Columns<'_, '_>) -> Option<Form> {
    let operation_name = columns.get(&["operationName"])?;
    let name = value_of(operation_name).filter(|name| name.starts_with('"'))?;
    let is_listed = embedded_object(operation_name).is_some();
    // A name in some language is told from another log's by what was asked for beside it.
    let is_named = name.contains('/') || columns.member("authorization", &["action"]).is_some();
    let is_flat = is_named && columns.get(&["status"]).is_some() && columns.get(&["resultType"]).is_none();
    if !is_listed && !is_flat {
        return None;
    }
    let has = |name| columns.object().exact(name).is_some();
    Some(if has("operation_name") {
        Form::PythonSdk
    } else if has("OperationName") {
        Form::PowerShell
    } else {
        Form::Rest
    })
}

/// Writes the record in the hub's form. What has the hub's name already stays under it.
pub(super) fn normal(columns: &Columns<'_, '_>) -> String {
    let mut fields = Fields::default();
    let value = |name| columns.get(&[name]).and_then(value_of);
    let action = columns.member("authorization", &["action"]);
    let operation_name = value("operationName").filter(|name| is_operation_name(name)).or(action);
    fields.add_json("operationName", operation_name.as_deref());
    let status = || value("status").filter(|status| is_status(status));
    fields.add_json("resultType", value("resultType").or_else(status).as_deref());
    fields.add_json("resultSignature", value("resultSignature").or_else(|| value("subStatus")).as_deref());
    fields.add_json("category", value("category").as_deref());
    fields.add_times(columns);
    fields.add("resourceId", columns.get(&["resourceId", "_ResourceId", "resourceUri"]));
    let claims = columns.object_text(&["claims"]).map(content);
    fields.add_json("callerIpAddress", columns.caller_address(claims.as_deref()).as_deref());
    fields.add_json("claims", claims.as_deref());
    let properties = columns.object_text(&["properties"]).map(content);
    fields.add_json("properties", properties.as_deref());
    for name in ["caller", "correlationId", "tenantId", "level", "location", "identity", "authorization"] {
        fields.add(name, columns.get(&[name]));
    }
    fields.into_text()
}

/// What PowerShell wraps in `Content`.
fn content(text: Cow<'_, str>) -> String {
    let object = Object::parse(&text).unwrap_or_default();
    let content = object.get("Content").filter(|_| object.fields().count() == 1);
    let content = content.and_then(embedded_object).map(Cow::into_owned);
    content.unwrap_or_else(|| text.into_owned())
}
