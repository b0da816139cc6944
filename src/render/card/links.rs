//! The URLs of buttons and links: https, made of constants and percent-encoded ids. No URL is taken from an alert.

use super::case::Case;
use super::who::{Kind, Who};
use crate::resource_id::segment_after;

/// The longest name that goes into a URL; Azure's own have 90 characters at most.
const MAX_ID_CHARS: usize = 90;

/// The reference of a rule of this program; one from a message could lead anywhere.
pub(super) fn reference(reference: &str) -> Option<&str> {
    Some(reference).filter(|reference| reference.starts_with("https://"))
}

/// The identity's page in the Entra admin centre, if its object id is one. A page of users knows no service principal, so the kind
/// has to be known.
pub(super) fn identity_in_entra(who: &Who) -> Option<String> {
    let object_id = who.identity.object_id.as_deref().filter(|id| is_guid(id))?;
    let page = match who.kind {
        Kind::User => "Microsoft_AAD_UsersAndTenants/UserProfileMenuBlade/~/overview/userId",
        Kind::ServicePrincipal | Kind::ManagedIdentity => "Microsoft_AAD_IAM/ManagedAppMenuBlade/~/Overview/objectId",
        Kind::Unknown => return None,
    };
    Some(format!("https://entra.microsoft.com/#view/{page}/{object_id}"))
}

/// The page of a vault in the Azure portal, if the alert has the vault's whole resource id: of the vault that stands first on the card,
/// else of the first id.
pub(super) fn vault_in_portal(case: &Case<'_>) -> Option<String> {
    let first = case.objects.classes.iter().flat_map(|class| &class.objects).next().map(|object| object.vault.as_str());
    let is_first = |id: &&str| {
        segment_after(id, "vaults").zip(first).is_some_and(|(vault, first)| vault.eq_ignore_ascii_case(first))
    };
    let id = case.notice.resource_ids().find(is_first).or_else(|| case.notice.resource_ids().next())?;
    let name = |marker| segment_after(id, marker).filter(|name| !name.is_empty()).and_then(encoded);
    let (subscription, group, vault) = (name("subscriptions")?, name("resourceGroups")?, name("vaults")?);
    let of_accounts = case.notice.entities.account.iter().map(|account| &account.tenant_id);
    let mut tenants = [&case.notice.alert_context.tenant_id].into_iter().chain(of_accounts);
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

/// Whether a text is a GUID, which can do nothing in a URL or a shell.
pub(super) fn is_guid(text: &str) -> bool {
    let lengths = text.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12]) && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}
