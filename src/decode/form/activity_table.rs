//! A row of `AzureActivity`, the Activity Log's table in Log Analytics.

use super::columns::{Columns, Fields};
use super::{is_operation_name, is_status};
use crate::json::{Object, Value};

/// Columns that no other log has.
const OWN: &[&str] = &["OperationNameValue", "ActivityStatusValue", "CategoryValue", "ActivityStatus"];

pub(super) fn has_columns(columns: &Columns<'_, '_>) -> bool {
    columns.count(OWN) > 0
}

/// Writes the row in the hub's form. Of the columns that come twice, the ones whose names end in `Value` hold what the others show in some
/// language; `TenantId` is the workspace's, and the caller's tenant is in the claims.
pub(super) fn normal(columns: &Columns<'_, '_>) -> String {
    let mut fields = Fields::default();
    fields.add_json("operationName", operation_name(columns).as_deref());
    // The status of old rows has no other column; newer ones show it in some language there.
    let shown = || columns.get(&["ActivityStatus"]).filter(|status| is_status(status.raw()));
    fields.add("resultType", columns.get(&["ActivityStatusValue"]).or_else(shown));
    fields.add("resultSignature", columns.get(&["ActivitySubstatusValue", "ActivitySubstatus"]));
    fields.add("category", columns.get(&["CategoryValue", "Category"]));
    fields.add_times(columns);
    fields.add("resourceId", columns.get(&["_ResourceId", "ResourceId"]));
    let claims = columns.object_text(&["Claims", "Claims_d"]);
    let claimed = |name: &str| Some(Object::parse(claims.as_deref()?).ok()?.get(name)?.raw().to_owned());
    fields.add_json("callerIpAddress", columns.caller_address(claims.as_deref()).as_deref());
    let tenant = claimed("http://schemas.microsoft.com/identity/claims/tenantid").or_else(|| claimed("tid"));
    fields.add_json("tenantId", tenant.as_deref());
    fields.add_json("claims", claims.as_deref());
    fields.add_json("properties", columns.object_text(&["Properties", "Properties_d"]).as_deref());
    fields.add_json("authorization", columns.object_text(&["Authorization", "Authorization_d"]).as_deref());
    fields.add("correlationId", columns.get(&["CorrelationId"]));
    fields.add("caller", columns.get(&["Caller"]));
    fields.add("level", columns.get(&["Level"]));
    fields.into_text()
}

/// The operation's name: in old rows it stands in the column that shows it in some language today, and where that is all
/// there is, what was asked for is in `Authorization`. A name in some language is none.
fn operation_name(columns: &Columns<'_, '_>) -> Option<String> {
    let name = |column| columns.get(&[column]).map(Value::raw).filter(|json| is_operation_name(json));
    let named = name("OperationNameValue").or_else(|| name("OperationName")).map(str::to_owned);
    let action = || ["Authorization", "Authorization_d"].iter().find_map(|column| columns.member(column, &["action"]));
    named.or_else(action)
}
