//! The URLs of buttons and links: https, made of constants and percent-encoded ids. No URL is taken from an alert.

use super::notice::Notice;
use crate::resource_id::segment_after;
use crate::rules;
use crate::rules::metadata::Metadata;

/// The longest name that goes into a URL; Azure's own have 90 characters at most.
const MAX_ID_CHARS: usize = 90;

/// The reference of a rule that this program knows: one from a message could lead anywhere.
pub(super) fn reference(rule_id: &str) -> Option<String> {
    let mut known = rules::ALL.iter().filter_map(|logic| Metadata::at_build(logic.name));
    let reference = known.find(|metadata| metadata.id == rule_id)?.about.reference;
    Some(reference).filter(|reference| reference.starts_with("https://"))
}

/// The vault's page in the Azure portal, if the alert has the vault's whole resource id.
pub(super) fn vault_in_portal(notice: &Notice) -> Option<String> {
    let entities = &notice.entities;
    let id = entities.azure_resource.iter().map(|resource| &resource.resource_id).find(|id| !id.trim().is_empty())?;
    let name = |marker| segment_after(id, marker).filter(|name| !name.is_empty()).and_then(encoded);
    let (subscription, group, vault) = (name("subscriptions")?, name("resourceGroups")?, name("vaults")?);
    let of_accounts = entities.account.iter().map(|account| &account.tenant_id);
    let mut tenants = [&notice.alert_context.tenant_id].into_iter().chain(of_accounts);
    let tenant = tenants.find(|tenant| !tenant.trim().is_empty()).filter(|tenant| is_guid(tenant));
    let tenant = tenant.map_or_else(|| "#".to_owned(), |tenant| format!("#@{}", **tenant));
    Some(format!(
        "https://portal.azure.com/{tenant}/resource/subscriptions/{subscription}/resourceGroups/{group}\
         /providers/Microsoft.KeyVault/vaults/{vault}"
    ))
}

/// The page of an ATT&CK tactic (`TA0006`) or technique (`T1555.006`), and of nothing else.
pub(super) fn attack(id: &str) -> Option<String> {
    let digits = |text: &str, count| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = id.strip_prefix('T')?;
    let page = match (number.strip_prefix('A'), number.split_once('.')) {
        (Some(tactic), _) if digits(tactic, 4) => format!("tactics/{id}"),
        (None, None) if digits(number, 4) => format!("techniques/{id}"),
        (None, Some((technique, sub))) if digits(technique, 4) && digits(sub, 3) => {
            format!("techniques/T{technique}/{sub}")
        }
        _ => return None,
    };
    Some(format!("https://attack.mitre.org/{page}/"))
}

/// A name as a path segment; `None` if it is too long or would lead out of its place (`..`).
fn encoded(id: &str) -> Option<String> {
    if id.chars().count() > MAX_ID_CHARS || matches!(id, "." | "..") {
        return None;
    }
    Some(id.bytes().fold(String::new(), |mut out, byte| {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            other => out.push_str(&format!("%{other:02X}")),
        }
        out
    }))
}

fn is_guid(text: &str) -> bool {
    let lengths = text.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12]) && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}
