//! An entry that is ready to be pasted into a list of expected access.

use jiff::civil::Date;

use crate::facts::Identity;
use crate::json::quoted;

/// An entry on one line, for a rule by its name in `RULES`: this identity, by its object id, else its application's, else its
/// address, until the end of a day. `None` if nothing says who it is.
#[must_use]
pub fn ready_entry(rule: &str, identity: &Identity, until: Date) -> Option<String> {
    let by = |list, id: &Option<String>| id.as_deref().map(|id| format!("{list}: [{}]", quoted(id)));
    let who = by("objectIds", &identity.object_id)
        .or_else(|| by("appIds", &identity.app_id))
        .or_else(|| by("networks", &identity.caller_address))?;
    Some(format!("- {{rules: [{rule}], {who}, until: {until}, reason: \"say why it is expected\"}}"))
}
