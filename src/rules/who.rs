//! A caller's name for a title, and other names that senders choose: short, and of letters that cannot mislead.

use crate::facts::Identity;

/// The longest name in a title.
const MAX_CHARS: usize = 80;

/// Whom a title names: the user, else the managed identity, the application, the object, or the address.
pub(super) fn who(identity: &Identity) -> String {
    let resource =
        identity.managed_identity_resource.as_deref().and_then(|id| id.trim_end_matches('/').rsplit('/').next());
    let kinds = [
        identity.upn.as_deref().map(plain),
        resource.map(|name| format!("managed identity {}", plain(name))),
        identity.app_name().map(str::to_owned),
        identity.app_id.as_deref().map(|id| format!("application {}", plain(id))),
        identity.object_id.as_deref().map(|id| format!("object {}", plain(id))),
        identity.caller_address.as_deref().map(plain),
    ];
    kinds.into_iter().flatten().next().unwrap_or_else(|| "UNKNOWN".to_owned())
}

/// A name with `?` for brackets, quotes, white space and everything outside ASCII, which Azure does not allow in
/// names of vaults, objects and users: a name can then neither end its brackets nor look like another.
pub(super) fn plain(name: &str) -> String {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "._-@#:+/!$%&'~^".contains(c);
    let mut plain: String = name.chars().take(MAX_CHARS).map(|c| if allowed(c) { c } else { '?' }).collect();
    if name.chars().nth(MAX_CHARS).is_some() {
        plain.push('…');
    }
    plain
}
