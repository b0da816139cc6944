//! A caller's name for a title, and other names that senders choose: short, and of letters that cannot mislead.

use crate::facts::{Identity, known_applications};

/// The longest name in a title.
const MAX_CHARS: usize = 80;

/// Whom a title names: the user, else the managed identity, the application, the object, or the address.
pub(super) fn who(identity: &Identity) -> String {
    let resource =
        identity.managed_identity_resource.as_deref().and_then(|id| id.trim_end_matches('/').rsplit('/').next());
    let application = identity.app_id.as_deref();
    let label = application.and_then(known_applications::label).map(str::to_owned);
    let kinds = [
        identity.upn.as_deref().map(plain),
        resource.map(|name| format!("managed identity {}", plain(name))),
        label,
        application.map(|id| format!("application {}", plain(id))),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_known_name_is_told() {
        let cli = Some("04b07795-8ddb-461a-bbee-02f9e1bf7b46".to_owned());
        let address = Some("192.0.2.7".to_owned());
        let user = Identity { upn: Some("ada@example.com".to_owned()), app_id: cli.clone(), ..Identity::default() };
        let site = Some("/subscriptions/s/providers/Microsoft.Web/sites/shop/".to_owned());
        let managed = Identity { managed_identity_resource: site, app_id: cli.clone(), ..Identity::default() };
        let tool = Identity { app_id: cli, caller_address: address.clone(), ..Identity::default() };
        let other = Identity { app_id: Some("a-1".to_owned()), ..Identity::default() };
        let stranger = Identity { caller_address: address, ..Identity::default() };

        let names = [&user, &managed, &tool, &other, &stranger, &Identity::default()].map(who);

        assert_eq!(
            names,
            ["ada@example.com", "managed identity shop", "Azure CLI", "application a-1", "192.0.2.7", "UNKNOWN"]
        );
    }

    #[test]
    fn no_name_ends_its_brackets_or_hides_in_a_title() {
        assert_eq!(plain("a] by [root@example.com"), "a??by??root@example.com");
        assert_eq!(plain("a\u{202e}b\nc\u{1b}d"), "a?b?c?d");
        assert_eq!(plain(&"x".repeat(81)), "x".repeat(80) + "…");
    }
}
