//! Whom a title names, and that no name can mislead.

use std::sync::Arc;

use certificate_accessed::decode::Record;
use certificate_accessed::facts::{Caller, Facts, Identity, VaultAccess};
use certificate_accessed::rules::{Rule, by_name, panther};

/// A caller as the title of a dump names it.
fn who(identity: &Identity) -> String {
    let rule = Rule::load(by_name("CertificateDump").unwrap()).unwrap();
    let access = Arc::new(VaultAccess::default());
    let caller = Caller { identity: Arc::new(identity.clone()), key: identity.key().into() };
    let facts = Facts::known(Record::parse("{}").unwrap(), caller, access);
    let title = panther::title(&rule, &facts);
    let named = title.strip_prefix("Key Vault certificates and secrets dumped by [");
    named.and_then(|name| name.strip_suffix(']')).expect("a caller in brackets").to_owned()
}

/// A user's name as a title has it.
fn plain(name: &str) -> String {
    who(&Identity { upn: Some(name.to_owned()), ..Identity::default() })
}

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
