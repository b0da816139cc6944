//! The URLs of buttons and links: https, made of constants and percent-encoded ids. No URL is taken from an alert.

use std::sync::LazyLock;

use super::notice::Notice;
use crate::resource_id::segment_after;
use crate::rules;
use crate::rules::metadata::Metadata;

/// The longest name that goes into a URL; Azure's own have 90 characters at most.
const MAX_ID_CHARS: usize = 90;

/// The references of this program's rules, by rule id: a reference from a message could lead anywhere.
static REFERENCES: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
    let known = rules::ALL.iter().filter_map(|logic| Metadata::at_build(logic.name));
    let pairs = known.map(|metadata| (metadata.id, metadata.about.reference));
    pairs.filter(|(_, reference)| reference.starts_with("https://")).collect()
});

/// The reference of a rule that this program knows.
pub(super) fn reference(rule_id: &str) -> Option<&'static str> {
    REFERENCES.iter().find(|(id, _)| id == rule_id).map(|(_, reference)| reference.as_str())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_real_attack_ids_have_a_page() {
        assert_eq!(attack("TA0006").as_deref(), Some("https://attack.mitre.org/tactics/TA0006/"));
        assert_eq!(attack("T1555").as_deref(), Some("https://attack.mitre.org/techniques/T1555/"));
        assert_eq!(attack("T1555.006").as_deref(), Some("https://attack.mitre.org/techniques/T1555/006/"));
        for id in ["", "T", "TA", "T15", "T1555.", "T1555.6", "T1555/../x", "TA0006/", "t1555", "T1555.006.1"] {
            assert_eq!(attack(id), None, "{id}");
        }
    }

    #[test]
    fn an_id_cannot_leave_its_place_in_an_address() {
        assert_eq!(encoded("rg web/?#@%é").as_deref(), Some("rg%20web%2F%3F%23%40%25%C3%A9"));
        assert_eq!(encoded(".."), None);
        assert_eq!(encoded(&"a".repeat(91)), None);
    }

    #[test]
    fn every_rule_of_this_program_has_a_reference() {
        assert_eq!(REFERENCES.len(), rules::ALL.len());
    }
}
