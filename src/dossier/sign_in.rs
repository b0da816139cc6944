//! Sign-in logs of the tenant, and the names that they have for ids.

use crate::decode::Record;
use crate::json::{Object, Value};

/// A record of a sign-in log.
#[derive(Debug)]
pub(super) struct SignIn {
    /// Ids with the names that people know.
    pub(super) names: Vec<(String, String)>,
    /// The program.
    pub(super) client: Option<String>,
    /// `0`, or why it failed.
    pub(super) outcome: String,
}

impl SignIn {
    /// Reads a record; `None` if it is of another log.
    pub(super) fn of(record: &Record<'_>) -> Option<Self> {
        let is_sign_in = |text: &str| text.to_ascii_lowercase().ends_with("signinlogs");
        let table = || record.get("Type").and_then(Value::as_str).is_some_and(|table| is_sign_in(&table));
        if !is_sign_in(&record.category()) && !table() {
            return None;
        }
        let properties = record.object_text("properties").unwrap_or_default();
        let properties = Object::parse(&properties).unwrap_or_default();
        let text = |name: &str| {
            let value = properties.get(name).or_else(|| record.get(name)).filter(|value| !value.is_blank())?;
            value.as_str().map(std::borrow::Cow::into_owned)
        };
        let names = [
            (text("userId"), text("userDisplayName")),
            (text("servicePrincipalId"), text("servicePrincipalName")),
            (text("appId"), text("appDisplayName").or_else(|| text("servicePrincipalName"))),
        ];
        Some(Self {
            names: names.into_iter().filter_map(|(id, name)| Some((id?.to_ascii_lowercase(), name?))).collect(),
            client: text("userAgent"),
            outcome: record
                .get("resultType")
                .map_or_else(String::new, |code| code.as_str().unwrap_or_else(|| code.raw().into()).into_owned()),
        })
    }
}
